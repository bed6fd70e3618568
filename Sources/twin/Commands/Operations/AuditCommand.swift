import TwinKit
import TwinSupport

enum AuditCommand {
    static let command = Command(
        "audit", summary: "See who changed what, and check that the log is intact",
        discussion: """
            Every change of twins, groups, keys, sharing, sources, verified answers and users is in the log, in the same \
            transaction as the change. Without --twin the log covers the whole database, also of twins that are deleted.

            Its rows are a chain: 'twin audit verify' finds what was changed or taken out of it.
            """,
        examples: [
            Example("twin audit --limit 20", "the newest changes"),
            Example("twin audit --event CONFIGURATION_CHANGE --twin ada", "settings, groups and keys of one twin"),
            Example("twin audit verify", "whether the log is as it was written"),
        ],
        options: listOptions, exits: [.notConfigured, .notFound], alsoCalled: ["log", "history"],
        subcommands: [list, verify, head, add], run: showEntries)

    private static let listOptions: [Option] = [
        .twin,
        .choice("event", "TYPE", short: "e", of: AuditLog.Event.allCases.map(\.rawValue), help: "Only changes of this type"),
        .int("limit", short: "n", in: AuditLog.limits, default: "100", help: "Show at most this many"),
    ]

    static let list = Command(
        "list", summary: "List the changes, newest first, as 'twin audit' does",
        examples: [Example("twin audit list --event EXTERNAL --json", "what clients and scripts report")],
        options: listOptions, exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: showEntries)

    static let verify = Command(
        "verify", summary: "Check every row of the log against the one before it",
        discussion: """
            It finds a byte that was changed, a row that was taken out and rows that changed places, and ends with exit code 1 \
            then. Rows that were taken off the very end show only against a head that was kept elsewhere: --against reads \
            what 'twin audit head --jsonl' wrote. People who were erased are no fault; the log itself says that they were.
            """,
        examples: [
            Example("twin audit verify", "the log of the whole database"),
            Example("twin audit verify --against heads.jsonl", "and whether it still has what it had then"),
        ],
        options: [.path("against", "FILE", help: "Heads that were kept, one JSON object a line; - reads standard input")],
        exits: [.notConfigured], alsoCalled: ["check"], run: verifyLog)

    static let head = Command(
        "head", summary: "Show the end of each tenant's chain, to keep it elsewhere",
        discussion: """
            Whoever can write the database file can write the whole log anew. Kept where they cannot write, the heads show it: \
            see 'twin audit verify --against'.
            """,
        examples: [Example("twin audit head --jsonl >>heads.jsonl", "every night, to another machine")],
        exits: [.notConfigured], run: showHeads)

    static let add = Command(
        "add", summary: "Add an entry of your own to the log",
        discussion: "It has the type EXTERNAL, so that it is never taken for something that twin did, and cannot be taken back.",
        examples: [
            Example("twin audit add NIGHTLY_BACKUP --detail size=2.1GB --detail host=nas", "what a script has done"),
            Example("twin audit add CONSENT_GIVEN --user ada@example.org", "about a user"),
        ],
        arguments: [Argument("ACTION", help: "A word of your own, such as NIGHTLY_BACKUP")],
        options: [
            .keyValue("detail", "NAME=VALUE", short: "d", help: "A detail; repeats"),
            .string("user", "USER", help: "Whom it is about: e-mail address, id or name"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["record", "write"], run: addEntry)

    private static func showEntries(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let entries = try workspace.audit.list(
            twinID: call.string("twin").map { try workspace.twins.resolve($0).id },
            event: call.string("event").flatMap(AuditLog.Event.init), limit: call.int("limit") ?? 100)
        try call.output.list(entries, empty: "nothing has been changed yet") {
            var table = Table(.text("WHEN"), .text("WHO"), .text("ACTION"), .text("DETAILS", shrinks: true))
            for entry in entries {
                let time = call.output.isTerminal ? Format.ago(entry.createdAt) : entry.createdAt.description
                table.add(
                    "\(time, .dim)", StyledText(entry.actorID ?? "-"), "\(entry.action, .bold)",
                    StyledText(JSON.object(entry.metadata).text))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func verifyLog(_ call: Invocation) throws -> ExitCode {
        let anchors = try call.string("against").map(readHeads) ?? []
        let found = try call.workspace().audit.verify(anchors: anchors)
        try call.output.show(found) {
            for fault in found.faults { try call.output.line(sentence(fault)) }
            if found.faultCount > found.faults.count {
                try call.output.line("and \(found.faultCount - found.faults.count) more")
            }
            if found.isValid {
                let erased = found.erased == 0 ? "" : ", of which \(found.erased) hold erased people or details"
                try call.output.line("\("the log is as it was written", .bold): \(found.rows) rows\(erased)")
            }
        }
        guard found.isValid else {
            throw TwinError(
                .failed,
                "the audit log was tampered with: \(found.faultCount) fault\(found.faultCount == 1 ? "" : "s") in \(found.rows) rows; compare it with a backup"
            )
        }
        return .done
    }

    private static func sentence(_ fault: AuditLog.Fault) -> String {
        let place = "row \(fault.sequence) of tenant \(fault.tenantID)"
        return switch fault.kind {
        case .changed: "\(place) is not what was written"
        case .missing: "before \(place) a row or more are missing"
        case .misplaced: "\(place) is not where it was written"
        case .unanchored: "\(place) is not the one whose head was kept"
        }
    }

    private static func readHeads(_ path: String) throws -> [AuditLog.Head] {
        try StandardInput.lines(of: path).map { line in
            guard let head = (try? JSONParser.parse(line)).flatMap(AuditLog.Head.init) else {
                throw TwinError(.invalid, "\(path) has a line that is not a head; 'twin audit head --jsonl' writes them")
            }
            return head
        }
    }

    private static func showHeads(_ call: Invocation) throws -> ExitCode {
        let heads = try call.workspace().audit.heads()
        try call.output.list(heads, empty: "nothing has been changed yet") {
            var table = Table(.text("TENANT"), .number("ROWS"), .text("HASH"))
            for head in heads { table.add(StyledText(head.tenantID), "\(head.sequence)", StyledText(head.hash)) }
            try call.output.table(table)
        }
        return .done
    }

    private static func addEntry(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let user = try call.string("user").map { try workspace.users.resolve($0) }
        let tenant =
            try user?.tenantID ?? workspace.authorizer.tenant(.manage, as: .localOperator, making: true)
        let entry = try workspace.audit.add(
            try call.required("ACTION"), tenantID: tenant, by: AuditLog.localActor, about: user?.id,
            details: JSONObject(call.pairs("detail").map { (key: $0.key, value: JSON.string($0.value)) }))
        try call.output.show(entry) { try call.output.line("\(entry.action, .bold) is in the log") }
        return .done
    }
}

extension AuditLog.Head: JSONRepresentable {
    package var json: JSON { ["tenant_id": .string(tenantID), "sequence": .int(sequence), "hash": .string(hash)] }

    init?(_ json: JSON) {
        guard let tenant = json["tenant_id"]?.stringValue, let sequence = json["sequence"]?.intValue, sequence > 0,
            let hash = json["hash"]?.stringValue, hash.utf8.count == 64
        else { return nil }
        self.init(tenantID: tenant, sequence: Int64(sequence), hash: hash)
    }
}

extension AuditLog.Verification: JSONRepresentable {
    package var json: JSON {
        [
            "valid": .bool(isValid), "rows": .number(rows), "erased": .number(erased), "fault_count": .number(faultCount),
            "faults": .array(
                faults.map { fault in
                    [
                        "kind": .string(fault.kind.rawValue), "tenant_id": .string(fault.tenantID),
                        "sequence": .int(fault.sequence), "id": .optional(fault.id),
                    ]
                }),
            "heads": .array(heads.map(\.json)),
        ]
    }
}
