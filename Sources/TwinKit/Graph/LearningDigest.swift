import TwinDatabase
import TwinHTTP
import TwinSupport

/// What a twin learned on one day, as a caller may see it.
package struct LearningDigest: Sendable, Equatable, JSONRepresentable {
    /// YYYY-MM-DD.
    package var date: String
    /// Each count is of what came to be that day and the caller may read.
    package var newEntities = 0
    package var newFacts = 0
    package var newRelationships = 0
    /// Sentences, the weightiest first, at most ten.
    package var highlights: [String] = []

    package var json: JSON {
        [
            "date": .string(date), "new_entities": .number(newEntities), "new_facts": .number(newFacts),
            "new_relationships": .number(newRelationships), "highlights": .strings(highlights),
        ]
    }

    private static let maximumHighlights = 10
    private static let entityTypes: Set<String> = ["person", "organization", "place", "product", "concept", "event"]

    /// The digest of a calendar day. `date` is YYYY-MM-DD and today without one; `offset` is that of the day's time zone from
    /// UTC, as +HH:MM. Throws `TwinError` for what is neither.
    package static func make(
        of twin: Twin, date: String? = nil, offset: String? = nil, for clearance: Clearance, in database: Database
    ) throws -> LearningDigest {
        guard let minutes = Self.minutes(offset ?? "UTC") else {
            throw TwinError(.invalid, "'\(offset ?? "")' is not a time zone's offset; write UTC or +02:00")
        }
        let local = Clock.now.adding(seconds: Double(minutes) * 60)
        let day = try date.map(Self.day) ?? String(local.description.prefix(10))
        guard let midnight = Timestamp(day + "T00:00:00Z") else { throw Self.noDate(day) }
        let from = midnight.adding(seconds: -Double(minutes) * 60)
        let span = (from.description, from.adding(seconds: 86_400).description)
        let group = clearance.groupKey(in: twin)
        return try database.read { connection in
            var digest = LearningDigest(date: day)
            let nodes = try KnowledgeGraph.nodes(of: twin, group: group, on: connection)
                .filter { $0.createdAt.description >= span.0 && $0.createdAt.description < span.1 }
            digest.newEntities = nodes.count { entityTypes.contains($0.type) }
            digest.newFacts = nodes.count { $0.type == "fact" || $0.type == "preference" }
            var keys: Set<Int64> = []
            try connection.forEach(
                "SELECT key FROM graph_edges WHERE twin_key = ? AND created_at >= ? AND created_at < ?",
                [twin.key, span.0, span.1]
            ) { keys.insert($0.int64(0)) }
            digest.newRelationships = try KnowledgeGraph.edges(of: twin, group: group, on: connection).count {
                keys.contains($0.key)
            }
            let owned = nodes.filter { $0.origin != .extracted }
            let found = nodes.filter { $0.origin == .extracted && entityTypes.contains($0.type) }
                .sorted { ($1.mentionCount, $0.name) < ($0.mentionCount, $1.name) }
            digest.highlights = owned.map { $0.origin == .owner ? "Remembered: \($0.name)" : "The owner answered: \($0.name)" }
            digest.highlights += found.map {
                "Learned about \($0.name) (\($0.type), \($0.sourceCount) source\($0.sourceCount == 1 ? "" : "s"))"
            }
            digest.highlights = Array(digest.highlights.prefix(maximumHighlights))
            return digest
        }
    }

    private static func day(_ text: String) throws -> String {
        guard isDay(text) else { throw noDate(text) }
        return text
    }

    /// Whether a text is a day of the calendar, as YYYY-MM-DD.
    package static func isDay(_ text: String) -> Bool {
        guard text.utf8.count == 10, let time = Timestamp(text + "T00:00:00Z") else { return false }
        return time.description.hasPrefix(text)
    }

    private static func noDate(_ text: String) -> TwinError {
        TwinError(.invalid, "'\(text)' is not a day; write it like 2026-11-25")
    }

    /// Minutes east of UTC of "UTC", "Z", "+02:00"; none of anything else.
    package static func minutes(_ text: String) -> Int? {
        if text == "UTC" || text == "Z" || text == "GMT" { return 0 }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2, text.utf8.count == 6,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), (0...14).contains(hours), (0...59).contains(minutes)
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    }
}
