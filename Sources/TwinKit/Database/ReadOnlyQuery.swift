import CSQLite
import TwinSupport

/// One SELECT on a file that is not twin's: opened for reading alone, with an authorizer that lets it read and nothing else
/// (https://www.sqlite.org/c3ref/set_authorizer.html), within bounds of time, rows and bytes.
package struct ReadOnlyQuery: Sendable {
    package var path: String
    package var sql: String
    /// Rows at the most.
    package var maximumRows: Int
    /// Bytes of the rows' values together. What exceeds this or `maximumRows` is cut off, not refused: see `isTruncated`.
    package var maximumBytes: Int
    /// Until the query is stopped, which throws a `DatabaseError`.
    package var seconds: Double

    package init(path: String, sql: String, maximumRows: Int, maximumBytes: Int, seconds: Double) {
        self.path = path
        self.sql = sql
        self.maximumRows = maximumRows
        self.maximumBytes = maximumBytes
        self.seconds = seconds
    }

    /// Rows by the names of their columns, in the order of the query.
    package struct Result: Sendable {
        package var rows: [JSONObject] = []
        /// Whether there was more than may be given.
        package var isTruncated = false
    }

    /// Runs it with values for its named parameters (`:name`). Throws `DatabaseError` and `TwinError`.
    package func run(_ values: [(String, DatabaseValue)], isCancelled: @escaping () -> Bool) throws -> Result {
        let connection = try Connection(readingOnly: path)
        let deadline = Clock.monotonicNanoseconds &+ UInt64(seconds * 1e9)
        return try connection.withProgressCheck({ isCancelled() || Clock.monotonicNanoseconds > deadline }) {
            let statement = try Statement(connection: connection.pointer, sql: sql)
            guard sqlite3_stmt_readonly(statement.pointer) != 0, sqlite3_column_count(statement.pointer) > 0 else {
                throw TwinError(.invalid, "the query must be a SELECT")
            }
            for index in 0..<max(0, sqlite3_bind_parameter_count(statement.pointer)) {
                let name = sqlite3_bind_parameter_name(statement.pointer, index + 1).map { String(cString: $0.advanced(by: 1)) }
                try statement.bind(index + 1, values.first { $0.0 == name }?.1 ?? .null)
            }
            return try read(statement)
        }
    }

    private func read(_ statement: Statement) throws -> Result {
        let columns = (0..<sqlite3_column_count(statement.pointer)).map { index in
            sqlite3_column_name(statement.pointer, index).map { String(cString: $0) } ?? "column_\(index)"
        }
        var result = Result()
        var bytes = 0
        while try statement.step() {
            guard result.rows.count < maximumRows, bytes < maximumBytes else {
                result.isTruncated = true
                break
            }
            var object = JSONObject()
            for (index, name) in columns.enumerated() {
                let value = Self.value(statement.row, Int32(index))
                bytes += name.utf8.count + value.text.utf8.count
                object[name] = value
            }
            guard bytes <= maximumBytes else {
                result.isTruncated = true
                break
            }
            result.rows.append(object)
        }
        return result
    }

    private static func value(_ row: Row, _ column: Int32) -> JSON {
        switch sqlite3_column_type(row.pointer, column) {
        case SQLITE_INTEGER: .int(row.int64(column))
        case SQLITE_FLOAT: .double(row.double(column))
        case SQLITE_TEXT: .string(row.text(column))
        case SQLITE_BLOB: .string("(\(sqlite3_column_bytes(row.pointer, column)) bytes)")
        default: .null
        }
    }
}

extension Connection {
    /// Opens a file that is another program's: for reading, and for nothing but SELECT.
    fileprivate convenience init(readingOnly path: String) throws {
        try self.init(foreign: path)
        _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nil)
        // A value larger than the answer may be is not even built.
        sqlite3_limit(pointer, SQLITE_LIMIT_LENGTH, 1 << 20)
        sqlite3_limit(pointer, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_set_authorizer(
            pointer,
            { _, action, _, function, _, _ in
                switch action {
                case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
                case SQLITE_FUNCTION:
                    let name = function.map { String(cString: $0).lowercased() } ?? ""
                    return ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"].contains(name)
                        ? SQLITE_DENY : SQLITE_OK
                default: return SQLITE_DENY
                }
            }, nil)
    }
}
