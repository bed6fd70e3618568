/// Who is asking.
public enum Principal: Sendable, Equatable {
    /// The person at the command line, who can read the database file anyway.
    case localOperator
    /// A caller who sees what a group of the twin was granted.
    case group(AccessGroup)

    public var group: AccessGroup? { if case .group(let group) = self { group } else { nil } }
}
