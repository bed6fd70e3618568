import TwinDatabase
import TwinSupport

/// A question that waits for the owner of a twin, or waited, as a row with a state.
protocol OwnerQuestion {
    associatedtype Status: RawRepresentable<String>
    static var table: String { get }
    static var columns: String { get }
    /// What follows `ORDER BY` in a list.
    static var order: String { get }
    /// What messages call one; its plural is the command that lists them.
    static var noun: String { get }
    init(_ row: Row) throws
}

extension OwnerQuestion {
    /// A twin's questions in one state, or in all.
    static func list(of twin: Twin, status: Status?, limit: Int, on connection: Connection) throws -> [Self] {
        try connection.rows(
            """
            SELECT \(columns) FROM \(table) WHERE twin_key = ?1 AND (?2 IS NULL OR status = ?2) ORDER BY \(order) LIMIT ?3
            """, twin.key, status?.rawValue, limit, map: Self.init)
    }

    /// The twin's question with this id. Throws `TwinError` (`notFound`).
    static func find(_ id: String, of twin: Twin, on connection: Connection) throws -> Self {
        guard
            let found = try connection.first(
                "SELECT \(columns) FROM \(table) WHERE id = ? AND twin_key = ?", id, twin.key, map: Self.init)
        else {
            throw TwinError(.notFound, "the twin '\(twin.slug)' has no \(noun) '\(id)'; 'twin \(noun)s list' shows them")
        }
        return found
    }
}

extension Clarification: OwnerQuestion {
    static let table = "clarifications"
    static let order = "key DESC"
    static let noun = "clarification"
}

extension Escalation: OwnerQuestion {
    static let table = "escalations"
    static let order = "times_asked DESC, key DESC"
    static let noun = "escalation"
}
