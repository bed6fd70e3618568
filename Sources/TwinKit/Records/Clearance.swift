/// What a caller may read of a twin. Who the caller is, the `Principal` says; the `Authorizer` makes the one of the other.
package enum Clearance: Sendable, Equatable {
    /// All of it: the person at the command line, who can read the database file anyway, and owners who look after it.
    case everything
    /// What a group of the twin was granted.
    case group(AccessGroup)

    /// Nil for everything.
    package var group: AccessGroup? { if case .group(let group) = self { group } else { nil } }

    /// What `Visibility` binds for this caller of a twin: NULL for everything, else the key of the group. A group of another
    /// twin was granted nothing of this one, and no group has the key 0.
    func groupKey(in twin: Twin) -> Int64? {
        group.map { $0.twinKey == twin.key ? $0.key : 0 }
    }
}
