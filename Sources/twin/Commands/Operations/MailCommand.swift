import TwinKit
import TwinSupport

enum MailCommand {
    static let command = Command(
        "mail", summary: "See whether letters can be sent",
        discussion: """
            With the settings mail.url and mail.from, invitations, new passwords, unanswered questions, what a twin learned in a \
            day and people who wait at the support desk are told by mail. 'twin serve' and 'twin jobs run' send the letters; \
            'twin help mail' has the rest.
            """,
        examples: [Example("twin mail test ada@example.org", "after setting mail.url and mail.from")],
        alsoCalled: ["email", "smtp"], subcommands: [test])

    static let test = Command(
        "test", summary: "Send a letter now and say what the mail server answers",
        examples: [Example("twin mail test ada@example.org", "to an address of your own")],
        arguments: [Argument("E-MAIL", help: "Where the letter goes")], exits: [.notConfigured, .upstream], run: sendTest)

    private static func sendTest(_ call: Invocation) throws -> ExitCode {
        let address = try call.required("E-MAIL")
        try call.workspace(create: true).mailer().test(to: address)
        try call.output.show(["sent": true, "to": .string(address)] as JSON) {
            try call.output.line("the mail server took a letter to \(address, .bold)")
        }
        return .done
    }
}
