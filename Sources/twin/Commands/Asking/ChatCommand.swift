import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

enum ChatCommand {
    static let command = Command(
        "chat", summary: "Ask a twin a question, or talk with it",
        discussion: """
            With a question it answers once; with - it reads the question from standard input; with neither, on a terminal, it \
            is a conversation with line editing and history. In a conversation /sources shows the passages behind the last \
            answer, /new starts over, and Ctrl-D ends it.

            An answer quotes its documents and names document, heading or page, and byte range of each quotation, which is \
            compared with the stored text before it is shown. Where the documents do not answer, the twin says so: status \
            'unanswerable', exit code 0, or 10 with --exit-on-refusal.

            With --jsonl the answer is the stream of its events (metadata, content, done, clarify, error), one a line.

            With --no-store nothing is left of the question: no conversation, no escalation, no clarification, no usage, so that \
            a twin can be tried without filling its owner's lists. --as-group and --as-key, which try what others are told, \
            mean it too. --history gives such a question what was said before it: a JSON list of {"role", "content"}, where \
            the role is user or assistant.
            """,
        examples: [
            Example("twin chat \"What oil does the gearbox take?\"", "one question"),
            Example("twin chat", "a conversation"),
            Example("echo 'What oil does the gearbox take?' | twin chat - --json | jq -r .answer", "from a script"),
            Example("twin chat \"And how much?\" --conversation ID", "continue a conversation"),
            Example("twin chat \"What oil does the gearbox take?\" --no-store", "try a twin, and leave no trace"),
            Example("twin chat \"Who is the mayor?\" --exit-on-refusal || echo 'not in the documents'", "act on a refusal"),
        ],
        arguments: [Argument("QUESTION|-", .many, help: "The question; several operands are joined by spaces")],
        options: [
            .twin,
            .string(
                "conversation", "ID", short: "c", completion: .dynamic(.conversations),
                help: "Continue this conversation"),
            .flag("no-store", help: "Store nothing: no conversation, escalation, clarification or usage"),
            .path("history", "FILE", help: "What was said before, as JSON, without a conversation of this database"),
            .flag("exit-on-refusal", help: "End with exit code 10 when the documents do not answer"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "Ask as a member of this access group"),
            .string(
                "as-key", "KEY", completion: .dynamic(.keys), help: "Ask as the holder of this API key: its id, @FILE or env:NAME"
            ),
        ],
        exits: [
            .notConfigured, .notPermitted, .notFound, .limitReached, .busy, .upstream, .notAnswerable, .interrupted,
        ],
        alsoCalled: ["ask", "talk", "answer"], run: run)

    private static func run(_ call: Invocation) throws -> ExitCode {
        let words = call.operands("QUESTION|-")
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let (principal, group) = try call.principal(in: workspace)
        var question = Ask.Question("", of: twin.id, conversationID: call.string("conversation"))
        question.group = group
        if group != nil { question.mode = .public }
        if call.flag("no-store") || call.has("as-group") || call.has("as-key") { question.keeping = .nothing }
        question.history = try call.string("history").map { try history($0, call) } ?? []
        if words.isEmpty {
            guard isatty(STDIN_FILENO) == 1, call.output.mode == .text else {
                throw call.usage("there is no question; give one, or - to read it from standard input")
            }
            return try ChatSession(call: call, ask: workspace.ask, principal: principal, question: question)
                .run(with: twin.name)
        }
        question.text =
            words == ["-"]
            ? try StandardInput.text(limit: ChatService.maximumQuestionBytes + 1) : words.joined(separator: " ")
        let answer = try workspace.ask.answer(
            question, as: Ask.Reader(atFile: principal), isCancelled: { Interrupt.isRequested },
            emit: { event in
                if call.output.mode == .jsonl { try call.output.record(event.json) }
            })
        switch call.output.mode {
        case .jsonl: break
        case .json: try call.output.document(answer.json)
        case .text: try AnswerText.print(answer, on: call.output)
        }
        return [.unanswerable, .escalated, .clarify].contains(answer.status) && call.flag("exit-on-refusal")
            ? .notAnswerable : .done
    }

    /// Bytes of a file of history at the most.
    private static let maximumHistory = 1 << 20

    /// The messages of a JSON list of `{"role", "content"}`.
    private static func history(_ path: String, _ call: Invocation) throws -> [PastMessage] {
        guard !call.has("conversation") else { throw call.usage("--history and --conversation cannot be used together") }
        let bytes = try StandardInput.bytes(of: path, limit: maximumHistory)
        let messages = (try? JSONParser.parse(bytes))?.arrayValue?.map(PastMessage.init)
        guard let messages, !messages.contains(nil) else {
            throw TwinError(
                .invalid, "\(path) is not a JSON list of {\"role\": \"user\" or \"assistant\", \"content\": \"…\"} objects")
        }
        return messages.compactMap { $0 }
    }
}
