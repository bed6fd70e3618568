import TwinHTTP
import TwinKit
import TwinSupport

enum TenantsCommand {
    static let command = Command(
        "tenants", summary: "See the tenants of the database, and take one to another file",
        discussion: """
            A tenant goes whole: its twins with documents, index and answers, its people, keys, conversations, desk, personas, stored \
            files and its part of the audit log. Ids stay, and a twin answers there as it did here. docs/tenants.md says what goes \
            along, what does not, and how a proxy in front follows.
            """,
        examples: [
            Example("twin tenants list", "which there are, and how large they are"),
            Example("twin tenants export acme acme.db", "one tenant as a database of its own"),
        ],
        alsoCalled: ["tenant", "workspaces"], subcommands: [list, export, importing, move])

    private static let tenant = Argument("TENANT", .optional, help: "Its id or name; needed only when there are several")

    static let list = Command(
        "list", summary: "List the tenants, oldest first, and those that have moved",
        examples: [Example("twin tenants list --json", "for a script")], exits: [.notConfigured], alsoCalled: ["ls"], run: show)

    static let export = Command(
        "export", summary: "Write a tenant to a new file, a database of its own",
        discussion: """
            The file opens with --db, 'twin doctor' finds nothing in it, and 'twin tenants import' takes it in elsewhere. Only you can \
            read it. Its stored files are beside it, in FILE.storage. The tenant stays in this database, and goes on being used.

            What API keys are checked with and webhooks are signed with is a secret: it goes along encrypted where a master key is set \
            (see 'twin config wrap-secrets'), else only with --clear-secrets. Without it keys and webhooks need new secrets there.
            """,
        examples: [
            Example("twin tenants export acme acme.db", "the tenant called acme"),
            Example("twin --db acme.db doctor", "look at the file"),
        ],
        arguments: [Argument("TENANT", help: "Its id or name"), Argument("FILE", help: "The new file", completion: .files)],
        options: [.flag("clear-secrets", help: "Put its secrets into the file although no master key encrypts them")],
        exits: [.notConfigured, .notFound, .interrupted], alsoCalled: ["dump"], run: exportTenant)

    static let importing = Command(
        "import", summary: "Take in the tenant of a file that 'export' wrote",
        discussion: """
            All of it or nothing is there afterwards, while the database is in use. The tenants that are there already are not \
            touched: keys of rows are made anew where they would meet, ids stay. An address, a desk's domain or an id that is there \
            already is an error before anything is changed. FILE stays as it is.
            """,
        examples: [
            Example("twin tenants import acme.db --dry-run", "whether anything is in the way"),
            Example("twin tenants import acme.db", "into the database of --db, which is made where there is none"),
        ],
        arguments: [Argument("FILE", help: "The file", completion: .files)],
        options: [
            .string("tenant", "TENANT", help: "Which one, where FILE has several: an id or a name"), .dryRun,
        ],
        exits: [.notConfigured, .notFound, .busy], alsoCalled: ["load"], run: importTenant)

    static let move = Command(
        "move", summary: "Move a tenant to another file, while this one is served",
        discussion: """
            The tenant takes no change while it moves: questions and other changes get 503 with Retry-After, reading goes on. Then it \
            is in the other file and nowhere else: its rows are overwritten here, and requests for it are sent on to --url with 307. \
            Backups that were made before keep it. Other tenants go on.

            Stopped at any moment, the same command finishes the move; --cancel calls off one that was stopped before the other file \
            had the tenant.
            """,
        examples: [
            Example(
                "twin tenants move acme --to acme.db --url https://b.example.org --dry-run", "whether anything is in the way"),
            Example(
                "twin tenants move acme --to /srv/b/twin.db --url https://b.example.org --yes", "into a file that is served there"
            ),
            Example("twin tenants move acme --cancel", "let a stopped move be"),
        ],
        arguments: [tenant],
        options: [
            .path("to", "FILE", help: "The other database file; it is made where there is none"),
            .string("url", "URL", help: "Where that file is served: what requests are sent on to"),
            .flag("cancel", help: "Call off a move that was stopped"), .dryRun, .yes,
        ],
        exits: [.notConfigured, .notFound, .busy, .interrupted], alsoCalled: ["mv", "migrate"], run: moveTenant)

    private static func show(_ call: Invocation) throws -> ExitCode {
        let tenants = try call.workspace().tenants.list()
        try call.output.list(tenants, empty: "there is no tenant yet; 'twin twins create NAME' makes the first") {
            var table = Table(
                .text("NAME", shrinks: true), .number("TWINS"), .number("PEOPLE"), .number("SOURCES"), .number("CONVERSATIONS"),
                .text("STATE", shrinks: true), .text("ID"))
            for tenant in tenants {
                table.add(
                    "\(tenant.name, .bold)", "\(tenant.twins)", "\(tenant.users)", "\(tenant.sources)", "\(tenant.conversations)",
                    StyledText(state(tenant)), StyledText(tenant.id))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func state(_ tenant: TenantStore.Summary) -> String {
        switch tenant.move?.state {
        case nil: "here"
        case .held: "on its way to \(tenant.move?.target ?? "")"
        case .moved: "moved to \(tenant.move?.url ?? "")"
        }
    }

    private static func exportTenant(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let tenantID = try workspace.tenants.resolve(try call.required("TENANT"))
        let path = try call.required("FILE")
        Interrupt.catchSignals()
        defer { call.output.setStatus(nil) }
        let cargo = try workspace.exportTenant(
            tenantID, to: path, inTheClear: call.flag("clear-secrets"), by: AuditLog.localActor, progress: progress(call))
        call.output.setStatus(nil)
        try call.output.show(
            (["tenant_id": .string(tenantID), "path": .string(path)] as JSONObject).merging(cargo.json).document
        ) {
            try call.output.line("\(path, .bold) holds the tenant \(tenantID): \(Format.count(cargo.rowCount, "row"))")
        }
        tell(cargo, call)
        return .done
    }

    private static func importTenant(_ call: Invocation) throws -> ExitCode {
        let path = try call.required("FILE")
        guard FileContents.exists(path) else { throw TwinError(.notFound, "there is no file at \(path)") }
        let workspace = try call.workspace(create: true)
        defer { call.output.setStatus(nil) }
        let (tenantID, cargo) = try workspace.importTenant(
            call.string("tenant"), from: path, isDryRun: call.isDryRun, by: AuditLog.localActor, progress: progress(call))
        call.output.setStatus(nil)
        try call.output.show(
            (["tenant_id": .string(tenantID), "dry_run": .bool(call.isDryRun)] as JSONObject).merging(cargo.json).document
        ) {
            let verb = call.isDryRun ? "would be" : "is"
            try call.output.line("the tenant \(tenantID, .bold) \(verb) taken in: \(Format.count(cargo.rowCount, "row"))")
        }
        tell(cargo, call)
        return .done
    }

    private static func moveTenant(_ call: Invocation) throws -> ExitCode {
        if call.flag("cancel") {
            guard !call.has("to"), !call.has("url"), !call.isDryRun else { throw call.usage("--cancel goes alone") }
            let workspace = try call.workspace()
            let tenantID = try workspace.tenants.resolve(call.operand("TENANT"))
            try workspace.cancelMove(of: tenantID, by: AuditLog.localActor)
            try call.output.show(["tenant_id": .string(tenantID), "cancelled": true] as JSON) {
                try call.output.line("the tenant \(tenantID, .bold) stays, and takes changes again")
            }
            return .done
        }
        guard let path = call.string("to"), let text = call.string("url") else { throw call.usage("give --to and --url") }
        let url = try address(text, call)
        let workspace = try call.workspace()
        let tenantID = try workspace.tenants.resolve(call.operand("TENANT"))
        guard
            try call.isDryRun || call.flag("yes")
                || Confirmation.ask("Move the tenant \(tenantID) to \(path), and out of this database?", call)
        else { return .done }
        Interrupt.catchSignals()
        defer { call.output.setStatus(nil) }
        let report = try workspace.moveTenant(
            tenantID, to: path, url: url, isDryRun: call.isDryRun, by: AuditLog.localActor, progress: progress(call),
            reached: { if $0 != .erased { try stopIfAsked() } })
        call.output.setStatus(nil)
        try call.output.show(
            ([
                "tenant_id": .string(tenantID), "path": .string(path), "url": .string(url), "dry_run": .bool(call.isDryRun),
                "went_on": .bool(report.wentOn), "held_ms": .number(report.heldMilliseconds),
            ] as JSONObject).merging(report.cargo.json).document
        ) {
            try call.output.line(
                call.isDryRun
                    ? "the tenant \(tenantID, .bold) can move: \(Format.count(report.cargo.rowCount, "row"))"
                    : "the tenant \(tenantID, .bold) is in \(path); requests for it are sent on to \(url)")
        }
        if !report.isLogEmpty {
            call.output.note("somebody reads the old database since before the move: its log keeps old pages until they are done")
        }
        tell(report.cargo, call)
        return .done
    }

    /// What the others are told: an address without a slash at its end.
    private static func address(_ text: String, _ call: Invocation) throws -> String {
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        guard (try? WebAddress(url)) != nil, !url.contains("?"), !url.contains("#") else {
            throw call.usage("--url is the address of a server, such as https://b.example.org")
        }
        return url
    }

    private static func progress(_ call: Invocation) -> (String) throws -> Void {
        { what in
            try stopIfAsked()
            call.output.setStatus("carrying \(what)")
        }
    }

    private static func stopIfAsked() throws {
        if Interrupt.isRequested { throw TwinError(.interrupted, "interrupted; the same command goes on from here") }
    }

    private static func tell(_ cargo: TenantCarrier.Cargo, _ call: Invocation) {
        if let first = cargo.missingFiles.first {
            call.output.note("\(cargo.missingFiles.count) stored files were not there, such as \(first)")
        }
        if cargo.unusableKeys > 0, !call.isDryRun {
            call.output.note(
                "\(Format.count(cargo.unusableKeys, "API key")) cannot be checked there: make new ones with 'twin keys create', or export "
                    + "with a master key or --clear-secrets")
        }
    }
}

extension JSONObject {
    fileprivate var document: JSON { .object(self) }
}

extension TenantStore.Summary: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "name": .string(name), "created_at": .optional(createdAt?.description), "twins": .number(twins),
            "users": .number(users), "sources": .number(sources), "conversations": .number(conversations),
            "state": .string(move.map(\.state.rawValue) ?? "here"), "moved_to": .optional(move?.url),
            "target": .optional(move?.target),
        ]
    }
}

extension TenantCarrier.Cargo {
    fileprivate var json: JSONObject {
        [
            "rows": .number(rowCount), "files": .number(files), "missing_files": .strings(missingFiles),
            "unusable_keys": .number(unusableKeys),
            "tables": .object(
                JSONObject(
                    rows.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { (key: $0.key, value: .number($0.value)) })),
        ]
    }
}
