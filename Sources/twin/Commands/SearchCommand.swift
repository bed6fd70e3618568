import TwinKit

enum SearchCommand {
    static let command = Command(
        "search", summary: "Find the passages of a twin's documents that match some words",
        discussion: """
            Passages are ranked by how well they match, best first. Words are matched without regard to case, accents and \
            endings. Only documents that the caller may see are searched.
            """,
        examples: [
            Example("twin search gear oil pressure", "the ten best passages"),
            Example("twin search \"gear oil\" --limit 3 --json | jq -r '.[].text'", "the text of the three best"),
        ],
        arguments: [Argument("WORDS", .oneOrMore, help: "What to look for; several operands are joined by spaces")],
        options: [
            .twin,
            .int("limit", short: "n", in: 1...1000, default: "10", help: "At most so many passages"),
            .string(
                "as-group", "GROUP", completion: .dynamic(.groups), help: "Search as a member of this access group"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "Search as the holder of this API key (its id)"),
        ],
        exits: [.notConfigured, .notPermitted, .notFound, .limitReached, .busy],
        alsoCalled: ["find", "grep", "query"], run: { try $0.notWired() })
}
