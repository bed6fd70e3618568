import TwinKit
import TwinSupport

enum MemoryCommand {
    static let command = Command(
        "memory", summary: "Record the owner's views: stances, preferences, beliefs",
        discussion: "A question about the owner's own view is answered from here, or becomes a clarification.",
        examples: [Example("twin memory add \"remote work\" \"I am for it.\" --stance positive", "record a view")],
        alsoCalled: ["memories", "beliefs"], subcommands: [list, add, rm, candidates, approve, reject])

    private static let types = MemoryType.allCases.map(\.rawValue)

    static let list = Command(
        "list", summary: "List the owner's views, newest first",
        examples: [Example("twin memory list --status superseded", "earlier views")],
        options: [
            .twin,
            .choice(
                "status", "STATUS", short: "s", of: OwnerMemory.Status.allCases.map(\.rawValue) + ["all"], default: "active",
                help: "Only memories with this status"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listMemories)

    static let add = Command(
        "add", summary: "Record the owner's view on a topic, replacing any earlier one",
        examples: [Example("twin memory add pricing \"I prefer fixed prices.\" --type preference", "a preference")],
        arguments: [
            Argument("TOPIC", help: "What it is about, in a few words"), Argument("TEXT", help: "A sentence in the first person"),
        ],
        options: [
            .twin, .choice("type", "TYPE", of: types, default: "stance", help: "The kind of view"),
            .choice(
                "stance", "STANCE", of: OwnerMemory.Stance.allCases.map(\.rawValue),
                help: "Whether the owner is for it, against it, or neither"),
            .int("intensity", in: 1...10, help: "How strongly it is held, from 1 to 10"),
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["create", "new"], run: addMemory)

    static let rm = Command(
        "rm", summary: "Retract memories; --status retracted still lists them",
        examples: [Example("twin memory rm ID --reason \"changed my mind\"", "retract one")],
        arguments: [Argument("MEMORY", .oneOrMore, help: "Ids of memories")],
        options: [.twin, .string("reason", "WHY", help: "Why it is retracted")],
        exits: [.notConfigured, .notFound], alsoCalled: ["delete", "remove", "retract"], run: removeMemories)

    private static func listMemories(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let status = call.string("status") ?? "active"
        let memories = try workspace.memories.list(of: call.twin(in: workspace), status: OwnerMemory.Status(rawValue: status))
        try call.output.list(memories, empty: "there is no such memory") {
            var table = Table(.text("ID"), .text("TYPE"), .text("TOPIC", shrinks: true), .text("VALUE", shrinks: true))
            for memory in memories {
                table.add(
                    StyledText(memory.id), StyledText(memory.type.rawValue), StyledText(memory.topic), StyledText(memory.value))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func addMemory(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let entry = OwnerMemories.Entry(
            topic: try call.required("TOPIC"), type: call.string("type").flatMap(MemoryType.init) ?? .stance,
            value: try call.required("TEXT"), stance: call.string("stance").flatMap(OwnerMemory.Stance.init),
            intensity: call.int("intensity"))
        try show(try workspace.memories.add(entry, to: call.twin(in: workspace)), on: call.output)
        return .done
    }

    private static func removeMemories(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let ids = call.operands("MEMORY")
        for id in ids { try workspace.memories.retract(id, of: twin, reason: call.string("reason"), by: AuditLog.localActor) }
        try call.output.show(["status": "retracted", "ids": .strings(ids)] as JSON) {
            try call.output.line("\(ids.count) retracted")
        }
        return .done
    }

    static func show(_ memory: OwnerMemory, on output: Output) throws {
        try output.show(memory) {
            var details = Details([
                "id": "\(memory.id, .bold)", "type": StyledText(memory.type.rawValue), "topic": StyledText(memory.topic),
                "value": StyledText(memory.value), "status": StyledText(memory.status.rawValue),
            ])
            details.add("stance", memory.stance.map { StyledText($0.rawValue) })
            try output.details(details)
        }
    }
}
