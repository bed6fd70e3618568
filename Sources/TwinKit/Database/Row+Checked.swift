import TwinSupport

/// Values that only some texts stand for. What this program does not know is an error, never a default: a file that another program
/// has changed, or a damaged one, must not turn a stranger's role into one of ours or an expiry into none.
extension Row {
    /// Throws `TwinError` unless the row has so many columns; more are fine where it is part of a wider one.
    package func check(columns: Int, allowsMore: Bool = false) throws {
        guard columnCount == columns || (allowsMore && columnCount > columns) else {
            throw TwinError(.failed, "a statement gives \(columnCount) columns where \(columns) are read; report this")
        }
    }

    /// One of a closed set of words. Throws `TwinError` for another, and for NULL.
    package func value<Value: RawRepresentable>(_ column: Int32, as type: Value.Type = Value.self) throws -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: text(column)) else {
            let found = isNull(column) ? "nothing" : "'\(text(column).shortened(to: 40))'"
            throw TwinError(
                .failed, "the database holds \(found) as \(name(of: column)), which this twin does not know; \(Self.remedy)")
        }
        return value
    }

    /// The same, and none for NULL.
    package func optionalValue<Value: RawRepresentable>(_ column: Int32, as type: Value.Type = Value.self) throws -> Value?
    where Value.RawValue == String { isNull(column) ? nil : try value(column) }

    /// A time stored as RFC 3339 text; none for NULL. Throws `TwinError` for another text.
    package func timestamp(_ column: Int32) throws -> Timestamp? { isNull(column) ? nil : try requiredTimestamp(column) }

    /// A time that is always there.
    package func requiredTimestamp(_ column: Int32) throws -> Timestamp {
        guard let time = Timestamp(text(column)) else { throw damaged(column, "time") }
        return time
    }

    /// A JSON column; `null` for NULL. Throws `TwinError` for damaged text.
    package func json(_ column: Int32) throws -> JSON {
        guard !isNull(column) else { return .null }
        return try withBytes(column, text: true) { bytes in
            do {
                return try JSONParser.parse(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[...]))
            } catch {
                throw damaged(column, "JSON text")
            }
        }
    }

    /// A JSON object; an empty one for NULL. Throws `TwinError` for anything else.
    package func object(_ column: Int32) throws -> JSONObject {
        let json = try json(column)
        if json.isNull { return JSONObject() }
        guard let object = json.objectValue else { throw damaged(column, "JSON object") }
        return object
    }

    /// A JSON array, each element as `read` takes it; an empty one for NULL. Throws `TwinError` for anything else, and for an
    /// element that `read` gives nothing for.
    package func array<Element>(_ column: Int32, of read: (JSON) -> Element?) throws -> [Element] {
        let json = try json(column)
        if json.isNull { return [] }
        guard let array = json.arrayValue else { throw damaged(column, "JSON array") }
        return try array.map { element in
            guard let value = read(element) else { throw damaged(column, "list") }
            return value
        }
    }

    /// Says which column, and not what it holds: that may be anything.
    private func damaged(_ column: Int32, _ what: String) -> TwinError {
        TwinError(.failed, "the database holds a damaged \(what) as \(name(of: column)); \(Self.remedy)")
    }

    private static let remedy = "another program or a fault has changed the file: restore a backup with 'twin restore FILE'"
}
