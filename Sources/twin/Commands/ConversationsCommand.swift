import TwinKit

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
        options: [.twin, .int("limit", short: "n", in: 1...1_000_000, default: "50", help: "At most so many")],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: { try $0.notWired() })

    static let show = Command(
        "show", summary: "Show the messages of a conversation",
        examples: [Example("twin conversations show ID", "questions and answers with their citations")],
        arguments: [Argument("CONVERSATION", help: "Id of the conversation", completion: .dynamic(.conversations))],
        exits: [.notConfigured, .notFound], alsoCalled: ["get", "view", "messages"], run: { try $0.notWired() })
}
