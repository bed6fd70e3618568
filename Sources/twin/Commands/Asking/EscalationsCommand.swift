import TwinKit
import TwinSupport

enum EscalationsCommand {
    static let command = Command(
        "escalations", summary: "Answer questions that the documents did not",
        discussion: "With the setting escalation.enabled a question without an answer is handed to the owner.",
        examples: [
            Example("twin twins set ada --setting escalation.enabled=true", "turn it on"),
            Example("twin escalations answer ID \"In 1843.\" --publish", "and answer the next one who asks"),
        ],
        alsoCalled: ["escalation", "unanswered"], subcommands: [list, show, answer, dismiss, export])

    private static let escalation = Argument("ESCALATION", help: "Id of the escalation")
    private static let statuses = Escalation.Status.allCases.map(\.rawValue) + ["all"]
    private static let exits: [ExitCode] = [.notConfigured, .notFound]

    static let list = Command(
        "list", summary: "List escalations, most frequently asked first",
        examples: [Example("twin escalations list --status all", "answered and dismissed ones too")],
        options: [
            .twin, .choice("status", "STATUS", short: "s", of: statuses, default: "open", help: "Only those with this status"),
        ],
        exits: exits, alsoCalled: ["ls"], run: listEscalations)

    static let show = Command(
        "show", summary: "Show an escalation", examples: [Example("twin escalations show ID", "one of them")],
        arguments: [escalation], options: [.twin], exits: exits, alsoCalled: ["get", "view"], run: showEscalation)

    static let answer = Command(
        "answer", summary: "Answer an escalation",
        examples: [Example("twin escalations answer ID \"In 1843.\" --publish", "as a verified answer")],
        arguments: [escalation, Argument("TEXT", help: "The answer")],
        options: [.twin, .flag("publish", help: "Make it a verified answer, so that the same question gets it")],
        exits: exits, alsoCalled: ["resolve"], run: answerEscalation)

    static let dismiss = Command(
        "dismiss", summary: "Dismiss escalations without answering them",
        examples: [Example("twin escalations dismiss ID", "one of them")],
        arguments: [Argument("ESCALATION", .oneOrMore, help: "Ids of escalations")], options: [.twin], exits: exits,
        alsoCalled: ["rm", "close"], run: dismissEscalations)

    static let export = Command(
        "export", summary: "Write escalations as a file of questions for 'twin eval'",
        discussion: "Open and dismissed questions are marked as unanswerable; answered ones carry their answer.",
        examples: [Example("twin escalations export > questions.jsonl", "one question a line")],
        options: [
            .twin, .choice("status", "STATUS", short: "s", of: statuses, default: "all", help: "Only those with this status"),
        ],
        exits: exits, alsoCalled: ["dump"], run: exportEscalations)

    private static func found(_ call: Invocation, _ fallback: String) throws -> [Escalation] {
        let workspace = try call.workspace()
        let status = Escalation.Status(rawValue: call.string("status") ?? fallback)
        return try workspace.escalations.list(of: call.twin(in: workspace), status: status)
    }

    private static func listEscalations(_ call: Invocation) throws -> ExitCode {
        let escalations = try found(call, "open")
        try call.output.list(escalations, empty: "there is no such escalation") {
            var table = Table(.text("ID"), .text("STATUS"), .number("ASKED"), .text("QUESTION", shrinks: true))
            for item in escalations {
                table.add(StyledText(item.id), StyledText(item.status.rawValue), "\(item.timesAsked)", StyledText(item.question))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showEscalation(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        try show(
            try workspace.escalations.find(try call.required("ESCALATION"), of: call.twin(in: workspace)), on: call.output)
        return .done
    }

    private static func answerEscalation(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let escalation = try workspace.escalations.answer(
            try call.required("ESCALATION"), of: call.twin(in: workspace), try call.required("TEXT"),
            publish: call.flag("publish"), by: nil)
        try show(escalation, on: call.output)
        return .done
    }

    private static func dismissEscalations(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let dismissed = try call.operands("ESCALATION").map { try workspace.escalations.dismiss($0, of: twin, by: nil) }
        try call.output.list(dismissed, empty: "nothing was dismissed") {
            for item in dismissed { try call.output.line("\(item.question, .bold) is dismissed") }
        }
        return .done
    }

    private static func exportEscalations(_ call: Invocation) throws -> ExitCode {
        let lines = try found(call, "all").map { item in
            var object: JSONObject = ["id": .string(item.id), "question": .string(item.question)]
            if let answer = item.answer { object["answers"] = [.string(answer)] } else { object["unanswerable"] = true }
            return JSON.object(object).text + "\n"
        }
        try call.output.data(lines.joined())
        return .done
    }

    private static func show(_ escalation: Escalation, on output: Output) throws {
        try output.show(escalation) {
            var details = Details([
                "id": "\(escalation.id, .bold)", "question": StyledText(escalation.question),
                "status": StyledText(escalation.status.rawValue), "asked": "\(escalation.timesAsked)",
            ])
            details.add("answer", escalation.answer.map { StyledText($0) })
            details.add("verified answer", escalation.verifiedAnswerID.map { StyledText($0) })
            try output.details(details)
        }
    }
}
