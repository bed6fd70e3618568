import CSQLite
import TwinSupport

/// A prepared statement. It belongs to its connection and is used by one thread at a time, as the connection is.
///
///     let statement = try connection.statement("SELECT title FROM sources WHERE twin_key = ?")
///     try statement.bind([twin.key])
///     while try statement.step() { print(statement.row.text(0)) }
package final class Statement {
    let pointer: OpaquePointer
    package let sql: String

    init(connection: OpaquePointer, sql: String) throws {
        var pointer: OpaquePointer?
        guard sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil) == SQLITE_OK,
            let pointer
        else { throw DatabaseError(connection: connection, sql: sql) }
        self.pointer = pointer
        self.sql = sql
    }

    deinit { sqlite3_finalize(pointer) }

    /// Whether it stands at a row and has more to give.
    var isRunning: Bool { sqlite3_stmt_busy(pointer) != 0 }

    /// Makes the statement ready to run again, without values.
    package func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Resets the statement and gives its parameters values, the first `?` first. Throws `DatabaseError` when a value
    /// is too large or there are more values than parameters.
    package func bind(_ values: [any DatabaseConvertible]) throws {
        reset()
        for (index, value) in values.enumerated() { try bind(Int32(index + 1), value.databaseValue) }
    }

    /// Gives one parameter a value, numbered from 1, which is copied. Throws `DatabaseError` when there is no such parameter or
    /// the value is too large.
    package func bind(_ index: Int32, _ value: DatabaseValue) throws {
        let code: Int32
        switch value {
        case .null: code = sqlite3_bind_null(pointer, index)
        case .int(let number): code = sqlite3_bind_int64(pointer, index, number)
        case .real(let number): code = sqlite3_bind_double(pointer, index, number)
        case .text(var text):
            code = text.withUTF8 { bytes in
                // An empty buffer may have no base address, and a null pointer would bind NULL.
                bytes.withMemoryRebound(to: CChar.self) {
                    $0.baseAddress == nil
                        ? sqlite3_bind_text64(pointer, index, "", 0, csqlite_static(), UInt8(SQLITE_UTF8))
                        : sqlite3_bind_text64(
                            pointer, index, $0.baseAddress, UInt64($0.count), csqlite_transient(), UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes): code = bytes.withUnsafeBytes { bindBlob(index, $0, csqlite_transient()) }
        }
        guard code == SQLITE_OK else { throw DatabaseError(connection: sqlite3_db_handle(pointer), sql: sql) }
    }

    private func bindBlob(_ index: Int32, _ bytes: UnsafeRawBufferPointer, _ lifetime: sqlite3_destructor_type) -> Int32 {
        bytes.baseAddress == nil
            ? sqlite3_bind_zeroblob(pointer, index, 0)
            : sqlite3_bind_blob64(pointer, index, bytes.baseAddress, UInt64(bytes.count), lifetime)
    }

    /// Moves to the next row. False when there are no more. Throws `DatabaseError`.
    @discardableResult
    package func step() throws -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = DatabaseError(connection: sqlite3_db_handle(pointer), sql: sql)
            sqlite3_reset(pointer)
            throw error
        }
    }

    /// The current row; valid until the next `step`.
    package var row: Row { Row(pointer: pointer) }
}

/// A row of a result, read by column index from 0. It is valid until its statement steps on. A column that the statement does not have
/// stops a debug build; whoever reads many columns says how many there must be (`check`).
package struct Row {
    @usableFromInline let pointer: OpaquePointer

    /// Whether the column holds NULL. The accessors below convert as SQLite does (https://sqlite.org/c3ref/column_blob.html): they
    /// never fail, and answer 0, false or nothing for NULL.
    package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, known(column)) == SQLITE_NULL }
    /// The integer; 0 for NULL and for text that begins with none, as in the accessors that follow.
    package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, known(column)) }
    /// The integer, as `int64` reads it.
    package func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(pointer, known(column))) }
    /// Whether the integer is not 0; false for NULL.
    package func bool(_ column: Int32) -> Bool { sqlite3_column_int64(pointer, known(column)) != 0 }
    /// The number; 0 for NULL.
    package func double(_ column: Int32) -> Double { sqlite3_column_double(pointer, known(column)) }
    /// The text; empty for NULL.
    package func text(_ column: Int32) -> String { withBytes(column, text: true) { String(decoding: $0, as: UTF8.self) } }
    /// A copy of the bytes of a blob or text; empty for NULL.
    package func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }
    /// The integer; nil for NULL alone, as in the accessors that follow.
    package func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }
    /// The number; nil for NULL.
    package func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }
    /// The text; nil for NULL. Bytes that are no UTF-8 are replaced by U+FFFD.
    package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
    /// A copy of the bytes; nil for NULL.
    package func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
    /// The bytes in place, without a copy. The buffer is valid inside `body` only.
    package func withBytes<Result, Failure: Error>(
        _ column: Int32, text: Bool = false, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start: UnsafeRawPointer? =
            text ? UnsafeRawPointer(sqlite3_column_text(pointer, known(column))) : sqlite3_column_blob(pointer, known(column))
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    /// SQLite takes a column that is not there for NULL.
    @inline(__always)
    private func known(_ column: Int32) -> Int32 {
        assert(column < sqlite3_column_count(pointer), "the statement has no column \(column)")
        return column
    }

    var columnCount: Int { Int(sqlite3_column_count(pointer)) }

    func name(of column: Int32) -> String { sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? "\(column)" }
}
