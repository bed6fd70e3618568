import TwinHTTP
import TwinKit
import TwinSupport

enum DeskCommand {
    static let command = Command(
        "desk", summary: "Look after the support desk: its queue, its people, its settings",
        discussion: """
            A desk is a tenant's: contacts ask, agents answer from the twin's knowledge or with tools, and a session is handed to a \
            person when that is not enough. 'twin serve --contracts studio,support' serves it.
            """,
        examples: [
            Example("twin desk init", "give the tenant a desk and a twin"),
            Example("twin desk queue", "what waits for a person"),
        ],
        alsoCalled: ["support"], subcommands: [initialize, queue, assign, resolve, staff, export, apply])

    /// Of every command of a desk.
    static let tenant = Option.string(
        "tenant", "TENANT", help: "The tenant, by id; the file's first without it")

    static func tenant(_ call: Invocation, _ workspace: Workspace) throws -> String {
        try workspace.authorizer.desk(call.string("tenant"), .manage, as: .localOperator)
    }

    private static let session = Argument("SESSION", help: "The session's id")

    static let initialize = Command(
        "init", summary: "Give a tenant a desk, and say which twin it answers from",
        discussion: "Without --twin a twin of the tenant's name is made for it.",
        examples: [Example("twin desk init --twin ada", "answers from a twin that is there")],
        options: [tenant, .twin], exits: [.notConfigured, .notFound], run: initializeDesk)

    static let queue = Command(
        "queue", summary: "List what was handed to people, the newest request first",
        examples: [Example("twin desk queue --status pending", "only what still waits")],
        options: [
            tenant,
            .choice("status", "STATUS", short: "s", of: Handover.Status.allCases.map(\.rawValue), help: "Only in this state"),
        ], exits: [.notConfigured], alsoCalled: ["list", "ls"], run: showQueue)

    static let assign = Command(
        "assign", summary: "Give a session to a supporter",
        discussion: "Without --to it goes to whoever has the fewest sessions and has waited longest.",
        examples: [Example("twin desk assign SESSION --to sam@example.org", "to somebody")], arguments: [session],
        options: [tenant, .string("to", "USER", completion: .dynamic(.users), help: "The supporter, by address or id")],
        exits: [.notConfigured, .notFound, .limitReached], run: assignSession)

    static let resolve = Command(
        "resolve", summary: "Resolve a session that was handed over",
        discussion: "The agents answer again. With --question and --answer the twin gives this answer to the next who asks.",
        examples: [
            Example(
                "twin desk resolve SESSION --question \"Do you ship abroad?\" --answer \"Yes, to all of Europe.\"",
                "and learn from it")
        ],
        arguments: [session],
        options: [
            tenant, .string("notes", "TEXT", help: "What was done, for staff"),
            .string("question", "TEXT", help: "The question that was answered"), .string("answer", "TEXT", help: "Its answer"),
        ], exits: [.notConfigured, .notFound], alsoCalled: ["close"], run: resolveSession)

    static let staff = Command(
        "staff", summary: "List the supporters and whether they are there",
        examples: [Example("twin desk staff", "whoever can take a session first")], options: [tenant], exits: [.notConfigured],
        run: listStaff)

    static let export = Command(
        "export", summary: "Write the desk's settings, agents and tools as JSON",
        discussion: "Secrets are not in it, only the names that tools refer to them by.",
        examples: [Example("twin desk export > desk.json", "to keep beside the twin's files")], options: [tenant],
        exits: [.notConfigured], run: exportDesk)

    static let apply = Command(
        "apply", summary: "Bring a desk to what a file says",
        discussion: "What the file does not name stays.",
        examples: [Example("twin desk apply desk.json", "as often as you like")],
        arguments: [Argument("FILE", help: "What 'twin desk export' wrote; - reads standard input", completion: .files)],
        options: [tenant], exits: [.notConfigured, .notFound], run: applyDesk)

    private static func initializeDesk(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace(create: true)
        let tenant = try call.string("tenant") ?? workspace.authorizer.tenant(.manage, as: .localOperator, making: true)
        let twin = try call.string("twin").map { try workspace.authorizer.twin($0, .manage, as: .localOperator) }
        guard twin == nil || twin?.tenantID == tenant else { throw call.usage("the twin belongs to another tenant") }
        let desk = try workspace.desks.initialize(tenant, twin: twin, by: .localOperator)
        let answering = try workspace.desks.twin(of: desk)
        try call.output.show(
            JSON.object([
                "tenant_id": .string(desk.tenantID), "name": .string(desk.name), "twin_id": .string(answering.id),
                "twin": .string(answering.slug),
            ])
        ) { try call.output.line("The desk of \(desk.name, .bold) answers from \(answering.slug, .bold)") }
        return .done
    }

    private static func showQueue(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let queue = try workspace.handovers.queue(
            of: tenant(call, workspace), status: call.string("status").flatMap(Handover.Status.init), limit: 1_000)
        try call.output.list(queue.sessions.map { SupportSession($0) }, empty: "nothing has been handed over") {
            var table = Table(
                .text("SESSION"), .text("STATE"), .text("REQUESTED"), .text("CONTACT", shrinks: true),
                .text("REASON", shrinks: true))
            for session in queue.sessions {
                table.add(
                    StyledText(session.id), StyledText(session.handover?.status.rawValue ?? "-"),
                    StyledText(session.handover.map { Format.ago($0.requestedAt) } ?? "-"),
                    StyledText(session.contactEmail ?? session.contactName), StyledText(session.handover?.reason ?? ""))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func assignSession(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenant = try tenant(call, workspace)
        let user = try call.string("to").map { try workspace.users.resolve($0, tenantID: tenant).id }
        let session = try workspace.handovers.assign(
            try call.required("SESSION"), of: tenant, to: user, by: AuditLog.localActor)
        try call.output.show(SupportSession(session)) {
            try call.output.line("\(session.id, .bold) is given to \(session.handover?.userID ?? "nobody")")
        }
        return .done
    }

    private static func resolveSession(_ call: Invocation) throws -> ExitCode {
        var resolution = Handovers.Resolution()
        resolution.notes = call.string("notes")
        switch (call.string("question"), call.string("answer")) {
        case (nil, nil): break
        case (let question?, let answer?): resolution.verified = VerifiedAnswers.Entry(question: question, answer: answer)
        default: throw call.usage("--question and --answer go together")
        }
        let workspace = try call.workspace()
        let session = try workspace.handovers.resolve(
            try call.required("SESSION"), of: tenant(call, workspace), resolution, as: .localOperator)
        try call.output.show(SupportSession(session)) { try call.output.line("\(session.id, .bold) is resolved") }
        return .done
    }

    private static func listStaff(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let staff = try workspace.staff.list(of: tenant(call, workspace))
        try call.output.list(
            staff.map { SupportStaffMember($0) },
            empty: "there is no supporter; 'twin users add E-MAIL --role supporter' makes one"
        ) {
            var table = Table(.text("E-MAIL", shrinks: true), .text("NAME", shrinks: true), .text("STATE"), .text("SESSIONS"))
            for member in staff {
                table.add(
                    "\(member.user.email, .bold)", StyledText(member.user.fullName ?? "-"), StyledText(member.status.rawValue),
                    StyledText("\(member.currentSessions) of \(member.maximumSessions)"))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func exportDesk(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let document = try workspace.deskDocument.export(tenant(call, workspace))
        try call.output.data(String(decoding: JSONWriter.bytes(document, pretty: true), as: UTF8.self) + "\n")
        return .done
    }

    private static func applyDesk(_ call: Invocation) throws -> ExitCode {
        let text = try StandardInput.file(try call.required("FILE"))
        let json: JSON
        do { json = try JSONParser.parse(text) } catch { throw TwinError(.invalid, "the file is not JSON: \(error)") }
        let workspace = try call.workspace()
        let outcome = try workspace.deskDocument.apply(json, to: tenant(call, workspace), by: .localOperator)
        try call.output.show(
            JSON.object(["added": .strings(outcome.added), "changed": .strings(outcome.changed)])
        ) {
            for name in outcome.added { try call.output.line("\(name, .bold) is added") }
            for name in outcome.changed { try call.output.line("\(name, .bold) is brought up to date") }
        }
        return .done
    }
}
