import TwinDatabase
import TwinSupport

/// Users whose account is kept by an issuer of tokens: their row and tenant are made here when they first come.
extension Users {
    /// Makes sure that the holder of a good token has a row and a tenant, and answers the row and whether it is new. A tenant
    /// that is missing is made, named after the person. Throws `TwinError`: `conflict` when the address belongs to somebody
    /// else, who must not be taken over.
    package func sync(
        id: String, email: String, fullName: String? = nil, avatarURL: String? = nil
    ) throws -> (user: User, created: Bool) {
        if let user = try find(id), user.tenantID != nil { return (user, false) }
        let email = try EmailAddress.checked(email)
        // A name or picture from elsewhere that cannot be stored is left out; it must not keep anybody out.
        let fullName = (try? Self.checkedName(fullName)) ?? nil
        let avatarURL = avatarURL.flatMap { Self.isStorable($0) ? $0 : nil }
        return try database.write { connection in
            if let user = try Self.find(id, on: connection) {
                if user.tenantID == nil {
                    let tenant = try Self.makeTenant(for: user.fullName ?? fullName, email: user.email, on: connection)
                    // The workspace is theirs alone: whatever they were elsewhere, here they own it.
                    try connection.run("UPDATE users SET tenant_id = ?, role = 'owner' WHERE id = ?", tenant, id)
                }
                guard let synced = try Self.find(id, on: connection) else { throw Self.notFound }
                return (synced, false)
            }
            let tenant = try Self.makeTenant(for: fullName, email: email, on: connection)
            let user = try Self.insert(
                id: id, tenantID: tenant, email: email, role: .owner, fullName: fullName, avatarURL: avatarURL, on: connection)
            return (user, true)
        }
    }

    private static func isStorable(_ url: String) -> Bool {
        url.utf8.count <= 2048 && (url.hasPrefix("https://") || url.hasPrefix("http://"))
            && url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    private static func makeTenant(for name: String?, email: String, on connection: Connection) throws -> String {
        let owner = name ?? String(email.prefix { $0 != "@" })
        let id = Identifier.make()
        try connection.run(
            "INSERT INTO tenants (id, name, created_at) VALUES (?, ?, ?)", id, "\(owner)'s Workspace", Clock.now)
        return id
    }
}
