import TwinDatabase

/// What several rooms read of a source's row by its key or id. Beside `Source.columns`, so that a change of the table is a change of
/// this folder and of `Ingest`, which writes it.
extension Source {
    /// The source with this id; none when it is gone.
    static func stored(_ id: String, on connection: Connection) throws -> Source? {
        try connection.first("SELECT \(columns) FROM sources WHERE id = ?", id, map: Source.init)
    }

    /// The same by its key.
    static func stored(key: Int64, on connection: Connection) throws -> Source? {
        try connection.first("SELECT \(columns) FROM sources WHERE key = ?", key, map: Source.init)
    }

    /// What the index knows a source by: its title, or else its name, and its text.
    struct Wording {
        let textKey: Int64
        let title: String
        let text: String
    }

    /// None for a source without a text.
    static func wording(of key: Int64, on connection: Connection) throws -> Wording? {
        try connection.first(
            "SELECT s.text_key, coalesce(s.title, s.name), t.content FROM sources s JOIN texts t ON t.key = s.text_key WHERE s.key = ?",
            key
        ) { Wording(textKey: $0.int64(0), title: $0.text(1), text: $0.text(2)) }
    }

    /// Where it can be read by people, if it stands at an address.
    static func citationURL(of id: String, on connection: Connection) throws -> String? {
        try connection.first("SELECT citation_url FROM sources WHERE id = ?", id) { $0.optionalText(0) } ?? nil
    }

    /// Whether a twin has a source that can be asked.
    static func isAnyLive(of twinKey: Int64, on connection: Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM sources WHERE twin_key = ? AND status = 'live' LIMIT 1", twinKey) { _ in true }
            ?? false
    }
}
