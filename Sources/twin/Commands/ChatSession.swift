import TwinHTTP
import TwinKit
import TwinSupport

/// A conversation at the terminal.
struct ChatSession {
    let call: Invocation
    let workspace: Workspace
    let twin: Twin
    let clearance: Clearance

    func run() throws -> ExitCode {
        var conversation = call.string("conversation")
        var last: ChatAnswer?
        var editor = LineEditor(output: call.output, environment: call.environment)
        call.output.note("Talking with \(twin.name). /sources shows the evidence, /new begins anew, /help explains, Ctrl-D ends.")
        while true {
            let line: String
            switch try editor.read(prompt: "\("you> ", .bold)") {
            case .end: return .done
            case .interrupted:
                // Ctrl-C drops the line; pressed again on an empty one it is meant for the conversation.
                if Interrupt.isRequested { return .interrupted }
                continue
            case .line(let text): line = text
            }
            let input = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            switch input {
            case "": continue
            case "/quit", "/exit": return .done
            case "/help":
                call.output.note(
                    "/sources  the passages behind the last answer\n/new      a new conversation\n/quit     end, as Ctrl-D does")
            case "/new":
                conversation = nil
                last = nil
                call.output.note("a new conversation begins")
            case "/sources":
                guard let last, !last.metadata.citations.isEmpty else {
                    call.output.note("there is no evidence to show")
                    continue
                }
                for citation in last.metadata.citations {
                    try call.output.line(
                        "\("[\(citation.number)]", .cyan) \(citation.sourceTitle, .bold) \(citation.place, .dim)")
                    try call.output.line("    \(citation.quote)")
                }
            case _ where input.hasPrefix("/"): call.output.note("there is no \(input); /help shows what there is")
            default:
                do {
                    Interrupt.catchSignals()
                    // Ctrl-C stops a model that is thinking; the quotations are there without it.
                    defer { Interrupt.clear() }
                    let answer = try workspace.chat.ask(
                        ChatService.Request(question: input, clearance: clearance, conversationID: conversation), of: twin,
                        isCancelled: { Interrupt.isRequested })
                    conversation = answer.metadata.conversationID
                    last = answer
                    try AnswerText.print(answer, on: call.output)
                    try call.output.line()
                } catch let error as TwinError where error.kind != .notFound {
                    // A question that could not be answered must not end the conversation.
                    call.output.warning(error.message)
                }
            }
        }
    }
}
