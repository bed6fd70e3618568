import TwinHTTP
import TwinKit
import TwinSupport

enum ConversationsCommand {
    static let command = Command(
        "conversations", summary: "List conversations and read them again",
        examples: [
            Example("twin conversations list", "the conversations of a twin, newest first"),
            Example("twin conversations show ID --json | jq '.messages[-1]'", "the last message of one"),
        ],
        alsoCalled: ["conversation", "chats", "history"],
        subcommands: [list, show])

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
                }
            }
        }
        return .done
    }
}
