import TwinDatabase
import TwinSupport

/// The secrets of one tenant among those of its file: what its API keys are hashed with, its webhooks are signed with, its tools
/// send. They pass from one file to the other in memory; each file seals what it stores by its own master key.
struct TenantSecrets: Sendable {
    /// What the keys are hashed with; none where the file never had one.
    var pepper: [UInt8]?
    /// The others, by name.
    var values: [String: [UInt8]] = [:]

    /// Reads them. Throws `TwinError` (`notConfigured`) where they are sealed and the master key is not at hand.
    static func read(of tenantID: String, on connection: Connection) throws -> TenantSecrets {
        var secrets = TenantSecrets()
        let hasKeys =
            try connection.first("SELECT 1 FROM api_keys WHERE tenant_id = ? LIMIT 1", tenantID) { _ in true } ?? false
        if hasKeys { secrets.pepper = try KeyStore.pepper(of: tenantID, on: connection) }
        for name in try names(of: tenantID, on: connection) {
            secrets.values[name] = try StoredSecrets.value(name, on: connection)
        }
        return secrets
    }

    /// Stores them in the file that the tenant comes to, in the caller's transaction.
    func store(of tenantID: String, on connection: Connection) throws {
        if let pepper { try KeyStore.keep(pepper: pepper, of: tenantID, on: connection) }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { try StoredSecrets.store(name, value, on: connection) }
    }

    /// Forgets them in the file that the tenant leaves, in the caller's transaction and before its rows are gone.
    static func remove(of tenantID: String, on connection: Connection) throws {
        for name in try names(of: tenantID, on: connection) + [KeyStore.ownPepperName(tenantID)] {
            try StoredSecrets.remove(name, on: connection)
        }
    }

    private static func names(of tenantID: String, on connection: Connection) throws -> [String] {
        let webhooks = try connection.rows("SELECT id FROM desk_webhooks WHERE tenant_id = ?", tenantID) { $0.text(0) }
        let known = Set(webhooks.flatMap { [Webhooks.secretName($0), Webhooks.previousName($0)] })
        let ofTools = ToolRunner.secretName("", tenantID: tenantID)
        return try StoredSecrets.entries(on: connection).map(\.name).filter { known.contains($0) || $0.hasPrefix(ofTools) }
    }
}
