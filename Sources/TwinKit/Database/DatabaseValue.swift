import TwinSupport

/// A value as SQLite stores it (https://www.sqlite.org/datatype3.html).
package enum DatabaseValue: Sendable, Equatable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension DatabaseValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(booleanLiteral value: Bool) { self = .int(value ? 1 : 0) }
    package init(nilLiteral: ()) { self = .null }
}

/// What can stand for a `?` in a statement.
package protocol DatabaseConvertible {
    var databaseValue: DatabaseValue { get }
}

extension DatabaseValue: DatabaseConvertible { package var databaseValue: DatabaseValue { self } }
extension Int: DatabaseConvertible { package var databaseValue: DatabaseValue { .int(Int64(self)) } }
extension Int64: DatabaseConvertible { package var databaseValue: DatabaseValue { .int(self) } }
extension Bool: DatabaseConvertible { package var databaseValue: DatabaseValue { .int(self ? 1 : 0) } }
extension Double: DatabaseConvertible { package var databaseValue: DatabaseValue { .real(self) } }
extension String: DatabaseConvertible { package var databaseValue: DatabaseValue { .text(self) } }
extension Array: DatabaseConvertible where Element == UInt8 { package var databaseValue: DatabaseValue { .blob(self) } }
extension Timestamp: DatabaseConvertible { package var databaseValue: DatabaseValue { .text(description) } }
extension JSON: DatabaseConvertible { package var databaseValue: DatabaseValue { .text(text) } }
extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
    package var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
}
