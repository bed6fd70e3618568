import TwinKit

enum ChatCommand {
    static let command = Command(
        "chat", summary: "Ask a twin a question, or talk with it",
        discussion: """
            With a question it answers once; with - it reads the question from standard input; with neither, on a terminal, it \
            is a conversation with line editing and history. In a conversation /sources shows the passages behind the last \
            answer, /new begins anew, and Ctrl-D ends it.

            An answer quotes its documents and names document, heading or page, and byte range of each quotation, which is \
            compared with the stored text before it is shown. Where the documents do not answer, the twin says so: status \
            'unanswerable', exit code 0, or 10 with --exit-on-refusal.

            With --jsonl the answer is the stream of its events (metadata, content, done, clarify, error), one a line.
            """,
        examples: [
            Example("twin chat \"What oil does the gearbox take?\"", "one question"),
            Example("twin chat", "a conversation"),
            Example("echo 'What oil does the gearbox take?' | twin chat - --json | jq -r .answer", "from a script"),
            Example("twin chat \"And how much?\" --conversation ID", "go on with a conversation"),
            Example("twin chat \"Who is the mayor?\" --exit-on-refusal || echo 'not in the documents'", "act on a refusal"),
        ],
        arguments: [Argument("QUESTION|-", .many, help: "The question; several operands are joined by spaces")],
        options: [
            .twin,
            .string(
                "conversation", "ID", short: "c", completion: .dynamic(.conversations),
                help: "Go on with this conversation"),
            .flag("exit-on-refusal", help: "End with exit code 10 when the documents do not answer"),
            .string("as-group", "GROUP", completion: .dynamic(.groups), help: "Ask as a member of this access group"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "Ask as the holder of this API key (its id)"),
        ],
        exits: [
            .notConfigured, .notPermitted, .notFound, .limitReached, .busy, .upstream, .notAnswerable, .interrupted,
        ],
        alsoCalled: ["ask", "talk", "answer"], run: { try $0.notWired() })
}
