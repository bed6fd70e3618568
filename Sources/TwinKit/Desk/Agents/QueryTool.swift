import TwinDatabase
import TwinSupport

/// A tool that runs one query on a database file which the operator has named.
struct QueryTool: Sendable {
    static let maximumRows = 1_000
    /// Seconds.
    static let time = 2.0

    private let path: String
    private let sql: String
    private let rows: Int

    /// Reads a tool's config: `{database, query, max_rows}`. Throws `TwinError` (`invalid`).
    init(_ config: JSONObject) throws {
        guard let path = config["database"]?.stringValue, path.hasPrefix("/"), path.utf8.count <= 4_096 else {
            throw TwinError(.invalid, "config.database is the path of a SQLite file, beginning with /")
        }
        guard let sql = config["query"]?.stringValue, !sql.trimmed.isEmpty, sql.utf8.count <= 16_384 else {
            throw TwinError(.invalid, "config.query is a SELECT with :name where an argument goes")
        }
        self.path = path
        self.sql = sql
        rows = config["max_rows"]?.intValue ?? Self.maximumRows
        guard (1...Self.maximumRows).contains(rows) else {
            throw TwinError(.invalid, "config.max_rows is a number from 1 to \(Self.maximumRows)")
        }
    }

    /// `own` is the file that twin keeps everything in, which no tool reads.
    func call(_ arguments: JSONObject, own: String, isCancelled: @escaping () -> Bool) -> ToolOutcome {
        do {
            guard !FilePath.isSameFile(path, own) else {
                return .failed("not_permitted", "tools may not query twin's own database")
            }
            let query = ReadOnlyQuery(
                path: path, sql: sql, maximumRows: rows, maximumBytes: HTTPTool.maximumBytes, seconds: Self.time)
            let result = try query.run(arguments.members.map { ($0.key, Self.value($0.value)) }, isCancelled: isCancelled)
            return ToolOutcome(
                output: ["rows": .array(result.rows.map { .object($0) }), "truncated": .bool(result.isTruncated)])
        } catch let error as DatabaseError {
            return .failed("query_failed", TwinError(error).message)
        } catch {
            return .failed("query_failed", "\(error)")
        }
    }

    private static func value(_ json: JSON) -> DatabaseValue {
        switch json {
        case .null: .null
        case .bool(let flag): .int(flag ? 1 : 0)
        case .int(let number): .int(number)
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .array, .object: .text(json.text)
        }
    }
}
