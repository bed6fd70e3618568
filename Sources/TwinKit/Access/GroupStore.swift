/// Access groups as rows.
public struct GroupStore: Sendable {
    let database: Database

    public init(database: Database) { self.database = database }

    /// A twin's groups, oldest first.
    public func list(of twin: Twin) throws -> [AccessGroup] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ? ORDER BY created_at, key", twin.key,
                map: AccessGroup.init)
        }
    }

    /// The group of this twin with this id or name. Throws `TwinError` when there is none.
    public func find(_ name: String, of twin: Twin) throws -> AccessGroup {
        let group = try database.read { connection in
            try connection.first(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ? AND (id = ?2 OR name = ?2) ORDER BY id = ?2 DESC",
                twin.key, name, map: AccessGroup.init)
        }
        guard let group else { throw TwinError(.notFound, "the twin '\(twin.slug)' has no access group '\(name)'") }
        return group
    }
}
