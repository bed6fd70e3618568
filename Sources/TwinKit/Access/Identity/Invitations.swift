import TwinDatabase
import TwinHTTP
import TwinSupport

/// Invitations into a tenant. The token in the link is what lets somebody in: it is shown once, and the database holds its
/// hash only.
package struct Invitations: Sendable {
    let database: Database
    let links: PageLinks

    /// `links` say where the addresses lead that invitations are sent with.
    package init(database: Database, links: PageLinks) {
        self.database = database
        self.links = links
    }

    /// Seven days, in seconds.
    package static let lifetime = 7.0 * 86_400
    /// Waiting at a time in a tenant.
    static let maximumPending = 1_000
    private static let tokenLength = 43

    /// Where the invited person accepts.
    package func url(token: Secret) -> String { links.invitation(token: token) }

    // MARK: Inviting

    /// Invites an address into a tenant. Inviting it again makes a new token, and the old one is worth nothing. Throws
    /// `TwinError`: `conflict` when somebody with that address is a user of the tenant already. Of another tenant's users nobody
    /// learns by inviting them; whoever proves the address by the token is told when it is accepted. `then` is done in the same
    /// transaction.
    package func invite(
        email: String, role: User.Role = .viewer, tenantID: String? = nil, by principal: Principal, now: Timestamp = Clock.now,
        then: (Invitation, Connection) throws -> Void = { _, _ in }
    ) throws -> (invitation: Invitation, token: Secret) {
        let email = try EmailAddress.checked(email)
        let token = Secret(Base64.url.encode(Crypto.random(count: 32)))
        let hash = try SHA256.hash(token.reveal())
        return try database.write { connection in
            let tenant = try tenantID ?? TwinStore.firstTenant(on: connection)
            // Somebody who only claims the address does not keep its holder out.
            if let user = try Users.find(email: email, on: connection), user.isProven,
                user.tenantID == tenant || principal == .localOperator
            {
                throw TwinError(.conflict, "there is already a user with the address \(email)")
            }
            let pending =
                try connection.first(
                    "SELECT count(*) FROM invitations WHERE tenant_id = ? AND status = 'pending' AND expires_at > ? AND email <> ?",
                    tenant, now, email
                ) { $0.int(0) } ?? 0
            guard pending < Self.maximumPending else {
                throw TwinError(
                    .limitReached,
                    "\(Self.maximumPending) invitations are already waiting; wait until some are accepted or expire")
            }
            try connection.run(
                """
                INSERT INTO invitations (id, tenant_id, email, role, token_hash, status, invited_by, created_at, expires_at)
                VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6, ?7, ?8)
                ON CONFLICT (tenant_id, email) DO UPDATE SET role = excluded.role, token_hash = excluded.token_hash,
                    mailed_token_hash = NULL, status = 'pending', invited_by = excluded.invited_by, expires_at = excluded.expires_at, accepted_at = NULL
                """, Identifier.make(), tenant, email, role.rawValue, hash, principal.actorID, now,
                now.adding(seconds: Self.lifetime))
            guard let invitation = try Self.load(hash, on: connection) else { throw Self.unknown }
            try AuditLog.append(
                .invitationSent, tenantID: tenant, actor: principal.actorID,
                ["invitation_id": .string(invitation.id), "email": .string(email), "role": .string(role.rawValue)], on: connection
            )
            try then(invitation, connection)
            return (invitation, token)
        }
    }

    static let mailedTokens = """
        -- The hash of the token that a letter has taken along; it lets in as the one does that was shown.
        ALTER TABLE invitations ADD COLUMN mailed_token_hash BLOB;
        CREATE INDEX invitations_by_mailed_token ON invitations (mailed_token_hash) WHERE mailed_token_hash IS NOT NULL;
        """

    /// A token for a letter about an invitation, made when the letter goes, so that nothing that lets anybody in waits in the
    /// file. An earlier letter's is worth nothing then. None when the invitation was taken, has expired or is gone.
    func makeMailedToken(of id: String, now: Timestamp = Clock.now) throws -> (invitation: Invitation, token: Secret)? {
        let token = Secret(Base64.url.encode(Crypto.random(count: 32)))
        let hash = try SHA256.hash(token.reveal())
        return try database.write { connection in
            let found = try connection.first(
                "SELECT \(Invitation.columns) FROM invitations WHERE id = ?", id, map: Invitation.init)
            guard let found, found.problem(now: now) == nil else { return nil }
            try connection.run("UPDATE invitations SET mailed_token_hash = ? WHERE id = ?", hash, id)
            return (found, token)
        }
    }

    /// Newest first.
    package func list(tenantID: String? = nil) throws -> [Invitation] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(Invitation.columns) FROM invitations WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY key DESC", tenantID,
                map: Invitation.init)
        }
    }

    /// Whether an address was invited into a tenant and can still accept.
    static func isPending(
        _ email: String, tenantID: String, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM invitations WHERE tenant_id = ? AND email = ? AND status = 'pending' AND expires_at > ?", tenantID,
            email, now, map: { _ in true }) ?? false
    }

    static func isPending(_ email: String, tenantID: String, in database: Database) throws -> Bool {
        try database.read { try isPending(email, tenantID: tenantID, on: $0) }
    }

    // MARK: Accepting

    /// The pending invitation of a token. Throws `TwinError`: `notFound` for an unknown token, `conflict` for one that was
    /// used, `gone` for one that has expired.
    package func find(_ token: Secret, now: Timestamp = Clock.now) throws -> Invitation {
        let hash = try Self.hash(token)
        guard let invitation = try database.read({ try Self.load(hash, on: $0) }) else { throw Self.unknown }
        if let problem = invitation.problem(now: now) {
            if problem.kind == .gone, invitation.status == .pending {
                try database.write { connection in
                    try connection.run(
                        "UPDATE invitations SET status = 'expired' WHERE id = ? AND status = 'pending' AND expires_at <= ?",
                        invitation.id, now)
                }
            }
            throw problem
        }
        return invitation
    }

    /// Makes the invited person a user with this password: in the tenant, with the address and the role that the invitation
    /// says. A token is good once. Throws `TwinError` as `find` does, and `conflict` when the address has a user by now.
    package func accept(
        _ token: Secret, password: Secret, name: String? = nil, now: Timestamp = Clock.now
    ) throws -> User {
        _ = try find(token, now: now)
        let name = try Users.checkedName(name)
        let password = try PasswordHash.make(password)
        let hash = try Self.hash(token)
        return try database.write { connection in
            // Somebody else may have been quicker with the same token.
            guard let invitation = try Self.load(hash, on: connection) else { throw Self.unknown }
            if let problem = invitation.problem(now: now) { throw problem }
            let user = try Users.insert(
                id: Identifier.make(), tenantID: invitation.tenantID, email: invitation.email, isProven: true,
                role: invitation.role,
                fullName: name, password: password, invitationID: invitation.id, on: connection)
            try connection.run(
                "UPDATE invitations SET status = 'accepted', accepted_at = ? WHERE id = ?", now, invitation.id)
            try AuditLog.append(
                .invitationAccepted, tenantID: invitation.tenantID, actor: user.id,
                ["invitation_id": .string(invitation.id), "role": .string(invitation.role.rawValue)], on: connection)
            return user
        }
    }

    private static func hash(_ token: Secret) throws -> [UInt8] {
        guard token.reveal().utf8.count == tokenLength else { throw unknown }
        return try SHA256.hash(token.reveal())
    }

    private static func load(_ hash: [UInt8], on connection: Connection) throws -> Invitation? {
        try connection.first(
            "SELECT \(Invitation.columns) FROM invitations WHERE token_hash = ?1 OR mailed_token_hash = ?1", hash,
            map: Invitation.init)
    }

    static let unknown = TwinError(.notFound, "there is no such invitation; ask for a new one")
}

extension Invitation {
    /// Why it cannot be accepted; none while it can.
    fileprivate func problem(now: Timestamp) -> TwinError? {
        switch status {
        case .accepted: TwinError(.conflict, "this invitation has already been accepted; sign in instead")
        case .expired: TwinError(.gone, "this invitation has expired; ask for a new one")
        case .pending: expiresAt <= now ? TwinError(.gone, "this invitation has expired; ask for a new one") : nil
        }
    }
}
