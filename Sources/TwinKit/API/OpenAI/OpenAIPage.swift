import TwinHTTP
import TwinSupport

/// One page of a list as OpenAI's clients turn them: by the id of the last thing they have seen.
struct OpenAIPage {
    private let limit: Int
    private let isAscending: Bool
    private let after: String?
    private let before: String?

    private static let order = FieldRule.oneOf(["asc", "desc"])
    private static let cursor = FieldRule.string(1...200)

    static func parameters(atMost maximum: Int) -> [RouteDocumentation.Parameter] {
        [
            .query("limit", .int(1...maximum)), .query("order", order), .query("after", cursor), .query("before", cursor),
        ]
    }

    /// Reads what the client asks for. Adds to `query` what is wrong.
    init(_ query: inout FieldDecoder, standard: Int, atMost maximum: Int) {
        limit = query.optional("limit", .int(1...maximum)) ?? standard
        isAscending = query.optional("order", Self.order) == "asc"
        after = query.optional("after", Self.cursor)
        before = query.optional("before", Self.cursor)
    }

    /// The page of `items`, which are newest first. What a cursor names and is gone since leaves its side open.
    func json<Item>(of items: [Item], id: (Item) -> String, _ render: (Item) throws -> JSON) rethrows -> JSON {
        var rest = isAscending ? Array(items.reversed())[...] : items[...]
        if let after, let index = rest.firstIndex(where: { id($0) == after }) { rest = rest[(index + 1)...] }
        var hasMore = false
        if let before, let index = rest.firstIndex(where: { id($0) == before }) {
            hasMore = rest[..<index].count > limit
            rest = rest[..<index].suffix(limit)
        }
        let page = rest.prefix(limit)
        return [
            "object": "list", "data": .array(try page.map(render)),
            // Texts also for nothing: the published description knows no null here.
            "first_id": .string(page.first.map(id) ?? ""), "last_id": .string(page.last.map(id) ?? ""),
            "has_more": .bool(hasMore || rest.count > page.count),
        ]
    }
}
