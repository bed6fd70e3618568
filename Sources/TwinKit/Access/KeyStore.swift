import TwinDatabase
import TwinHTTP
import TwinSupport

/// API keys of a tenant. A key is shown once, when it is made; the database holds a keyed hash of it only.
package struct KeyStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package enum Scope: String, Sendable, CaseIterable { case read, write, chat }

    /// A key without its secret.
    package struct Key: Sendable, Equatable, JSONRepresentable {
        package let id: String
        package let tenantID: String
        package let name: String
        /// The first characters of the key, by which its owner knows it again.
        package let prefix: String
        package let allowedDomains: [String]
        /// Empty for all twins of the tenant.
        package let allowedTwinIDs: [String]
        /// Empty for all scopes.
        package let scopes: [Scope]
        package let isActive: Bool
        package let expiresAt: Timestamp?
        package let lastUsedAt: Timestamp?
        package let createdAt: Timestamp

        static let columns = """
            id, tenant_id, name, prefix, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at
            """

        init(_ row: Row) {
            func strings(_ column: Int32) -> [String] { (row.json(column).arrayValue ?? []).compactMap(\.stringValue) }
            id = row.text(0)
            tenantID = row.text(1)
            name = row.text(2)
            prefix = row.text(3)
            allowedDomains = strings(4)
            allowedTwinIDs = strings(5)
            scopes = strings(6).compactMap(Scope.init)
            isActive = row.bool(7)
            expiresAt = row.timestamp(8)
            lastUsedAt = row.timestamp(9)
            createdAt = row.timestamp(10) ?? Timestamp(milliseconds: 0)
        }

        package var isExpired: Bool { expiresAt.map { $0 <= Clock.now } ?? false }

        /// Whether the key may do this with the twin. A twin of another tenant it may not even know of.
        package func allows(_ scope: Scope, twin: Twin) -> Bool {
            isActive && !isExpired && twin.tenantID == tenantID && (allowedTwinIDs.isEmpty || allowedTwinIDs.contains(twin.id))
                && (scopes.isEmpty || scopes.contains(scope))
        }

        package var json: JSON {
            [
                "id": .string(id), "key_prefix": .string(prefix + "..."), "name": .string(name),
                "allowed_domains": .strings(allowedDomains), "is_active": .bool(isActive),
                "created_at": .string(createdAt.description), "last_used_at": .optional(lastUsedAt?.description),
                "expires_at": .optional(expiresAt?.description), "allowed_twin_ids": .strings(allowedTwinIDs),
                "scopes": .strings(scopes.map(\.rawValue)),
            ]
        }
    }

    /// What every key begins with.
    static let textPrefix = "tenant_"
    private static let prefixLength = 24
    private static let keyLength = 7 + 8 + 1 + 43
    static let maximumKeys = 10_000

    /// Makes a key and answers it with its text, which nobody can see again. Throws `TwinError`.
    package func create(
        _ name: String, tenantID: String? = nil, twins: [Twin] = [], domains: [String] = [], scopes: [Scope] = [],
        expiresInDays days: Int? = nil, by actor: String?
    ) throws -> (key: Key, text: Secret) {
        let name = name.trimmed
        guard !name.isEmpty, name.utf8.count <= 200 else { throw TwinError(.invalid, "a key's name has 1 to 200 bytes") }
        if let days, !(1...36_500).contains(days) { throw TwinError(.invalid, "a key expires after 1 to 36500 days") }
        guard domains.count <= 100, domains.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 253 }) else {
            throw TwinError(.invalid, "a key has at most 100 domains of 1 to 253 bytes")
        }
        return try database.write { connection in
            let tenant = try tenantID ?? TwinStore.firstTenant(on: connection)
            guard twins.allSatisfy({ $0.tenantID == tenant }) else {
                throw TwinError(.invalid, "a key can only open twins of its own tenant")
            }
            let count = try connection.first("SELECT count(*) FROM api_keys WHERE tenant_id = ?", tenant) { $0.int(0) } ?? 0
            guard count < Self.maximumKeys else {
                throw TwinError(.limitReached, "a tenant has at most \(Self.maximumKeys) keys")
            }
            let now = Clock.now
            let id = Identifier.make()
            let tenantPart = tenant.filter { $0 != "-" }.prefix(8)
            let text = "\(Self.textPrefix)\(tenantPart)_" + Base64.url.encode(Crypto.random(count: 32))
            try connection.run(
                """
                INSERT INTO api_keys (id, tenant_id, name, prefix, hmac, allowed_domains, allowed_twin_ids, scopes, expires_at,
                    created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, tenant, name, String(text.prefix(Self.prefixLength)), try Self.code(text, on: connection),
                    JSON.strings(domains.map { $0.lowercased() }), JSON.strings(twins.map(\.id)),
                    JSON.strings(scopes.map(\.rawValue)), days.map { now.adding(seconds: Double($0) * 86_400) }, now,
                ] as [any DatabaseConvertible])
            let key = try Self.find(id, on: connection)
            try Self.log(.keyCreated, key, actor, on: connection)
            return (key, Secret(text))
        }
    }

    /// All keys, newest first, revoked ones too.
    package func list(tenantID: String? = nil) throws -> [Key] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(Key.columns) FROM api_keys WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY key DESC", tenantID,
                map: Key.init)
        }
    }

    package func find(_ id: String, tenantID: String? = nil) throws -> Key {
        let key = try database.read { try Self.find(id, on: $0) }
        guard tenantID == nil || key.tenantID == tenantID else { throw Self.notFound(id) }
        return key
    }

    private static func find(_ id: String, on connection: Connection) throws -> Key {
        guard let key = try connection.first("SELECT \(Key.columns) FROM api_keys WHERE id = ?", id, map: Key.init) else {
            throw notFound(id)
        }
        return key
    }

    private static func notFound(_ id: String) -> TwinError {
        TwinError(.notFound, "there is no API key '\(id)'; 'twin keys list' shows them")
    }

    /// Makes a key useless from now on. Revoking again changes nothing.
    package func revoke(
        _ id: String, tenantID: String? = nil, by actor: String?
    ) throws -> Key {
        let key = try find(id, tenantID: tenantID)
        return try database.write { connection in
            try connection.run("UPDATE api_keys SET is_active = 0 WHERE id = ? AND is_active", key.id)
            if connection.changes > 0 { try Self.log(.keyRevoked, key, actor, on: connection) }
            return try Self.find(id, on: connection)
        }
    }

    private static func log(_ action: AuditLog.Action, _ key: Key, _ actor: String?, on connection: Connection) throws {
        let metadata: JSONObject = [
            "key_id": .string(key.id), "name": .string(key.name), "key_prefix": .string(key.prefix),
            "scopes": .strings(key.scopes.map(\.rawValue)),
        ]
        let twin = key.allowedTwinIDs.count == 1 ? key.allowedTwinIDs.first : nil
        try AuditLog.append(action, tenantID: key.tenantID, twinID: twin, actor: actor, metadata, on: connection)
    }

    /// The key that `text` is, when it is active and not expired; else none. The time it takes tells nothing of a key that
    /// shares its prefix.
    package func verify(_ text: Secret) throws -> Key? {
        let bytes = text.reveal()
        guard bytes.utf8.count == Self.keyLength, bytes.hasPrefix(Self.textPrefix) else { return nil }
        return try database.read { connection in
            let candidates = try connection.rows(
                "SELECT hmac, \(Key.columns) FROM api_keys WHERE prefix = ? AND is_active LIMIT 16",
                String(bytes.prefix(Self.prefixLength))
            ) { ($0.bytes(0), $0.text(1)) }
            guard !candidates.isEmpty, let pepper = try Self.pepper(on: connection) else { return nil }
            let code = try Crypto.hmacSHA256(key: pepper, Array(bytes.utf8))
            for (stored, id) in candidates where try Crypto.equal(stored, code) {
                let key = try Self.find(id, on: connection)
                return key.isExpired ? nil : key
            }
            return nil
        }
    }

    /// Whether some key could open something.
    func hasActiveKey() throws -> Bool {
        try database.read { connection in
            try connection.first(
                "SELECT 1 FROM api_keys WHERE is_active AND (expires_at IS NULL OR expires_at > ?) LIMIT 1", Clock.now
            ) { _ in true } ?? false
        }
    }

    /// In milliseconds.
    private static let activityInterval: Int64 = 60_000

    /// Whether it is time to note again that a key is in use.
    static func isStale(_ time: Timestamp?, now: Timestamp = Clock.now) -> Bool {
        time.map { now.milliseconds - $0.milliseconds >= activityInterval } ?? true
    }

    /// Notes that a key was used, at most once a minute.
    package func touch(_ key: Key) throws {
        guard Self.isStale(key.lastUsedAt) else { return }
        try database.write { try $0.run("UPDATE api_keys SET last_used_at = ? WHERE id = ?", Clock.now, key.id) }
    }

    private static let pepperName = "api_key_pepper"

    private static func pepper(on connection: Connection) throws -> [UInt8]? {
        try StoredSecrets.value(pepperName, on: connection)
    }

    private static func code(_ text: String, on connection: Connection) throws -> [UInt8] {
        let pepper = try StoredSecrets.valueOrMade(pepperName, on: connection) { Crypto.random(count: 32) }
        return try Crypto.hmacSHA256(key: pepper, Array(text.utf8))
    }
}
