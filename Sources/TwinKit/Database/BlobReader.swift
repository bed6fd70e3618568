import CSQLite

/// Reads byte ranges of one column's values without reading the values whole (https://www.sqlite.org/c3ref/blob_open.html).
package final class BlobReader {
    private let connection: Connection
    private let table: String
    private let column: String
    private var blob: OpaquePointer?

    /// `table` and `column` are names of the schema, never input. The connection must outlive the reader, and be in a
    /// transaction while it is used.
    package init(_ connection: Connection, table: String, column: String) {
        self.connection = connection
        self.table = table
        self.column = column
    }

    deinit { sqlite3_blob_close(blob) }

    /// The bytes `range` of the value in the row with this key, or none when there is no such row or it is shorter.
    package func bytes(key: Int64, range: Range<Int>) throws -> [UInt8]? {
        let code =
            blob == nil
            ? sqlite3_blob_open(connection.pointer, "main", table, column, key, 0, &blob) : sqlite3_blob_reopen(blob, key)
        guard code == SQLITE_OK, let blob else {
            // After a failed reopen the handle is dead and every later call would fail.
            sqlite3_blob_close(self.blob)
            self.blob = nil
            if code == SQLITE_ERROR { return nil }
            throw DatabaseError(connection: connection.pointer)
        }
        guard range.lowerBound >= 0, range.upperBound <= Int(sqlite3_blob_bytes(blob)) else { return nil }
        return try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            guard
                range.isEmpty
                    || sqlite3_blob_read(blob, buffer.baseAddress, Int32(range.count), Int32(range.lowerBound)) == SQLITE_OK
            else { throw DatabaseError(connection: connection.pointer) }
            initialized = range.count
        }
    }
}
