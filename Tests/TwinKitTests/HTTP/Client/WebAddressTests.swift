import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct WebAddressTests {
    @Test func `an address is taken apart`() throws {
        let address = try WebAddress("  HTTPS://WWW.Example.org:8443/a%20b/c?x=1&y=a+b&x=2#part\n")
        #expect(address.scheme == "https")
        #expect(address.host == "www.example.org")
        #expect(address.port == 8443)
        #expect(address.pathSegments == ["a b", "c"])
        #expect(address.queryValues("x") == ["1", "2"])
        #expect(address.queryValues("y") == ["a b"])
        #expect(address.description == "https://www.example.org:8443/a%20b/c?x=1&y=a+b&x=2")
        #expect(try WebAddress("http://example.org").description == "http://example.org/")
        #expect(try WebAddress("http://example.org?q").description == "http://example.org/?q")
        #expect(try WebAddress("http://[2001:DB8::1]:80/").host == "[2001:db8::1]")
    }

    @Test func `what a browser would encode is encoded`() throws {
        #expect(
            try WebAddress("http://example.org/ä b\\c?q=é|x").description == "http://example.org/%C3%A4%20b%5Cc?q=%C3%A9%7Cx"
        )
        #expect(WebAddress.percentEncoded("a b/c&d=é~") == "a%20b%2Fc%26d%3D%C3%A9~")
    }

    @Test(arguments: [
        "", "example.org", "//example.org/", "http:/example.org", "http:///path", "http://:80/", "http://exa mple.org/",
        "http://example.org:0/", "http://example.org:65536/", "http://example.org:8a/", "http://example.org\\@evil.org/",
        "http://[::1/", "http://[127.0.0.1]/", "http://[::1]x/", "http://a\u{0}b/", "http://example.org/\r\nX: y",
        "http://a:b:c/",
        "http://example.org%2f/", "http://[fe80::1%25eth0]/",
    ])
    func `what is not an address is refused`(text: String) {
        #expect(throws: HTTPClientError.self) { try WebAddress(text) }
    }

    @Test(arguments: ["ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "gopher://x/", "data:text/plain,x"])
    func `another scheme is refused as such`(text: String) {
        #expect(throws: HTTPClientError.unsupportedScheme(String(text.prefix { $0 != ":" }))) { try WebAddress(text) }
    }

    @Test(arguments: ["http://user@example.org/", "http://user:word@example.org/", "http://@example.org/", "http://a@b@c/"])
    func `credentials in an address are refused`(text: String) {
        #expect(throws: HTTPClientError.credentialsInAddress) { try WebAddress(text) }
    }

    @Test func `an address that is too long is refused`() {
        let text = "http://example.org/" + String(repeating: "a", count: WebAddress.maximumLength)
        #expect(throws: HTTPClientError.self) { try WebAddress(text) }
    }

    @Test func `random text never gives an address with credentials, spaces or control characters`() {
        let letters = Array("http://a.b@:[]?#%\\/ 1é\n\u{7F}".unicodeScalars)
        var generator = TestRandom()
        for _ in 0..<20_000 {
            var text = "http://"
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                text.unicodeScalars.append(letters[Int.random(in: 0..<letters.count, using: &generator)])
            }
            guard let address = try? WebAddress(text) else { continue }
            #expect(!address.origin.contains("@"), "\(text)")
            #expect(!address.host.isEmpty)
            #expect(
                address.description.dropFirst(address.origin.count).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(text)")
            // What is written reads the same again.
            #expect((try? WebAddress(address.description)) == address, "\(text)")
        }
    }

    @Test func `an origin is scheme, host and port`() throws {
        let address = try WebAddress("http://example.org/a")
        #expect(try address.hasSameOrigin(as: WebAddress("http://EXAMPLE.org:80/b")))
        #expect(try !address.hasSameOrigin(as: WebAddress("https://example.org/a")))
        #expect(try !address.hasSameOrigin(as: WebAddress("http://example.org:81/a")))
        #expect(try !address.hasSameOrigin(as: WebAddress("http://www.example.org/a")))
    }
}
