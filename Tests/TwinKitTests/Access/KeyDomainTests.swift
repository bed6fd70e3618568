import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct KeyDomainTests {
    @Test func `a domain is stored as browsers name it`() throws {
        for (text, stored) in [
            ("example.org", "example.org"), (" Example.ORG. ", "example.org"), ("*", "*"), ("*.Example.org", "*.example.org"),
            ("https://example.org", "example.org"), ("http://example.org:8080/", "example.org"), ("localhost:3000", "localhost"),
            ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"), ("[2001:DB8:0:0::1]:80", "[2001:db8::1]"),
            // RFC 3492's own forms.
            ("bücher.example", "xn--bcher-kva.example"), ("*.MÜNCHEN.de", "*.xn--mnchen-3ya.de"),
            ("他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"), ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("straße.de", "xn--strae-oqa.de"), ("例え。jp", "xn--r8jz45g.jp"),
            ("my_site.example", "my_site.example"),
        ] { #expect(try KeyDomain(text).description == stored, "\(text)") }
        // One name in two spellings is one name.
        #expect(try KeyDomain("bu\u{308}cher.example").description == "xn--bcher-kva.example")
    }

    @Test func `a domain that no page can have is refused`() {
        for text in [
            "", " ", "a, b", "a b", "a;b", ".a.example", "*a.example", "a.*.example", "**.example", "*.", "*.*", "a..example",
            "-a.example", "a-.example", "https://", "user@example.org", "example.org?x", "exam\u{0}ple.org", "1.2.3", "1.2.3.4.5",
            "256.1.1.1", "*.1.2.3.4", "*.[::1]", "[::1", "[x]", "exa mple", "a\\b", "example.org#x",
            String(repeating: "a", count: 64) + ".org",
            String(repeating: "a.", count: 127) + "org", "💥.example", "null", "a\u{200B}b.example",
        ] { #expect(failure { _ = try KeyDomain(text) } == .invalid, "\(text.debugDescription)") }
    }

    @Test func `an international domain lets its pages in, however they are written`() throws {
        let fixture = try TwinFixture()
        let (key, _) = try KeyStore(database: fixture.database).create("site", domains: ["*.bücher.example", "BÜCHER.example"])
        #expect(key.allowedDomains == ["*.xn--bcher-kva.example", "xn--bcher-kva.example"])
        for origin in ["https://xn--bcher-kva.example", "https://shop.xn--bcher-kva.example", "https://bücher.example"] {
            #expect(key.allows(origin: origin), "\(origin)")
        }
        for origin in ["https://bucher.example", "https://xn--bcher-kva.example.evil.example", nil] {
            #expect(!key.allows(origin: origin), "\(origin ?? "none")")
        }
    }

    @Test func `that every site may use a key is said`() throws {
        let store = KeyStore(database: try TwinFixture().database)
        #expect(try store.create("open").key.warning?.contains("every site") == true)
        #expect(try store.create("star", domains: ["*"]).key.warning != nil)
        #expect(try store.create("site", domains: ["example.org"]).key.warning == nil)
    }

    @Test func `names of any bytes end in a name or in none`() {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<3_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int(next() % 12) {
                if let scalar = Unicode.Scalar(UInt32(next() % 0x3000)) { scalars.append(scalar) }
            }
            guard let ascii = InternationalName.ascii(String(scalars)) else { continue }
            #expect(ascii.utf8.allSatisfy { $0 < 0x80 } && InternationalName.ascii(ascii) == ascii)
        }
    }
}
