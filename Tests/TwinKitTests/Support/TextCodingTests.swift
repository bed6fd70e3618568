import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct TextCodingTests {
    // RFC 4648 section 10.
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"),
        ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ])
    func `the published examples are written and read`(text: String, base64: String, hex: String) {
        let bytes = Array(text.utf8)
        #expect(Base64.standard.encode(bytes) == base64)
        #expect(Base64.standard.decode(base64) == bytes)
        #expect(Base64.url.encode(bytes) == String(base64.prefix { $0 != "=" }))
        #expect(Hex.encode(bytes) == hex)
        #expect(Hex.decode(hex.uppercased()) == bytes)
    }

    @Test(arguments: ["Zg=", "Zg", "Z", "Zg===", "====", "=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zm9-", "Zg==Zg==", "é==="])
    func `text that is not standard base 64 is refused`(text: String) { #expect(Base64.standard.decode(text) == nil) }

    @Test(arguments: ["Zg==", "Z", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v "])
    func `text that is not URL base 64 is refused`(text: String) { #expect(Base64.url.decode(text) == nil) }

    @Test(arguments: ["0", "0g", "é0", " 00", "0x"])
    func `text that is not hexadecimal is refused`(text: String) { #expect(Hex.decode(text) == nil) }

    @Test func `random bytes survive a round trip in every coding`() {
        var generator = TestRandom()
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
            #expect(Base64.standard.decode(Base64.standard.encode(bytes)) == bytes)
            #expect(Base64.url.decode(Base64.url.encode(bytes)) == bytes)
        }
    }
}
