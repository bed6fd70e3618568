import Glibc
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct SecretTests {
    private struct Holder { var key: Secret }

    @Test func `a secret is redacted however it is printed`() {
        let secret = Secret("sk-very-secret")
        var dumped = ""
        dump(Holder(key: secret), to: &dumped)
        for text in ["\(secret)", secret.debugDescription, String(reflecting: Holder(key: secret)), dumped, "\([secret])"] {
            #expect(!text.contains("very"))
            #expect(text.contains("redacted"))
        }
        #expect(secret.reveal() == "sk-very-secret")
        #expect(secret.redact("wrong key sk-very-secret!") == "wrong key [redacted]!")
        #expect(Secret("").redact("some words") == "some words")
    }

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        var path = Array("\(temporaryFolder)/secret-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(descriptor >= 0)
        #expect(bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == bytes.count)
        close(descriptor)
        defer { unlink(name) }
        try body(name)
    }

    private var temporaryFolder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    @Test func `a key file is read without the white space around the key`() throws {
        try withFile(Array(" sk-1 2\r\n".utf8)) { path in
            let secret = try SecretSource.file(path).read()
            #expect(secret.reveal() == "sk-1 2")
        }
    }

    @Test(arguments: [
        [], Array(" \n".utf8), Array("two\nlines".utf8), [0x73, 0xFF, 0x6B], Array("a\u{0}b".utf8),
    ])
    func `a file without a key is refused by name and not by content`(bytes: [UInt8]) throws {
        try withFile(bytes) { path in
            let error = #expect(throws: TwinError.self) { try SecretSource.file(path).read() }
            #expect(error?.kind == .notConfigured)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("lines\n") == false)
        }
    }

    @Test func `a file too large to be a key is refused`() throws {
        try withFile([UInt8](repeating: 0x61, count: 70_000)) { path in
            #expect(throws: TwinError.self) { try SecretSource.file(path).read() }
        }
    }

    @Test func `a missing file and a missing variable are named`() {
        let file = #expect(throws: TwinError.self) { try SecretSource.file("/nowhere/key").read() }
        #expect(file?.message.contains("/nowhere/key") == true)
        let variable = #expect(throws: TwinError.self) { try SecretSource.environment("TWIN_TEST_NO_SUCH_KEY").read() }
        #expect(variable?.message.contains("TWIN_TEST_NO_SUCH_KEY") == true)
    }

    @Test func `a variable is read`() throws {
        #expect(try !SecretSource.environment("PATH").read().reveal().isEmpty)
    }
}
