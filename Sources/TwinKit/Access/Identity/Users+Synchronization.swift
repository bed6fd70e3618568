import TwinDatabase
import TwinSupport

/// Users whose account is kept by an issuer of tokens: their row and tenant are made here when they first come. An account is
/// known by its issuer and subject, never by its address.
extension Users {
    /// Accounts of versions that did not note the issuer: the first one that comes with the subject is theirs.
    static let unknownIssuer = "*"

    /// The user of an issuer's account; none before the first visit.
    static func find(_ account: User.IssuedAccount, on connection: Connection) throws -> User? {
        guard let issuer = account.issuer else { return try find(account.subject, on: connection) }
        let user = try connection.first(
            """
            SELECT \(User.columns) FROM users WHERE key = (
                SELECT user_key FROM user_accounts WHERE issuer IN (?1, '\(unknownIssuer)') AND subject = ?2
                ORDER BY issuer = ?1 DESC LIMIT 1)
            """, issuer, account.subject, map: User.init)
        return user
    }

    /// Notes the issuer of an account that was made before issuers were noted. Answers whether it is this one's.
    func bind(_ account: User.IssuedAccount, to user: User) throws -> Bool {
        guard let issuer = account.issuer, let key = user.key else { return true }
        let isBound = try database.read { connection in
            try connection.first(
                "SELECT 1 FROM user_accounts WHERE issuer = ? AND subject = ?", issuer, account.subject, map: { _ in true })
        }
        if isBound == true { return true }
        return try database.write { connection in
            try connection.run(
                "UPDATE OR IGNORE user_accounts SET issuer = ?1 WHERE issuer = '\(Self.unknownIssuer)' AND subject = ?2 AND user_key = ?3",
                issuer, account.subject, key)
            return try connection.first(
                "SELECT user_key FROM user_accounts WHERE issuer = ? AND subject = ?", issuer, account.subject
            ) { $0.int64(0) } == key
        }
    }

    /// Makes sure that the holder of a good token has a row and a tenant, and answers the row and whether it is new. See
    /// `sync(_:)`.
    package func sync(
        id: String, email: String, fullName: String? = nil, avatarURL: String? = nil
    ) throws -> (user: User, created: Bool) {
        try sync(
            User(
                id: id, email: email, fullName: fullName, avatarURL: avatarURL,
                account: User.IssuedAccount(issuer: nil, subject: id)))
    }

    /// Makes sure that the holder of a good token has a row and a tenant, and answers the row and whether it is new. A new one
    /// owns a workspace of their own, unless the issuer names one, where they are a viewer. Throws `TwinError`: `conflict` when
    /// the address was proven by somebody else, who must not be taken over; `notPermitted` for a workspace that is not here.
    package func sync(_ caller: User) throws -> (user: User, created: Bool) {
        guard let account = caller.account else { return (caller, false) }
        // A name or picture from elsewhere that cannot be stored is left out; it must not keep anybody out.
        let fullName = (try? Self.checkedName(caller.fullName)) ?? nil
        let avatarURL = caller.avatarURL.flatMap { Self.isStorable($0) ? $0 : nil }
        if let user = try database.read({ try Self.find(account, on: $0) }) {
            guard account.provesAddress, let email = try? EmailAddress.checked(caller.email), !user.isProven else {
                return (user, false)
            }
            return try database.write { connection in
                // Proven by somebody else: then this account goes on without the address.
                do {
                    try Self.prove(user, address: email, on: connection)
                } catch let error as TwinError where error.kind == .conflict {}
                return (try Self.find(user.id, on: connection) ?? user, false)
            }
        }
        let email = try EmailAddress.checked(caller.email)
        return try database.write { connection in
            if let user = try Self.find(account, on: connection) { return (user, false) }
            if try MovedName.isKnown(account.subject, on: connection) {
                throw TwinError(.unauthenticated, "your workspace has moved to another server; sign in there")
            }
            let tenant: String
            if let named = account.tenantID {
                guard try connection.first("SELECT 1 FROM tenants WHERE id = ?", named, map: { _ in true }) == true else {
                    throw TwinError(.notPermitted, "the token names a workspace that is not on this server")
                }
                tenant = named
            } else {
                tenant = try Self.makeTenant(for: fullName, email: email, on: connection)
            }
            let user = try Self.insert(
                id: try Self.freeID(for: account, on: connection), tenantID: tenant, email: email,
                isProven: account.provesAddress, role: account.tenantID == nil ? .owner : .viewer, fullName: fullName,
                avatarURL: avatarURL, on: connection)
            if let issuer = account.issuer {
                try connection.run(
                    "INSERT INTO user_accounts (issuer, subject, user_key, created_at) VALUES (?, ?, ?, ?)", issuer,
                    account.subject, user.key, Clock.now)
            }
            return (user, true)
        }
    }

    /// The subject, by which front ends know the user, where it can be an id here: not another's, and nothing that could be
    /// taken for an address or for the person at the command line.
    private static func freeID(for account: User.IssuedAccount, on connection: Connection) throws -> String {
        let id = account.subject
        let isUsable = !id.contains("@") && ![AuditLog.localActor, AuditLog.frontEndActor].contains(id) && id == id.trimmed
        guard account.issuer != nil else { return id }
        return try isUsable && find(id, on: connection) == nil ? id : Identifier.make()
    }

    private static func isStorable(_ url: String) -> Bool {
        url.utf8.count <= 2048 && (url.hasPrefix("https://") || url.hasPrefix("http://"))
            && url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    static func makeTenant(for name: String?, email: String, on connection: Connection) throws -> String {
        let owner = name ?? String(email.prefix { $0 != "@" })
        return try Tenant.create("\(owner)'s Workspace", on: connection)
    }
}
