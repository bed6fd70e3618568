import TwinDatabase
import TwinSupport

/// What is one person's: theirs, and the owner's to look after. For everybody else it is not there.
extension Authorizer {
    /// The person whom a caller names by a user's id. Naming somebody is no proof of being them: it has to be the caller, or
    /// somebody of the tenant for an owner. Throws `TwinError`: not found for anybody else, not permitted to a viewer who wants
    /// to change something, and to keys.
    package func person(_ userID: String, _ action: Action, as principal: Principal) throws -> Person {
        if principal == .localOperator {
            guard let user = try database.read({ try Users.find(userID, on: $0) }), let tenant = user.tenantID else {
                throw Users.notFound
            }
            return Person(tenantID: tenant, userID: user.id)
        }
        // Before a viewer's rights are looked at: not even "not permitted" tells of somebody else.
        let tenant = try self.tenant(.read, as: principal)
        guard case .user(let caller) = principal else { throw Self.unauthenticated }
        if userID != caller.id {
            let named = try database.read { try Users.find(userID, on: $0) }
            guard caller.role == .owner, let named, named.tenantID == tenant else { throw Users.notFound }
        }
        try Self.check(caller, action)
        return Person(tenantID: tenant, userID: userID)
    }

    /// The person to whom something belongs, found by the thing's id, for whoever may do this to what is theirs.
    package func person(
        owning id: String, in table: OwnedTable<OwnedByPerson>, _ action: Action, as principal: Principal
    ) throws -> Person {
        let own = principal == .localOperator ? nil : try tenant(.read, as: principal)
        let owner = try database.read { connection in
            try connection.first("SELECT tenant_id, user_id FROM \(table.name) WHERE id = ?", id) {
                Person(tenantID: $0.text(0), userID: $0.text(1))
            }
        }
        guard let owner, own == nil || owner.tenantID == own else { throw table.notFound }
        if case .user(let caller) = principal {
            guard caller.role == .owner || owner.userID == caller.id else { throw table.notFound }
            try Self.check(caller, action)
        }
        return owner
    }

    /// Whose things the caller may look at where nobody is named: an owner at all of the tenant's, others at their own.
    package func personScope(as principal: Principal) throws -> PersonScope {
        if principal == .localOperator { return PersonScope(tenantID: nil, userID: nil) }
        let tenant = try tenant(.read, as: principal)
        guard case .user(let caller) = principal else { throw Self.unauthenticated }
        return PersonScope(tenantID: tenant, userID: caller.role == .owner ? nil : caller.id)
    }

    /// The caller as a person, for what is made for nobody else. The operator is taken for the first owner of the file's first
    /// tenant. Throws `TwinError`.
    package func person(_ action: Action, as principal: Principal) throws -> Person {
        if principal == .localOperator {
            let tenant = try self.tenant(action, as: principal)
            let owner = try Users(database: database).list(tenantID: tenant).last { $0.role == .owner && !$0.isDeleted }
            guard let owner else {
                throw TwinError(.notFound, "there is no owner yet; 'twin users add E-MAIL --no-password' adds one")
            }
            return Person(tenantID: tenant, userID: owner.id)
        }
        let tenant = try tenant(action, as: principal)
        guard case .user(let caller) = principal else { throw Self.unauthenticated }
        return Person(tenantID: tenant, userID: caller.id)
    }
}
