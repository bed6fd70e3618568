import TwinDatabase
import TwinSupport

/// Which sources are meant: of some kinds, of a time, with some properties.
package struct SourceFilter: Sendable, Equatable {
    /// Kinds (`file`, `url`, …) or formats (`pdf`, `markdown`, …); any of them.
    package var kinds: [String] = []
    /// Published, or else added, then or later.
    package var since: Timestamp?
    /// Properties of the document or of its source, and the value that each has to have or to hold; all of them.
    package var properties: [(name: String, value: String)] = []

    package init() {}

    package var isEmpty: Bool { kinds.isEmpty && since == nil && properties.isEmpty }

    package static func == (left: SourceFilter, right: SourceFilter) -> Bool {
        left.kinds == right.kinds && left.since == right.since
            && left.properties.elementsEqual(right.properties, by: { $0.name == $1.name && $0.value == $1.value })
    }

    /// The moment that `7d`, `12h`, `2w`, a day or an instant names; none for anything else.
    package static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if let unit = text.last, let count = Int(text.dropLast()), (0...100_000).contains(count) {
            let seconds: [Character: Int] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600]
            if let length = seconds[unit] { return now.adding(seconds: -Double(count * length)) }
        }
        return Timestamp(text)
    }

    /// A condition on a row of `sources` for the parameters `?first`, `?first+1` and `?first+2`, which `values` binds.
    static func condition(from first: Int) -> String {
        """
        (?\(first) IS NULL OR sources.kind IN (SELECT value FROM json_each(?\(first))) OR sources.format IN (SELECT value FROM json_each(?\(first))))
        AND (?\(first + 1) IS NULL OR coalesce(sources.published_at, sources.created_at) >= ?\(first + 1))
        AND (?\(first + 2) IS NULL OR NOT EXISTS (
            SELECT 1 FROM json_each(?\(first + 2)) wanted WHERE NOT EXISTS (
                SELECT 1 FROM json_each(json_patch(sources.metadata, json_object('author', sources.author, 'language', sources.language,
                        'format', sources.format, 'title', sources.title, 'name', sources.name))) property
                WHERE lower(property.key) IN (wanted.value ->> 0, (wanted.value ->> 0) || 's') AND (
                    \(isWanted("property"))
                    OR (property.type = 'array' AND EXISTS (SELECT 1 FROM json_each(property.value) item
                        WHERE \(isWanted("item"))))))))
        """
    }

    /// Whether a value is the wanted one, in any case: SQLite's `lower` knows ASCII, so that other letters are compared as they were
    /// written as well.
    private static func isWanted(_ value: String) -> String {
        """
        (lower(\(value).atom) = wanted.value ->> 1 OR \(value).atom = wanted.value ->> 2
            OR \(value).type IN ('true', 'false') AND \(value).type = wanted.value ->> 1)
        """
    }

    /// What `condition` binds, in its order.
    var kindsJSON: JSON? { kinds.isEmpty ? JSON?.none : JSON.strings(kinds) }
    var sinceText: String? { since?.description }
    var propertiesJSON: JSON? {
        properties.isEmpty
            ? JSON?.none : JSON.array(properties.map { .strings([$0.name.lowercased(), $0.value.lowercased(), $0.value]) })
    }

    /// The keys of a twin's sources that are meant.
    package func keys(of twin: Twin, on connection: Connection) throws -> [Int64] {
        try connection.rows(
            "SELECT key FROM sources WHERE twin_key = ?1 AND \(Self.condition(from: 2)) ORDER BY key", twin.key, kindsJSON,
            sinceText,
            propertiesJSON
        ) { $0.int64(0) }
    }
}
