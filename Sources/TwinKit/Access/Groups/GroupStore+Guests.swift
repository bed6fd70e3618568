import TwinDatabase

extension GroupStore {
    /// The users of a tenant leave the file, in the caller's transaction: their places in groups of other tenants are held for
    /// their addresses, as for anybody who was invited. Those whose address nobody has proven lose theirs.
    static func holdPlaces(ofGuestsFrom tenantID: String, on connection: Connection) throws {
        let guests = """
            user_id IN (SELECT id FROM users WHERE tenant_id = ?1)
                AND twin_key NOT IN (SELECT key FROM twins WHERE tenant_id = ?1)
            """
        try connection.run(
            """
            UPDATE OR IGNORE group_memberships
            SET email = (SELECT email FROM users WHERE id = user_id AND is_proven), user_id = NULL
            WHERE \(guests) AND EXISTS (SELECT 1 FROM users WHERE id = user_id AND is_proven AND email IS NOT NULL)
            """, tenantID)
        try connection.run("DELETE FROM group_memberships WHERE \(guests)", tenantID)
    }
}
