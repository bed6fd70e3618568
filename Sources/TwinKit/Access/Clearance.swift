/// What a caller may read of a twin. Who the caller is, the `Principal` says; the `Authorizer` makes the one of the other.
package enum Clearance: Sendable, Equatable {
    /// All of it: the person at the command line, who can read the database file anyway, and owners who look after it.
    case everything
    /// What a group of the twin was granted.
    case group(AccessGroup)

    package var group: AccessGroup? { if case .group(let group) = self { group } else { nil } }
}
