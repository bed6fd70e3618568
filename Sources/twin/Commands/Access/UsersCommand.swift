import TwinHTTP
import TwinKit
import TwinSupport

enum UsersCommand {
    static let command = Command(
        "users", summary: "Add, invite and remove the people who may sign in",
        discussion: """
            An owner may do everything in the workspace; a viewer may read and ask; a supporter also talks with those who ask. An \
            operator looks after the whole server. Passwords are read from a file, a pipe or \
            the keyboard and stored with scrypt.
            """,
        examples: [
            Example("twin users add ada@example.org --name \"Ada Lovelace\"", "asks for the password"),
            Example("twin users invite grace@example.org --role viewer", "a link by which she chooses her own"),
        ],
        alsoCalled: ["user", "accounts"], subcommands: [list, add, set, invite, remove, erase, passwd])

    private static let user = Argument("USER", help: "E-mail address, id or name", completion: .dynamic(.users))
    private static let email = Argument("E-MAIL", help: "Their address")
    private static let role = Option.choice(
        "role", "ROLE", of: User.Role.allCases.map(\.rawValue), help: "What they may do")
    private static let passwordFile = Option.path(
        "password-file", "FILE", help: "The password is the line in this file; - reads standard input")

    static let list = Command(
        "list", summary: "List the users, newest first", examples: [Example("twin users list", "everybody")],
        options: [.flag("invitations", help: "List invitations instead, newest first")], exits: [.notConfigured],
        alsoCalled: ["ls"], run: listUsers)

    static let add = Command(
        "add", summary: "Add a user",
        discussion: "Without --role it is an owner.",
        examples: [
            Example("twin users add ada@example.org", "asks for the password"),
            Example("twin users add ci@example.org --no-password", "signs in with tokens of 'twin token create' only"),
            Example("pass show ada | twin users add ada@example.org --password-file -", "from a password store"),
        ],
        arguments: [email],
        options: [
            role, .string("name", "NAME", help: "Their name"), passwordFile,
            .flag("no-password", help: "No password: they sign in with tokens"),
        ],
        exits: [.notConfigured], alsoCalled: ["create", "new"], run: addUser)

    static let set = Command(
        "set", summary: "Change what a user may do",
        discussion: """
            --proven vouches for the address of a user who came through an issuer that does not: nothing that is kept for an \
            address, such as a place in a group, is given to somebody who only claims it.
            """,
        examples: [
            Example("twin users set grace@example.org --role owner", "a second owner"),
            Example("twin users set ada@example.org --operator yes", "looks after the server"),
        ],
        arguments: [user],
        options: [
            role, .choice("operator", "YES|NO", of: ["yes", "no"], help: "Whether they operate the whole server"),
            .flag("proven", help: "Treat the address as proven to be theirs"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["edit", "update", "role"], run: setUser)

    static let invite = Command(
        "invite", summary: "Invite somebody by a link that is good for a week",
        discussion:
            "Without --role it is a viewer. Inviting an address again replaces the link. The link is shown once; with a mail "
            + "server (twin help mail) a letter takes another along.",
        examples: [Example("twin users invite grace@example.org", "prints the link to send")],
        arguments: [email], options: [role], exits: [.notConfigured, .limitReached], run: inviteUser)

    static let remove = Command(
        "remove", summary: "Remove users; the last owner stays",
        discussion: "The API keys that they made are revoked, unless --keep-keys.",
        examples: [Example("twin users remove grace@example.org --yes", "without being asked")],
        arguments: [Argument("USER", .oneOrMore, help: "E-mail addresses, ids or names", completion: .dynamic(.users))],
        options: [.yes, .flag("keep-keys", help: "Keep the keys that they made")],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: removeUsers)

    static let erase = Command(
        "erase", summary: "Erase users with everything that is theirs",
        discussion: """
            Where 'remove' ends what somebody may do, 'erase' takes them out of the file: their conversations, sessions and prompts, \
            quota, invitations and places in groups, and their name wherever it was written down. The audit log keeps what was done, \
            under a pseudonym. A workspace that has nobody else goes with its user, once it has no twins. Documents and verified \
            answers stay, whoever they speak of.
            """,
        examples: [Example("twin users erase grace@example.org --yes", "without being asked")],
        arguments: [Argument("USER", .oneOrMore, help: "E-mail addresses, ids or names", completion: .dynamic(.users))],
        options: [.yes], exits: [.notConfigured, .notFound], alsoCalled: ["forget", "gdpr"], run: eraseUsers)

    static let passwd = Command(
        "passwd", summary: "Set a user's password and end their tokens",
        examples: [Example("twin users passwd ada@example.org", "asks for the new password")],
        arguments: [user], options: [passwordFile], exits: [.notConfigured, .notFound], alsoCalled: ["password"], run: setPassword
    )

    private static func listUsers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        if call.flag("invitations") {
            let invitations = try workspace.invitations.list()
            try call.output.list(invitations, empty: "nobody has been invited; 'twin users invite E-MAIL' invites somebody") {
                var table = Table(.text("E-MAIL", shrinks: true), .text("ROLE"), .text("STATE"), .text("EXPIRES"))
                for invitation in invitations {
                    table.add(
                        "\(invitation.email, .bold)", StyledText(invitation.role.rawValue),
                        StyledText(invitation.status.rawValue),
                        StyledText(Format.date(invitation.expiresAt)))
                }
                try call.output.table(table)
            }
            return .done
        }
        let users = try workspace.users.list()
        try call.output.list(users, empty: "there is no user yet; 'twin users add E-MAIL' makes one") {
            var table = Table(
                .text("E-MAIL", shrinks: true), .text("ROLE"), .text("ADDRESS"), .text("NAME", shrinks: true), .text("LAST SEEN"),
                .text("ID"))
            for user in users {
                table.add(
                    "\(user.email.isEmpty ? "-" : user.email, .bold)",
                    StyledText(user.role.rawValue + (user.isOperator ? ", operator" : "")),
                    StyledText(user.isProven ? "proven" : "claimed"), StyledText(user.fullName ?? "-"),
                    StyledText(user.lastActiveAt.map { Format.ago($0) } ?? "never"), StyledText(user.id))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func role(_ call: Invocation) -> User.Role? { call.string("role").flatMap(User.Role.init) }

    private static func addUser(_ call: Invocation) throws -> ExitCode {
        let email = try call.required("E-MAIL")
        if call.flag("no-password"), call.has("password-file") {
            throw call.usage("--no-password and --password-file cannot be used together")
        }
        let password = call.flag("no-password") ? nil : try SecretInput.newPassword(call)
        let user = try call.workspace(create: true).users.add(
            email: email, role: role(call) ?? .owner, password: password, fullName: call.string("name"))
        try call.output.show(user) { try call.output.line("\(user.email, .bold) is added as \(user.role.rawValue)") }
        return .done
    }

    private static func setUser(_ call: Invocation) throws -> ExitCode {
        guard ["role", "operator", "proven"].contains(where: call.has) else {
            throw call.usage("there is nothing to change; give --role, --operator or --proven")
        }
        let users = try call.workspace().users
        let user = try users.update(
            users.resolve(try call.required("USER")).id,
            Users.Change(
                role: role(call), isOperator: call.string("operator").map { $0 == "yes" }, proves: call.flag("proven")),
            by: .localOperator)
        try call.output.show(user) {
            try call.output.line("\(user.email, .bold) is \(user.role.rawValue)\(user.isOperator ? " and operator" : "")")
        }
        return .done
    }

    private static func inviteUser(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace(create: true)
        let (invitation, token, isMailed) = try workspace.invite(
            email: try call.required("E-MAIL"), role: role(call) ?? .viewer, by: .localOperator)
        let url = workspace.invitations.url(token: token)
        // The link is for the invited person, and this is the only time it is shown.
        try call.output.show(StudioInvitation(invitation).json(token: token, url: url)) {
            try call.output.line(StyledText(url))
            let expiry = "It is good until \(Format.date(invitation.expiresAt)) and is not shown again."
            call.output.note(
                isMailed
                    ? "A letter to \(invitation.email) is queued; 'twin serve' or 'twin jobs run' sends it. \(expiry)"
                    : "Send this link to \(invitation.email). \(expiry)")
        }
        return .done
    }

    private static func removeUsers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let users = try call.operands("USER").map { try workspace.users.resolve($0) }
        let names = users.map(\.email).joined(separator: ", ")
        let keys = try users.flatMap { try workspace.keys.usable(madeBy: $0) }
        let whatGoes =
            keys.isEmpty || call.flag("keep-keys")
            ? "" : ", and revoke the keys \(keys.map(\.name).joined(separator: ", "))"
        guard try call.flag("yes") || Confirmation.ask("Remove \(names)\(whatGoes)?", call) else { return .done }
        let removals = try users.map {
            try workspace.users.remove($0.id, keepingKeys: call.flag("keep-keys"), by: .localOperator)
        }
        try call.output.list(removals, empty: "nobody was removed") {
            for removal in removals {
                try call.output.line("\(removal.user.email, .bold) is removed")
                for key in removal.keys {
                    try call.output.line("  the key \(key.name, .bold) \(removal.keepsKeys ? "goes on working" : "is revoked")")
                }
            }
        }
        return .done
    }

    private static func eraseUsers(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let users = try call.operands("USER").map { try workspace.users.resolve($0) }
        let names = users.map { $0.email.isEmpty ? $0.id : $0.email }.joined(separator: ", ")
        guard try call.flag("yes") || Confirmation.ask("Erase \(names) with everything of theirs?", call) else { return .done }
        for user in users { try workspace.erase(user, by: .localOperator) }
        try call.output.list(users, empty: "nobody was erased") {
            for user in users { try call.output.line("\(user.email.isEmpty ? user.id : user.email, .bold) is erased") }
        }
        return .done
    }

    private static func setPassword(_ call: Invocation) throws -> ExitCode {
        let users = try call.workspace().users
        let user = try users.resolve(try call.required("USER"))
        try users.setPassword(user, SecretInput.newPassword(call))
        try call.output.show(user) {
            try call.output.line("\(user.email, .bold) has a new password; earlier tokens no longer work")
        }
        return .done
    }
}
