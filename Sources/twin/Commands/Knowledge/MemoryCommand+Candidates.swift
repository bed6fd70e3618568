import TwinKit
import TwinSupport

/// What documents and conversations suggest to remember, and the owner's word on it.
extension MemoryCommand {
    private static let candidate = Argument("CANDIDATE", .oneOrMore, help: "Ids of candidates")
    private static let candidateExits: [ExitCode] = [.notConfigured, .notFound, .interrupted]

    static let candidates = Command(
        "candidates", summary: "List statements of the owner's that the twin could remember",
        discussion:
            "They are sentences of documents and of the owner's own questions that state a preference, an aversion or a decision.",
        examples: [Example("twin memory candidates", "what awaits your decision")],
        options: [
            .twin,
            .choice(
                "status", "STATUS", short: "s", of: MemoryCandidate.Status.allCases.map(\.rawValue) + ["all"], default: "pending",
                help: "Only candidates in this state"),
        ],
        exits: candidateExits, alsoCalled: ["suggestions", "pending"], run: listCandidates)

    static let approve = Command(
        "approve", summary: "Approve candidates: from now on they answer",
        examples: [Example("twin memory approve ID", "one of them")], arguments: [candidate], options: [.twin],
        exits: candidateExits, alsoCalled: ["accept", "confirm"], run: approveCandidates)

    static let reject = Command(
        "reject", summary: "Reject candidates; they are not offered again",
        examples: [Example("twin memory reject ID", "one of them")], arguments: [candidate], options: [.twin],
        exits: candidateExits, alsoCalled: ["dismiss"], run: rejectCandidates)

    private static func listCandidates(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        try GraphCommand.learn(twin, in: workspace, call.output)
        let found = try workspace.candidates.list(
            of: twin, for: .everything, status: MemoryCandidate.Status(rawValue: call.string("status") ?? "pending"))
        try show(found.candidates, on: call.output)
        return .done
    }

    private static func approveCandidates(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        try show(
            try call.operands("CANDIDATE").map { try workspace.candidates.approve($0, of: twin, by: AuditLog.localActor) },
            on: call.output)
        return .done
    }

    private static func rejectCandidates(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        try show(
            try call.operands("CANDIDATE").map { try workspace.candidates.reject($0, of: twin, by: AuditLog.localActor) },
            on: call.output)
        return .done
    }

    private static func show(_ candidates: [MemoryCandidate], on output: Output) throws {
        try output.list(candidates, empty: "there is no such candidate") {
            var table = Table(.text("ID"), .text("STATUS"), .text("TYPE"), .text("CONTENT", shrinks: true))
            for candidate in candidates {
                table.add(
                    StyledText(candidate.id), StyledText(candidate.status.rawValue), StyledText(candidate.memoryType),
                    StyledText(candidate.content))
            }
            try output.table(table)
        }
    }
}
