import Testing
import TwinHTTP
import TwinReaders
import TwinSupport

@testable import TwinKit

@Suite struct MailMessageTests {
    private func message(subject: String, text: String, name: String? = nil) -> MailMessage {
        MailMessage(
            from: Mailbox(address: "twin@example.org", name: name), to: Mailbox(address: "ada@example.org"), subject: subject,
            text: text, date: Timestamp(milliseconds: 1_795_686_245_000), id: "1@example.org")
    }

    private func lines(of text: String) -> [Substring] {
        text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// What readers of mail must never get wrong, whatever a question or a name holds: the fields, and the text.
    @Test func `any subject, name and text arrive as they were, in lines that every server takes`() throws {
        var random = SeededRandom(seed: 11)
        let alphabet = "ab c=?_\"\\<>,.:;-äöß漢字🎈é\t\u{202E}'".map { String($0) } + ["\r", "\n", "\u{0}", "=?utf-8?B?eA==?="]
        for _ in 0..<400 {
            func some(_ count: Int) -> String {
                (0..<Int.random(in: 0...count, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }.joined()
            }
            let (subject, name, text) = (some(60), some(30), "Begins. " + some(400))
            let bytes = message(subject: subject, text: text, name: name).bytes
            let raw = String(decoding: bytes, as: UTF8.self)
            #expect(!raw.replacing("\r\n", with: "").utf8.contains { $0 == 0x0D || $0 == 0x0A })
            #expect(raw.utf8.allSatisfy { $0 < 0x80 })
            let lines = self.lines(of: raw)
            #expect(lines.allSatisfy { $0.utf8.count <= 78 })
            let end = try #require(lines.firstIndex(of: ""))
            let fields = lines[..<end].filter { !$0.hasPrefix(" ") }.map { String($0.prefix { $0 != ":" }) }
            #expect(
                fields == [
                    "Date", "From", "To", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type",
                    "Content-Transfer-Encoding",
                ])
            let found = try read(raw, "letter.eml")
            let wanted = MailMessage.oneLine(subject)
            if !wanted.isEmpty { #expect(found.title?.trimmed == wanted, "\(wanted.debugDescription)") }
        }
    }

    @Test func `the text of a letter is read back to the letter`() throws {
        let text =
            "Zwölf Boote = 12.\n\n- https://twin.example.org/auth/reset-password/" + String(repeating: "k", count: 80)
            + "\n- trailing space \n.\nA line that begins with a dot above."
        let body = MailMessage.quotedPrintable(text)
        #expect(lines(of: body).allSatisfy { $0.utf8.count <= 76 })
        #expect(decoded(body) == text + "\n")
    }

    /// RFC 2045 section 6.7, the other way.
    private func decoded(_ text: String) -> String {
        let soft = text.replacing("=\r\n", with: "").replacing("\r\n", with: "\n")
        var bytes: [UInt8] = []
        var rest = Array(soft.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `dates are those of RFC 5322`() {
        let dates = [
            "2026-11-26T09:30:05Z": "Thu, 26 Nov 2026 09:30:05 +0000", "2000-02-29T00:00:00Z": "Tue, 29 Feb 2000 00:00:00 +0000",
            "1970-01-01T00:00:00Z": "Thu, 1 Jan 1970 00:00:00 +0000", "2027-01-03T23:59:59Z": "Sun, 3 Jan 2027 23:59:59 +0000",
        ]
        for (time, date) in dates { #expect(Timestamp(time).map(MailMessage.date) == date) }
    }

    @Test(arguments: [
        ("smtps://mail.example.org", "smtps://mail.example.org:465", nil as String?),
        ("smtp://mail.example.org/", "smtp://mail.example.org:587", nil),
        ("SMTP://127.0.0.1:2525", "smtp://127.0.0.1:2525", nil),
        ("smtps://ada@example.org@mail.example.org:1465", "smtps://mail.example.org:1465", "ada@example.org"),
        ("smtp://twin@[::1]:25", "smtp://[::1]:25", "twin"),
    ])
    func `a mail server is read from its URL`(url: String, address: String, user: String?) throws {
        let server = try MailServer(url)
        #expect(server.address == address)
        #expect(server.user == user)
    }

    @Test(arguments: [
        "", "mail.example.org", "https://mail.example.org", "smtp://", "smtp://user:secret@mail.example.org", "smtp://@host",
        "smtp://mail.example.org/path", "smtp://mail.example.org?x", "smtp://host:99999", "smtp://a b@host", "smtp://ho st",
        "smtp://x\r\nDATA@host",
    ])
    func `anything else is refused without its password`(url: String) {
        #expect {
            _ = try MailServer(url)
        } throws: { error in
            (error as? TwinError)?.kind == .invalid && !"\(error)".contains("secret")
        }
    }
}
