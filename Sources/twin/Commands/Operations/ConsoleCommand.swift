import TwinHTTP
import TwinKit
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

enum ConsoleCommand {
    static let command = Command(
        "console", summary: "Open the console in a browser, signed in",
        discussion: """
            Prints an address that signs its user in, and opens it in a browser where there is one. It is good once, for a \
            minute, and on this machine only. 'twin serve' must be running on the same database. Where nobody can sign in yet \
            it makes the first owner.
            """,
        examples: [
            Example("twin console", "of the server on http://127.0.0.1:8000"),
            Example("twin console --url http://127.0.0.1:9000 --user ada@example.org --no-open", "only print the address"),
        ],
        options: [
            .string("url", "URL", default: "http://127.0.0.1:8000", help: "Where the server is reached on this machine"),
            .string(
                "user", "E-MAIL", short: "u", completion: .dynamic(.users),
                help: "Who is signed in; without it the first owner"),
            .flag("no-open", help: "Do not open a browser"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ui", "dashboard", "web"], run: run)

    /// Of the first owner, until they have another.
    private static let firstOwner = "owner@localhost"

    private static func run(_ call: Invocation) throws -> ExitCode {
        var url = call.string("url") ?? "http://127.0.0.1:8000"
        while url.hasSuffix("/") { url.removeLast() }
        guard (try? WebAddress(url)) != nil else { throw call.usage("--url takes a URL such as http://127.0.0.1:8000") }
        let workspace = try call.workspace(create: true, database: .server)
        let user = try user(call, workspace)
        let token = try workspace.loginLinks.make(for: user)
        let address = "\(url)/console#login=\(token.reveal())"
        try call.output.show(
            JSON.object([
                "url": .string(address), "user": user.json,
                "expires_at": .string(Clock.now.adding(seconds: LoginLinks.lifetime).description),
            ])
        ) { try call.output.line(StyledText(address)) }
        try call.output.flush()
        if call.output.isTerminal, !call.flag("no-open") {
            // Whatever becomes of it, the address is there to be opened by hand.
            if let opener = Subprocess.find("xdg-open") {
                _ = try? Subprocess(opener, [address], seconds: 5, outputBytes: 65_536).run()
            }
        }
        return .done
    }

    private static func user(_ call: Invocation, _ workspace: Workspace) throws -> User {
        if let name = call.string("user") { return try workspace.users.resolve(name) }
        // Newest first.
        if let owner = try workspace.users.list().last(where: { $0.role == .owner }) { return owner }
        call.output.note(
            "There was no owner yet: \(firstOwner) is the first. Give it a password with 'twin users passwd \(firstOwner)'.")
        return try workspace.users.add(email: firstOwner, role: .owner, password: nil)
    }
}
