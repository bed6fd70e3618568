import TwinKit
import TwinSupport

enum ClarificationsCommand {
    static let command = Command(
        "clarifications", summary: "Answer what only the owner can say",
        discussion: "A resolved clarification becomes a memory, and the same question is answered from it.",
        examples: [Example("twin clarifications list", "what waits for you")],
        alsoCalled: ["clarification", "clarify"], subcommands: [list, show, resolve])

    private static let clarification = Argument("ID", help: "Id of the clarification")

    static let list = Command(
        "list", summary: "List clarifications, newest first",
        examples: [Example("twin clarifications list --status all", "answered ones too")],
        options: [
            .twin,
            .choice(
                "status", "STATUS", short: "s", of: Clarification.Status.allCases.map(\.rawValue) + ["all"],
                default: "pending_owner", help: "Only those with this status"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listThreads)

    static let show = Command(
        "show", summary: "Show a clarification with its options",
        examples: [Example("twin clarifications show ID", "one of them")],
        arguments: [clarification], options: [.twin], exits: [.notConfigured, .notFound], alsoCalled: ["get", "view"],
        run: showThread)

    static let resolve = Command(
        "resolve", summary: "Answer a clarification",
        examples: [
            Example("twin clarifications resolve ID \"I am for it, with care.\"", "in your own words"),
            Example("twin clarifications resolve ID --option Support", "with one of the options"),
        ],
        arguments: [clarification, Argument("TEXT", .optional, help: "The answer, a sentence in the first person")],
        options: [.twin, .string("option", "LABEL", short: "o", help: "The label of the option to take")],
        exits: [.notConfigured, .notFound], alsoCalled: ["answer"], run: resolveThread)

    private static func listThreads(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let status = Clarification.Status(rawValue: call.string("status") ?? "pending_owner")
        let twin = try call.twin(in: workspace)
        // Documents that contradict each other ask as well.
        try GraphCommand.learn(twin, in: workspace, call.output)
        let threads = try workspace.clarifications.list(of: twin, status: status)
        try call.output.list(threads, empty: "nothing waits for the owner") {
            var table = Table(.text("ID"), .text("STATUS"), .number("ASKED"), .text("QUESTION", shrinks: true))
            for thread in threads {
                table.add(
                    StyledText(thread.id), StyledText(thread.status.rawValue), "\(thread.timesAsked)",
                    StyledText(thread.originalQuery))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showThread(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let thread = try workspace.clarifications.find(try call.required("ID"), of: call.twin(in: workspace))
        try call.output.show(thread) {
            var details = Details([
                "id": "\(thread.id, .bold)", "asked": StyledText(thread.originalQuery), "times": "\(thread.timesAsked)",
                "status": StyledText(thread.status.rawValue), "question": StyledText(thread.question),
            ])
            for option in thread.options { details.add("option", StyledText("\(option.label): \(option.value)")) }
            details.add("answer", thread.answerText.map { StyledText($0) })
            details.add("memory", thread.ownerMemoryID.map { StyledText($0) })
            try call.output.details(details)
        }
        return .done
    }

    private static func resolveThread(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let id = try call.required("ID")
        let label = call.string("option")
        if let label {
            let options = try workspace.clarifications.find(id, of: twin).options.map(\.label)
            guard options.contains(label) else {
                throw call.usage("there is no option '\(label)'; choose one of: \(options.joined(separator: "; "))")
            }
        }
        guard let answer = call.operand("TEXT") ?? label else { throw call.usage("give an answer, or --option LABEL") }
        let memory = try workspace.clarifications.resolve(id, of: twin, answer: answer, option: label, by: nil).memory
        let report: JSON = [
            "status": "applied", "clarification_id": .string(id), "owner_memory_id": .string(memory.id),
            "topic": .string(memory.topic), "memory_type": .string(memory.type.rawValue), "value": .string(memory.value),
        ]
        try call.output.show(report) { try call.output.line("\(memory.topic, .bold): \(memory.value)") }
        return .done
    }
}
