import TwinHTTP
import TwinKit
import TwinSupport

enum ConversationsCommand {
    static let command = Command(
        "conversations", summary: "List conversations, read them again and rate answers",
        examples: [
            Example("twin conversations list", "the conversations of a twin, newest first"),
            Example("twin conversations show ID --json | jq '.messages[-1]'", "the last message of one"),
        ],
        alsoCalled: ["conversation", "chats", "history"],
        subcommands: [list, show, rate, ratings, evaluation])

    static let list = Command(
        "list", summary: "List a twin's conversations, newest first",
        examples: [Example("twin conversations list --limit 5", "the five newest")],
        options: [.twin, .int("limit", short: "n", in: 1...1_000_000, default: "50", help: "Show at most this many")],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listConversations)

    static let show = Command(
        "show", summary: "Show the messages of a conversation",
        examples: [Example("twin conversations show ID", "questions and answers with their citations")],
        arguments: [Argument("CONVERSATION", help: "Id of the conversation", completion: .dynamic(.conversations))],
        exits: [.notConfigured, .notFound], alsoCalled: ["get", "view", "messages"], run: showConversation)

    static let rate = Command(
        "rate", summary: "Say whether an answer was good",
        examples: [
            Example(
                "twin conversations rate MESSAGE down --comment \"That was last year's price.\"", "the message_id of an answer")
        ],
        arguments: [
            Argument("MESSAGE", help: "Id of the answer, which 'twin chat --json' and 'twin conversations show --json' print"),
            Argument("RATING", help: "up or down", completion: .choices(Feedback.Rating.allCases.map(\.rawValue))),
        ],
        options: [.string("comment", "TEXT", short: "c", help: "Why")], exits: [.notConfigured, .notFound],
        alsoCalled: ["thumbs"], run: rateAnswer)

    static let ratings = Command(
        "ratings", summary: "List what readers thought of answers, newest first",
        examples: [Example("twin conversations ratings --rating down", "the bad ones")],
        options: [
            .twin, .choice("rating", "RATING", of: Feedback.Rating.allCases.map(\.rawValue), help: "Only these"),
            .int("limit", short: "n", in: 1...1_000_000, default: "200", help: "Show at most this many"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["feedback"], run: listRatings)

    static let evaluation = Command(
        "case", summary: "Turn rated answers into questions for 'twin eval'",
        discussion: """
            Without a message it writes all answers that were rated up, with what they quoted. For one that was rated down, say \
            what is right.
            """,
        examples: [
            Example("twin conversations case >> questions.jsonl", "everything that was rated up"),
            Example("twin conversations case MESSAGE --answer \"by 15 September\" >> questions.jsonl", "one that was rated down"),
        ],
        arguments: [Argument("MESSAGE", .optional, help: "Id of a rated answer")],
        options: [
            .twin, .string("answer", "TEXT", help: "The right answer, or a span that it has to hold"),
            .flag("unanswerable", help: "The right answer is that there is none"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["cases"], run: writeCases)

    private static func rateAnswer(_ call: Invocation) throws -> ExitCode {
        guard let rating = Feedback.Rating(rawValue: try call.required("RATING")) else {
            throw call.usage("say 'up' or 'down'")
        }
        let message = try call.required("MESSAGE")
        do {
            try call.workspace().feedback.rate(message, rating, call.string("comment"), as: .localOperator)
        } catch let error as RateLimit.Exceeded {
            throw error.error
        }
        try call.output.show(["message_id": .string(message), "rating": .string(rating.rawValue)] as JSON) {
            try call.output.line("The answer is rated \(rating.rawValue).")
        }
        return .done
    }

    private static func listRatings(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let found = try workspace.feedback.list(
            of: call.twin(in: workspace), rating: call.string("rating").flatMap(Feedback.Rating.init),
            limit: call.int("limit") ?? 200)
        try call.output.list(found, empty: "no answer has been rated yet") {
            var table = Table(.text("MESSAGE"), .text("RATING"), .text("QUESTION", shrinks: true), .text("WHY", shrinks: true))
            for item in found {
                table.add(
                    StyledText(item.messageID), StyledText(item.rating.rawValue), StyledText(item.question),
                    StyledText(item.comment ?? ""))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func writeCases(_ call: Invocation) throws -> ExitCode {
        if call.has("answer"), call.flag("unanswerable") {
            throw call.usage("--answer and --unanswerable cannot be used together")
        }
        let correction: Feedback.Correction? =
            call.flag("unanswerable") ? .unanswerable : call.string("answer").map { .answer($0) }
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        guard let message = call.operands("MESSAGE").first else {
            if correction != nil { throw call.usage("--answer and --unanswerable need a MESSAGE") }
            for entry in try workspace.feedback.list(of: twin, rating: .up, limit: -1) {
                try call.output.record(workspace.feedback.evaluationCase(entry, of: twin))
            }
            return .done
        }
        guard let entry = try workspace.feedback.list(of: twin, messageID: message, limit: 1).first else {
            throw TwinError(.notFound, "there is no rated answer '\(message)'; 'twin conversations ratings' shows them")
        }
        try call.output.record(workspace.feedback.evaluationCase(entry, correction: correction, of: twin))
        return .done
    }

    private static func listConversations(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let conversations = try workspace.conversations.list(
            twin: try call.twin(in: workspace), limit: call.int("limit") ?? 50)
        try call.output.list(conversations, empty: "there is no conversation yet") {
            var table = Table(.text("ID"), .text("BEGUN"), .number("MESSAGES"), .text("FIRST QUESTION", shrinks: true))
            for item in conversations {
                let begun = item.conversation.createdAt
                table.add(
                    StyledText(item.conversation.id),
                    StyledText(call.output.isTerminal ? Format.ago(begun) : begun.description), "\(item.messageCount)",
                    StyledText(item.firstQuestion ?? ""))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showConversation(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let conversation = try workspace.conversations.find(try call.required("CONVERSATION"))
        let messages = try workspace.conversations.messages(of: conversation)
        switch call.output.mode {
        case .jsonl: for message in messages { try call.output.record(message.json) }
        case .json:
            try call.output.document([
                "id": .string(conversation.id), "created_at": .string(conversation.createdAt.description),
                "messages": .array(messages.map(\.json)),
            ])
        case .text:
            for (number, message) in messages.enumerated() {
                if number > 0 { try call.output.line() }
                switch message.role {
                case .user: try call.output.line("\("> " + message.content, .bold)")
                case .assistant: try AnswerText.print(message.content, message.citations, on: call.output)
                case .supporter: try call.output.line(StyledText(message.content))
                }
            }
        }
        return .done
    }
}
