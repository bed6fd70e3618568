import TwinDatabase
import TwinSupport

/// People who make an account of their own.
extension Users {
    /// Adds a user with a workspace of their own and the quota of those who register. Their address is claimed, not proven, unless
    /// the operator adds them; only the operator makes operators. Throws `TwinError`: `conflict` for an address that somebody has,
    /// `invalid` for what cannot be stored.
    package func register(
        name: String, email: String, password: Secret, isOperator: Bool = false, by principal: Principal
    ) throws -> User {
        let email = try EmailAddress.checked(email)
        let name = try Self.checkedName(name)
        // Deriving takes a while; nobody waits for the writer meanwhile.
        let hash = try PasswordHash.make(password)
        return try database.write { connection in
            try Self.requireFree(email, for: nil, on: connection)
            let user = try Self.insert(
                id: Identifier.make(), tenantID: try Self.makeTenant(for: name, email: email, on: connection), email: email,
                isProven: principal.isOperator, role: .owner, fullName: name, password: hash, on: connection)
            if isOperator, principal.isOperator {
                try connection.run("UPDATE users SET is_operator = 1 WHERE id = ?", user.id)
            }
            try Self.beginQuota(user, by: principal, on: connection)
            return try Self.find(user.id, on: connection) ?? user
        }
    }

    /// The user of an account that a front end of ours keeps under an id of its own: made when they first come, with the quota of
    /// those who register. An address that somebody has is left out. Throws `TwinError`.
    package func ofFrontEnd(account subject: String, email: String?, name: String?) throws -> User {
        let account = User.IssuedAccount(issuer: "internal", subject: subject)
        func caller(_ email: String) -> User {
            User(id: subject, email: email, fullName: name, avatarURL: nil, account: account)
        }
        let placeholder = "user-\(Identifier.make())@placeholder.invalid"
        let address = email.flatMap { try? EmailAddress.checked($0) } ?? placeholder
        let synced: (user: User, created: Bool)
        do {
            synced = try sync(caller(address))
        } catch let error as TwinError where error.kind == .conflict {
            synced = try sync(caller(placeholder))
        }
        if synced.created {
            try database.write { try Self.beginQuota(synced.user, by: .frontEnd, on: $0) }
        }
        return synced.user
    }

    private static func beginQuota(_ user: User, by principal: Principal, on connection: Connection) throws {
        try Quotas.begin(user, Quotas.ofRegistered, on: connection)
        guard let tenant = user.tenantID else { return }
        try AuditLog.append(
            .userRegistered, tenantID: tenant, actor: principal.actorID ?? user.id, about: user.id, ["user_id": .string(user.id)],
            on: connection)
    }

    /// Changes how a user is called and reached. A new address is claimed only, unless the operator gives it. Throws `TwinError`
    /// as `register` does.
    package func change(
        _ user: User, name: String?, email: String?, isOperator: Bool?, by principal: Principal
    ) throws -> User {
        let email = try email.map(EmailAddress.checked)
        let name = try name.map { try Self.checkedName($0) }
        return try database.write { connection in
            if let email, email != user.email {
                try Self.requireFree(email, for: user.id, on: connection)
                try connection.run(
                    "UPDATE users SET email = ?, is_proven = ? WHERE id = ?", email, principal.isOperator, user.id)
                try Self.endPasswordResets(of: user.id, on: connection)
            }
            if let name { try connection.run("UPDATE users SET full_name = ? WHERE id = ?", name, user.id) }
            if let isOperator, principal.isOperator {
                try connection.run("UPDATE users SET is_operator = ? WHERE id = ?", isOperator, user.id)
            }
            guard let changed = try Self.find(user.id, on: connection) else { throw Self.notFound }
            if changed.isProven { try GroupStore.takeHeldPlaces(changed, on: connection) }
            if changed != user, let tenant = changed.tenantID {
                try AuditLog.append(
                    .userUpdated, tenantID: tenant, actor: principal.actorID, about: changed.id,
                    ["user_id": .string(changed.id), "is_operator": .bool(changed.isOperator)], on: connection)
            }
            return changed
        }
    }

    private static func requireFree(_ email: String, for id: String?, on connection: Connection) throws {
        if let holder = try find(email: email, on: connection), holder.id != id {
            throw TwinError(.conflict, "the address is already registered; sign in, or use another")
        }
    }
}
