/// A value as SQLite stores it (https://www.sqlite.org/datatype3.html).
public enum DatabaseValue: Sendable, Equatable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension DatabaseValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(booleanLiteral value: Bool) { self = .int(value ? 1 : 0) }
    public init(nilLiteral: ()) { self = .null }
}

/// What can stand for a `?` in a statement.
public protocol DatabaseConvertible {
    var databaseValue: DatabaseValue { get }
}

extension DatabaseValue: DatabaseConvertible { public var databaseValue: DatabaseValue { self } }
extension Int: DatabaseConvertible { public var databaseValue: DatabaseValue { .int(Int64(self)) } }
extension Int64: DatabaseConvertible { public var databaseValue: DatabaseValue { .int(self) } }
extension Bool: DatabaseConvertible { public var databaseValue: DatabaseValue { .int(self ? 1 : 0) } }
extension Double: DatabaseConvertible { public var databaseValue: DatabaseValue { .real(self) } }
extension String: DatabaseConvertible { public var databaseValue: DatabaseValue { .text(self) } }
extension Array: DatabaseConvertible where Element == UInt8 { public var databaseValue: DatabaseValue { .blob(self) } }
extension Timestamp: DatabaseConvertible { public var databaseValue: DatabaseValue { .text(description) } }
extension JSON: DatabaseConvertible { public var databaseValue: DatabaseValue { .text(text) } }
extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
    public var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
}
