import TwinHTTP
import TwinKit
import TwinSupport

/// A conversation at the terminal.
struct ChatSession {
    let call: Invocation
    let ask: Ask
    let principal: Principal
    /// Each of the conversation's questions but for its text and what was said before.
    let question: Ask.Question

    func run(with name: String) throws -> ExitCode {
        var question = question
        var last: ChatAnswer?
        var editor = LineEditor(output: call.output, environment: call.environment)
        call.output.note(
            "Talking with \(name). /sources shows the evidence, /new starts over, /help lists the commands, Ctrl-D quits.")
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
                question.conversationID = nil
                question.history = []
                last = nil
                call.output.note("starting a new conversation")
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
            case _ where input.hasPrefix("/"): call.output.note("there is no command \(input); /help lists them")
            default:
                do {
                    Interrupt.catchSignals()
                    // Ctrl-C stops a model that is thinking; the quotations are there without it.
                    defer { Interrupt.clear() }
                    question.text = input
                    let answer = try ask.answer(
                        question, as: Ask.Reader(atFile: principal), isCancelled: { Interrupt.isRequested })
                    if let id = answer.metadata.conversationID { question.conversationID = id }
                    // What is not stored is remembered here.
                    question.history += [PastMessage(.user, input), PastMessage(.assistant, answer.text)]
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
