import TwinSupport

/// What a mail server has said so far (RFC 5321 section 4.2), as far as it tells why a letter was not taken.
struct MailReplies {
    /// A reply of 400 to 599.
    struct Refusal: Equatable {
        var code: Int
        /// The reply in printable ASCII, its lines joined.
        var words: String
        /// Whether it was the first that the server said, before any command.
        var isGreeting: Bool

        var isTemporary: Bool { code < 500 }

        /// Whether the server wants somebody to sign in, or another way of it (RFC 4954 section 6, RFC 3207 section 4).
        var asksForSecurity: Bool { [530, 534, 535, 538].contains(code) }

        /// Whether it refuses whose letter it is rather than whom it is for (RFC 3463 section 3.2). For relaying and for senders that
        /// somebody may not use servers have no code in common, but words.
        var isOfSender: Bool {
            let words = self.words.lowercased()
            return ["5.1.7 ", "5.1.8 ", "relay", "sender"].contains(where: words.contains)
        }
    }

    /// What was refused last, unless something was granted since. What the server says to the goodbye grants nothing.
    private(set) var refusal: Refusal?
    private var isFirst = true
    private var isInside = false
    /// Of one refusal, in bytes.
    private static let longest = 1_000

    /// Takes in one line. What is no reply's line is passed over.
    mutating func hear(_ line: some Sequence<UInt8>) {
        let text = String(decoding: line.prefix(Self.longest).filter { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
        guard text.prefix(3).utf8.count == 3, let code = Int(text.prefix(3)), (200...599).contains(code) else { return }
        let isContinued = isInside
        isInside = text.dropFirst(3).first == "-"
        let words = String(text.dropFirst(4)).trimmed
        if code < 400 {
            if code != 221 { refusal = nil }
        } else if isContinued, let begun = refusal, begun.code == code {
            if begun.words.utf8.count + words.utf8.count < Self.longest { refusal?.words += " " + words }
        } else {
            refusal = Refusal(code: code, words: "\(code) \(words)".trimmed, isGreeting: isFirst)
        }
        if !isInside { isFirst = false }
    }
}
