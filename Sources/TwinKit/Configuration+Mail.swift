import TwinHTTP
import TwinSupport

/// The settings of letters.
extension Configuration {
    static let mailDefinitions = [
        Definition(
            name: "mail.url", variable: "TWIN_MAIL_URL", value: .mailServer, fallback: nil,
            help: "The mail server, such as smtps://USER@mail.example.org; without one no letter is sent."),
        Definition(
            name: "mail.from", variable: "TWIN_MAIL_FROM", value: .mailbox, fallback: nil,
            help: "Whose letters they are, such as \"Ada's twin <twin@example.org>\"."),
        Definition(
            name: "mail.password_file", variable: "TWIN_MAIL_PASSWORD_FILE", value: .path, fallback: nil,
            help: "File with the password of the user in mail.url; TWIN_MAIL_PASSWORD holds the password itself."),
        Definition(
            name: "mail.ca_file", variable: "TWIN_MAIL_CA_FILE", value: .path, fallback: nil,
            help: "File with the certificates (PEM) that the mail server's is checked with; without it the system's."),
        Definition(
            name: "mail.letters", variable: "TWIN_MAIL_LETTERS", value: .words(["none"] + Letter.Kind.allCases.map(\.rawValue)),
            fallback: Letter.Kind.allCases.map(\.rawValue).joined(separator: ","),
            help: "The letters that are sent, separated by commas, or none."),
        Definition(
            name: "mail.wait_seconds", variable: "TWIN_MAIL_WAIT_SECONDS", value: .integer(0...86_400), fallback: "900",
            help: "Seconds that unanswered questions are collected before a letter tells of them."),
        Definition(
            name: "mail.digest_hour", variable: "TWIN_MAIL_DIGEST_HOUR", value: .integer(0...23), fallback: "6",
            help: "The hour in UTC from which the digest of the day before is mailed."),
    ]

    /// None where `mail.url` is not set. Throws `TwinError`: `notConfigured` for settings that do not go together, `invalid` for
    /// one that is wrong.
    package var mail: MailSettings? {
        get throws {
            guard let url = try checked("mail.url") else { return nil }
            guard let from = try checked("mail.from") else {
                throw TwinError(.notConfigured, "mail.url is set and mail.from is not: say whose letters they are")
            }
            var settings = MailSettings(server: try MailServer(url), sender: try Mailbox(from))
            settings.password = try secret(file: "mail.password_file", variable: "TWIN_MAIL_PASSWORD")
            settings.authorities = text("mail.ca_file")
            if let user = settings.server.user, settings.password == nil {
                throw TwinError(
                    .notConfigured,
                    "mail.url names the user \(user), who has no password: set mail.password_file or TWIN_MAIL_PASSWORD")
            }
            // Of the words that it takes, `none` is no kind.
            settings.kinds = Set(Self.list(of: try checked("mail.letters") ?? "").compactMap(Letter.Kind.init))
            settings.patience = Double(try integer("mail.wait_seconds"))
            settings.digestHour = try integer("mail.digest_hour")
            return settings
        }
    }
}
