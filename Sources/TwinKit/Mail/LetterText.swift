import TwinSupport

/// What letters say, in plain words and without anything that has to be loaded.
struct LetterText {
    var subject: String
    var text: String

    /// Texts of a letter's reader at most, in characters, so that one long question does not fill the letter.
    private static let longestLine = 300
    /// Questions that a letter lists; it counts the others.
    static let listed = 10

    static func invitation(to workspace: String, url: String, expires: Timestamp) -> LetterText {
        LetterText(
            subject: "You are invited to \(workspace)",
            text: """
                You are invited to \(workspace).

                To accept, open this link and choose a password:

                \(url)

                The link is good once, until \(day(expires)). If you did not expect this, do nothing.
                """)
    }

    static func passwordReset(url: String) -> LetterText {
        LetterText(
            subject: "A new password",
            text: """
                Somebody, probably you, asked for a new password. To choose one, open this link:

                \(url)

                The link is good once, for one hour. If it was not you, do nothing: your password stays as it is.
                """)
    }

    static func unanswered(_ questions: [String], of count: Int, twin: String, url: String) -> LetterText {
        LetterText(
            subject: count == 1 ? "A question that \(twin) could not answer" : "\(count) questions that \(twin) could not answer",
            text: """
                \(count == 1 ? "Somebody asked \(twin) what it does not know:" : "People asked \(twin) what it does not know:")

                \(list(questions, of: count))

                Answer them here, and it will know:

                \(url)
                """)
    }

    static func digest(_ sentences: [String], counts: String, twin: String, date: String, url: String) -> LetterText {
        LetterText(
            subject: "What \(twin) learned on \(date)",
            text: """
                On \(date), \(twin) learned \(counts).

                \(list(sentences, of: sentences.count))

                More of it:

                \(url)
                """)
    }

    static func handover(waiting count: Int, reasons: [String], url: String) -> LetterText {
        LetterText(
            subject: count == 1 ? "Somebody is waiting for a person" : "\(count) people are waiting for a person",
            text: """
                \(count == 1 ? "Somebody is" : "\(count) people are") waiting at the support desk, and nobody is there.

                \(list(reasons, of: count))

                The queue:

                \(url)
                """)
    }

    /// Why the reader gets the letter and how to stop it.
    func signed(_ reason: String) -> LetterText {
        LetterText(subject: subject, text: text + "\n\n--\n\(reason)\n")
    }

    private static func list(_ lines: [String], of count: Int) -> String {
        var shown = lines.prefix(listed).map { "- " + MailMessage.oneLine($0).shortened(to: longestLine) }
        let more = count - shown.count
        if more > 0, !shown.isEmpty { shown.append("and \(more) more") }
        return shown.joined(separator: "\n")
    }

    private static func day(_ time: Timestamp) -> String { String(time.description.prefix(10)) }
}
