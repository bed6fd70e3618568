import TwinSupport

/// A letter in plain text as it goes over the wire (RFC 5322, MIME in RFC 2045 and 2047). Whatever the texts hold, they add no
/// field: control characters of a field become spaces.
struct MailMessage {
    var from: Mailbox
    var to: Mailbox
    var subject: String
    /// Lines ended by LF.
    var text: String
    var date: Timestamp
    /// Without angle brackets. The same letter, sent again because nobody knows whether it arrived, has the same.
    var id: String

    /// Lines are ended by CRLF and have at most 78 characters of ASCII.
    var bytes: [UInt8] {
        let fields = [
            "Date: \(Self.date(date))",
            "From: \(from.field)",
            "To: \(to.field)",
            "Message-ID: <\(id)>",
            Self.unstructured("Subject", subject),
            // No machine answers it (RFC 3834 section 5).
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
        ]
        return Array((fields.joined(separator: "\r\n") + "\r\n\r\n" + Self.quotedPrintable(text)).utf8)
    }

    /// A field whose text may be any; what is not plain ASCII or too long becomes encoded words (RFC 2047).
    static func unstructured(_ name: String, _ text: String) -> String {
        let text = oneLine(text)
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
        if isPlain, name.utf8.count + 2 + text.utf8.count <= 78 { return "\(name): \(text)" }
        return "\(name): " + encodedWords(text).joined(separator: "\r\n ")
    }

    /// The text in words of 64 characters at most, none of which parts a character: with the name of its field a line has not more
    /// than 76 (RFC 2047 section 2).
    static func encodedWords(_ text: String) -> [String] {
        var words: [String] = []
        var piece: [UInt8] = []
        for character in text.unicodeScalars {
            let bytes = Array(String(character).utf8)
            if piece.count + bytes.count > 39 {
                words.append(encoded(piece))
                piece = []
            }
            piece += bytes
        }
        if !piece.isEmpty || words.isEmpty { words.append(encoded(piece)) }
        return words
    }

    private static func encoded(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Base64.standard.encode(bytes))?=" }

    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })).trimmed
    }

    /// RFC 2045 section 6.7.
    static func quotedPrintable(_ text: String) -> String {
        var lines: [String] = []
        // By bytes: CR and LF together are one character of Swift.
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            var pieces: [String] = []
            for byte in line where byte != 0x0D {
                let isPlain = byte == 0x20 || byte == 0x09 || (byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "="))
                pieces.append(isPlain ? String(UnicodeScalar(byte)) : "=\(Hex.encode([byte]).uppercased())")
            }
            // Space at the end of a line is lost on the way.
            if let last = pieces.last, last == " " || last == "\t" { pieces[pieces.count - 1] = last == " " ? "=20" : "=09" }
            var current = ""
            for piece in pieces {
                if current.utf8.count + piece.utf8.count > 75 {
                    lines.append(current + "=")
                    current = ""
                }
                current += piece
            }
            lines.append(current)
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// As `Thu, 26 Nov 2026 09:30:00 +0000`.
    static func date(_ time: Timestamp) -> String {
        let text = time.description
        let numbers = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard numbers.count == 3, months.indices.contains(numbers[1] - 1) else { return text }
        // The first of January 1970 was a Thursday.
        let day = Int((time.milliseconds / 86_400_000 + 4) % 7)
        return
            "\(days[(day + 7) % 7]), \(numbers[2]) \(months[numbers[1] - 1]) \(numbers[0]) \(text.dropFirst(11).prefix(8)) +0000"
    }
}

/// An address with the name that is shown for it.
package struct Mailbox: Sendable, Equatable {
    package var address: String
    package var name: String?

    package init(address: String, name: String? = nil) {
        self.address = address
        self.name = name
    }

    /// Takes `ada@example.org` or `Ada Lovelace <ada@example.org>`. Throws `TwinError` (`invalid`) for anything else.
    package init(_ text: String) throws {
        let text = text.trimmed
        if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
            address = try EmailAddress.checked(String(text[text.index(after: open)...].dropLast()))
            let name = MailMessage.oneLine(String(text[..<open])).trimming { $0 == "\"" }
            self.name = name.isEmpty ? nil : name
        } else {
            address = try EmailAddress.checked(text)
        }
    }

    /// As a field holds it (RFC 5322 section 3.4).
    var field: String {
        guard let name = name.map(MailMessage.oneLine), !name.isEmpty else { return address }
        let isPlain =
            name.utf8.count <= 60
            && name.utf8.allSatisfy {
                $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            } && !name.contains("=?")
        if isPlain { return "\"\(name)\" <\(address)>" }
        return MailMessage.encodedWords(String(name.prefix(60))).joined(separator: "\r\n ") + "\r\n <\(address)>"
    }
}

extension String {
    fileprivate func trimming(_ isOuter: (Character) -> Bool) -> String {
        var rest = self[...]
        while let first = rest.first, isOuter(first) { rest = rest.dropFirst() }
        while let last = rest.last, isOuter(last) { rest = rest.dropLast() }
        return String(rest).trimmed
    }
}
