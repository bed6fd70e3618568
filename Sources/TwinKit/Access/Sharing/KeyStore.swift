import TwinDatabase
import TwinHTTP
import TwinSupport

/// API keys of a tenant. A key is shown once, when it is made; the database holds a keyed hash of it only.
package struct KeyStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What a key lets its holder do. None of them lets it manage anything.
    package enum Scope: String, Sendable, CaseIterable { case read, write, chat }

    /// A key without its secret.
    package struct Key: Sendable, Equatable {
        package let id: String
        package let tenantID: String
        package let name: String
        /// The first characters of the key, by which its owner knows it again.
        package let prefix: String
        /// For which sites a browser may use it; empty for no browser check. See `KeyDomain`.
        package let allowedDomains: [String]
        /// Empty for all twins of the tenant.
        package let allowedTwinIDs: [String]
        /// Empty for all scopes: keys of the first versions, which did not say.
        package let scopes: [Scope]
        /// The group whose content it opens, by id; none for that of visitors. One that was deleted opens nothing.
        package let groupID: String?
        /// Who made it.
        package let createdBy: String?
        /// False once it is revoked.
        package let isActive: Bool
        /// Nil for a key that does not expire.
        package let expiresAt: Timestamp?
        /// Nil before its first use.
        package let lastUsedAt: Timestamp?
        package let createdAt: Timestamp

        static let columns = """
            id, tenant_id, name, prefix, allowed_domains, allowed_twin_ids, scopes, is_active, expires_at, last_used_at, created_at,
            group_id, created_by
            """

        init(_ row: Row) throws {
            try row.check(columns: 13)
            func strings(_ column: Int32) throws -> [String] { try row.array(column, of: \.stringValue) }
            id = row.text(0)
            tenantID = row.text(1)
            name = row.text(2)
            prefix = row.text(3)
            allowedDomains = try strings(4)
            allowedTwinIDs = try strings(5)
            scopes = try row.array(6) { $0.stringValue.flatMap(Scope.init) }
            isActive = row.bool(7)
            expiresAt = try row.timestamp(8)
            lastUsedAt = try row.timestamp(9)
            createdAt = try row.requiredTimestamp(10)
            groupID = row.optionalText(11)
            createdBy = row.optionalText(12)
        }

        /// Whether its time is over, as of now.
        package var isExpired: Bool { expiresAt.map { $0 <= Clock.now } ?? false }

        /// Whether the key may do this with the twin. A twin of another tenant it may not even know of.
        package func allows(_ scope: Scope, twin: Twin) -> Bool {
            holds(scope) && twin.tenantID == tenantID && (allowedTwinIDs.isEmpty || allowedTwinIDs.contains(twin.id))
        }

        /// Whether it opens anything at all to this.
        func holds(_ scope: Scope) -> Bool { isActive && !isExpired && (scopes.isEmpty || scopes.contains(scope)) }
    }

    /// What every key begins with.
    static let textPrefix = "tenant_"
    private static let prefixLength = 24
    private static let keyLength = 7 + 8 + 1 + 43
    static let maximumKeys = 10_000
    static let maximumDomains = 100

    /// What a key may do when nobody says: ask.
    package static let standardScopes: [Scope] = [.chat]

    /// Makes a key and answers it with its text, which nobody can see again. With a group it opens that group's twin, and sees
    /// what the group sees. Without scopes it may ask and nothing else. Throws `TwinError`.
    package func create(
        _ name: String, tenantID: String? = nil, twins: [Twin] = [], group: AccessGroup? = nil, domains: [String] = [],
        scopes: [Scope] = standardScopes, expiresInDays days: Int? = nil, by actor: String?
    ) throws -> (key: Key, text: Secret) {
        let name = name.trimmed
        guard !name.isEmpty, name.utf8.count <= 200 else { throw TwinError(.invalid, "a key's name has 1 to 200 bytes") }
        if let days, !(1...36_500).contains(days) { throw TwinError(.invalid, "a key expires after 1 to 36500 days") }
        guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw TwinError(.invalid, "a key's name holds no control characters")
        }
        guard domains.count <= Self.maximumDomains else {
            throw TwinError(.invalid, "a key has at most \(Self.maximumDomains) domains")
        }
        var patterns: [String] = []
        for domain in try domains.map({ try KeyDomain($0).description }) where !patterns.contains(domain) {
            patterns.append(domain)
        }
        let scopes = scopes.isEmpty ? Self.standardScopes : Scope.allCases.filter(scopes.contains)
        return try database.write { connection in
            let tenant = try tenantID ?? TwinStore.firstTenant(on: connection)
            guard twins.allSatisfy({ $0.tenantID == tenant }), group == nil || group?.tenantID == tenant else {
                throw TwinError(.invalid, "a key can only open twins of its own tenant")
            }
            guard group == nil || twins.allSatisfy({ $0.id == group?.twinID }) else {
                throw TwinError(.invalid, "a key with an access group opens that group's twin and no other")
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
                    created_at, group_id, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    id, tenant, name, String(text.prefix(Self.prefixLength)), try Self.code(text, of: tenant, on: connection),
                    JSON.strings(patterns), JSON.strings(group.map { [$0.twinID] } ?? twins.map(\.id)),
                    JSON.strings(scopes.map(\.rawValue)), days.map { now.adding(seconds: Double($0) * 86_400) }, now,
                    group?.id, actor,
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

    /// The slugs of the twins and the names of the groups that keys are for, by their ids.
    package func names(of keys: [Key]) throws -> [String: String] {
        let ids = JSON.strings(Set(keys.flatMap { $0.allowedTwinIDs + [$0.groupID].compactMap(\.self) }).sorted())
        return try database.read { connection in
            let rows = try connection.rows(
                """
                SELECT id, slug FROM twins WHERE id IN (SELECT value FROM json_each(?1))
                UNION ALL SELECT id, name FROM access_groups WHERE id IN (SELECT value FROM json_each(?1))
                """, ids
            ) { ($0.text(0), $0.text(1)) }
            return Dictionary(rows, uniquingKeysWith: { first, _ in first })
        }
    }

    /// A key by its id, revoked or not. Throws `TwinError` (`notFound`) for an unknown one, and for another tenant's where a tenant
    /// is named.
    package func find(_ id: String, tenantID: String? = nil) throws -> Key {
        let key = try database.read { try Self.find(id, on: $0) }
        guard tenantID == nil || key.tenantID == tenantID else { throw Self.notFound(id) }
        return key
    }

    static func find(_ id: String, on connection: Connection) throws -> Key {
        guard let key = try connection.first("SELECT \(Key.columns) FROM api_keys WHERE id = ?", id, map: Key.init) else {
            throw notFound(id)
        }
        return key
    }

    private static func notFound(_ id: String) -> TwinError {
        TwinError(.notFound, "there is no API key '\(id)'; 'twin keys list' shows them")
    }

    /// Makes a key, named by its id or its name, useless from now on. Revoking again changes nothing.
    package func revoke(
        _ id: String, tenantID: String? = nil, by actor: String?
    ) throws -> Key {
        return try database.write { connection in
            let key = try Self.resolve(id, tenantID: tenantID, on: connection)
            try Self.revoke(key, by: actor, on: connection)
            return try Self.find(key.id, on: connection)
        }
    }

    static func revoke(_ key: Key, by actor: String?, on connection: Connection) throws {
        try connection.run("UPDATE api_keys SET is_active = 0 WHERE id = ? AND is_active", key.id)
        if connection.changes > 0 { try log(.keyRevoked, key, actor, on: connection) }
    }

    /// The keys that a user made and that open something.
    package func usable(madeBy user: User) throws -> [Key] { try database.read { try Self.usable(madeBy: user, on: $0) } }

    static func usable(madeBy user: User, on connection: Connection) throws -> [Key] {
        try connection.rows(
            "SELECT \(Key.columns) FROM api_keys WHERE created_by = ? AND is_active ORDER BY key", user.id, map: Key.init
        ).filter { !$0.isExpired }
    }

    /// The key with this id, or the one that is in use under this name. Throws `TwinError`: `notFound`, or `invalid` for a name
    /// that several have.
    package func resolve(_ name: String, tenantID: String? = nil) throws -> Key {
        try database.read { try Self.resolve(name, tenantID: tenantID, on: $0) }
    }

    private static func resolve(_ name: String, tenantID: String?, on connection: Connection) throws -> Key {
        let found = try connection.rows(
            """
            SELECT \(Key.columns) FROM api_keys WHERE (id = ?1 OR name = ?1) AND (?2 IS NULL OR tenant_id = ?2)
            ORDER BY id = ?1 DESC, is_active DESC, key DESC
            """, name, tenantID, map: Key.init)
        guard let first = found.first else { throw notFound(name) }
        if first.id == name { return first }
        // One that was revoked does not stand in the way of its successor.
        let inUse = found.filter(\.isActive)
        guard inUse.count <= 1 else {
            let ids = inUse.prefix(5).map { "\($0.id) (\($0.prefix)…)" }.joined(separator: ", ")
            throw TwinError(.invalid, "several keys are named '\(name)': \(ids); give the id")
        }
        return inUse.first ?? first
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
                Self.prefix(of: text)
            ) { ($0.bytes(0), $0.text(1), $0.text(2)) }
            for (stored, id, tenant) in candidates {
                guard let pepper = try Self.pepper(of: tenant, on: connection),
                    try Crypto.equal(stored, Crypto.hmacSHA256(key: pepper, Array(bytes.utf8)))
                else { continue }
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
        time.map { abs(now.milliseconds - $0.milliseconds) >= activityInterval } ?? true
    }

    /// Notes that a key was used, at most once a minute.
    package func touch(_ key: Key) throws {
        guard Self.isStale(key.lastUsedAt) else { return }
        try database.write { try $0.run("UPDATE api_keys SET last_used_at = ? WHERE id = ?", Clock.now, key.id) }
    }

    /// What a key begins with, by which it is found.
    package static func prefix(of text: Secret) -> String { String(text.reveal().prefix(prefixLength)) }

    private static let pepperName = "api_key_pepper"

    /// What the keys of a tenant are hashed with that came from another file: they go on being good.
    static func ownPepperName(_ tenantID: String) -> String { "\(pepperName):\(tenantID)" }

    /// What the keys of a tenant are hashed with; none where there is none yet.
    static func pepper(of tenantID: String, on connection: Connection) throws -> [UInt8]? {
        try StoredSecrets.value(ownPepperName(tenantID), on: connection) ?? StoredSecrets.value(pepperName, on: connection)
    }

    /// Has the keys of a tenant that comes from another file hashed as they were there.
    static func keep(pepper: [UInt8], of tenantID: String, on connection: Connection) throws {
        if try StoredSecrets.value(pepperName, on: connection) == pepper { return }
        try StoredSecrets.store(ownPepperName(tenantID), pepper, on: connection)
    }

    private static func code(_ text: String, of tenantID: String, on connection: Connection) throws -> [UInt8] {
        let pepper =
            try StoredSecrets.value(ownPepperName(tenantID), on: connection)
            ?? StoredSecrets.valueOrMade(pepperName, on: connection) { Crypto.random(count: 32) }
        return try Crypto.hmacSHA256(key: pepper, Array(text.utf8))
    }
}
