/// Whose something is, where it is one person's within a tenant.
package struct Person: Sendable, Hashable {
    package var tenantID: String
    /// The id of a user.
    package var userID: String

    package init(tenantID: String, userID: String) {
        self.tenantID = tenantID
        self.userID = userID
    }
}

/// Whose things somebody may look at together: one person's, a tenant's, or without a tenant the whole file's.
package struct PersonScope: Sendable, Hashable {
    /// Nil for the whole file, and then `userID` is nil too.
    package var tenantID: String?
    /// Nil for all of the tenant's.
    package var userID: String?

    package init(tenantID: String?, userID: String?) {
        self.tenantID = tenantID
        self.userID = userID
    }

    package init(_ person: Person) { self.init(tenantID: person.tenantID, userID: person.userID) }
}
