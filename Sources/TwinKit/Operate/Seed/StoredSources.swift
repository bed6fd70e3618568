import TwinDatabase
import TwinHTTP
import TwinSupport

/// The sources of a twin as the database knows them, with the names that the files give them.
struct StoredSources {
    struct Row {
        var key: Int64
        var id: String
        var kind: Source.Kind
        var locator: String
        var name: String
        var title: String?
        var metadata: JSONObject
        var status: Source.Status
        var fileIdentity: String?
        /// SHA-256 of the bytes as they came, and of the text that was read from them.
        var contentHash: [UInt8]?
        var textHash: [UInt8]?
    }

    /// In the order of their locators, one each: what callers brought who do not see it is not the files'.
    let rows: [Row]
    private let streams: Set<String>
    private let byLocator: [String: Int]

    init(_ twin: Twin, on connection: Connection) throws {
        rows = try connection.rows(
            """
            SELECT s.key, s.id, s.kind, s.locator, s.title, s.metadata, s.status, s.file_identity, s.content_hash, t.sha256, s.name
            FROM sources s LEFT JOIN texts t ON t.key = s.text_key WHERE s.twin_key = ? AND s.variant = '' ORDER BY s.locator
            """, twin.key
        ) { row in
            Row(
                key: row.int64(0), id: row.text(1), kind: try row.value(2), locator: row.text(3), name: row.text(10),
                title: row.optionalText(4), metadata: try row.object(5), status: try row.value(6),
                fileIdentity: row.optionalText(7),
                contentHash: row.optionalBytes(8), textHash: row.optionalBytes(9))
        }
        streams = Set(rows.filter { $0.kind == .stream }.map(\.locator))
        byLocator = Dictionary(rows.enumerated().map { ($1.locator, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func row(at locator: String) -> Row? { byLocator[locator].map { rows[$0] } }

    /// The name in the files; a path that reads like the name of a stream is told from it by a leading `./`.
    func name(of row: Row, in directory: TwinDirectory) -> String {
        guard row.kind == .file else { return row.locator }
        let name = directory.name(of: row.locator)
        return streams.contains(name) ? "./" + name : name
    }

    /// The names by id.
    func names(in directory: TwinDirectory) -> [String: String] {
        Dictionary(rows.map { ($0.id, name(of: $0, in: directory)) }, uniquingKeysWith: { first, _ in first })
    }
}
