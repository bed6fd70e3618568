import Synchronization
import TwinDatabase
import TwinSupport

/// The key pairs that tokens of twin's own are signed with where others check them: RS256. The private ones are among the
/// database's secrets, the public ones are published (RFC 7517 section 5). One signs; those before it check what they signed
/// until the last of that has expired.
package final class SigningKeys: Sendable {
    static let schema = """
        -- Public keys by their names; the private halves stand among the secrets.
        CREATE TABLE signing_keys (
            id TEXT PRIMARY KEY,
            public_key TEXT NOT NULL,
            created_at TEXT NOT NULL,
            -- When it stops checking signatures; none for the one that signs.
            retires_at TEXT
        ) STRICT, WITHOUT ROWID;
        """

    /// A key as it is published.
    package struct Entry: Sendable {
        package let id: String
        package let publicKey: JSONObject
        package let createdAt: Timestamp
        /// Until when it still checks what it has signed; nil for the one that signs.
        package let retiresAt: Timestamp?

        /// Whether new tokens are signed with it.
        package var signs: Bool { retiresAt == nil }
    }

    /// How long a key that signs no more still checks, in seconds: what the longest token lasts that it signs.
    package static let overlap = 30.0 * 86_400
    /// Nanoseconds after which it is looked again what other processes have changed.
    private static let lookInterval: UInt64 = 2_000_000_000

    private struct State {
        var checking: [String: VerificationKey] = [:]
        var signing: (id: String, key: SigningKey)?
        var looked: UInt64?
    }

    private let database: Database
    private let state = Mutex(State())

    package init(database: Database) { self.database = database }

    private static func secretName(_ id: String) -> String { "signing_key:\(id)" }

    private static let columns = "id, public_key, created_at, retires_at"

    private static func entry(_ row: Row) throws -> Entry {
        Entry(
            id: row.text(0), publicKey: try row.object(1),
            createdAt: try row.requiredTimestamp(2), retiresAt: try row.timestamp(3))
    }

    /// The keys that check signatures now, the newest first.
    package func entries(now: Timestamp = Clock.now) throws -> [Entry] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(Self.columns) FROM signing_keys WHERE retires_at IS NULL OR retires_at > ? ORDER BY id DESC", now,
                map: Self.entry)
        }
    }

    /// The set as others fetch it (RFC 7517 section 5).
    package func document() throws -> JSON {
        ["keys": .array(try entries().map { .object($0.publicKey.merging(["kid": .string($0.id)])) })]
    }

    /// Makes a new key sign from now on. Those before it go on checking for `overlap`, or with `revoking` not a moment longer:
    /// whoever has a token of theirs signs in again. Answers the new one's name.
    @discardableResult
    package func rotate(revoking: Bool = false, by actor: String?, now: Timestamp = Clock.now) throws -> String {
        // Outside of the transaction: nobody waits for it.
        let made = try SigningKey.generate()
        let id = try database.write { connection in
            try Self.retire(revoking, now, on: connection)
            let id = try Self.store(made, now, on: connection)
            if let tenant = try TwinStore.existingTenant(on: connection) {
                try AuditLog.append(
                    .signingKeyRotated, tenantID: tenant, actor: actor,
                    ["key_id": .string(id), "revoked": .bool(revoking)], on: connection)
            }
            return id
        }
        state.withLock { $0 = State() }
        return id
    }

    private static func retire(_ revoking: Bool, _ now: Timestamp, on connection: Connection) throws {
        let signing = try connection.rows("SELECT id FROM signing_keys WHERE retires_at IS NULL") { $0.text(0) }
        for id in signing { try StoredSecrets.remove(secretName(id), on: connection) }
        if revoking {
            try connection.run("DELETE FROM signing_keys")
        } else {
            try connection.run(
                "UPDATE signing_keys SET retires_at = ? WHERE retires_at IS NULL", now.adding(seconds: overlap))
            try connection.run("DELETE FROM signing_keys WHERE retires_at <= ?", now)
        }
    }

    private static func store(_ key: SigningKey, _ now: Timestamp, on connection: Connection) throws -> String {
        let id = Identifier.make()
        try StoredSecrets.store(secretName(id), try key.encoded(), on: connection)
        try connection.run(
            "INSERT INTO signing_keys (id, public_key, created_at) VALUES (?, ?, ?)", id, JSON.object(try key.publicKey()), now)
        return id
    }

    /// A token with these claims. The first one makes the first key.
    func sign(_ claims: JSONObject) throws -> Secret {
        try lookAgain()
        let signing = try state.withLock({ $0.signing }) ?? load()
        return try JSONWebToken.sign(claims, key: signing.key, keyID: signing.id)
    }

    private func load() throws -> (id: String, key: SigningKey) {
        if let found = try database.read({ try Self.signing(on: $0) }) {
            state.withLock { $0.signing = found }
            return found
        }
        let made = try SigningKey.generate()
        let signing = try database.write { connection -> (id: String, key: SigningKey) in
            // Another process may have been quicker: its key counts.
            if let found = try Self.signing(on: connection) { return found }
            // What signs and has lost its secret signs no more.
            try Self.retire(false, Clock.now, on: connection)
            return (try Self.store(made, Clock.now, on: connection), made)
        }
        state.withLock { state in
            state = State()
            state.signing = signing
        }
        return signing
    }

    private static func signing(on connection: Connection) throws -> (id: String, key: SigningKey)? {
        let id = try connection.first(
            "SELECT id FROM signing_keys WHERE retires_at IS NULL ORDER BY id DESC LIMIT 1", map: { $0.text(0) })
        guard let id, let bytes = try StoredSecrets.value(secretName(id), on: connection) else { return nil }
        return (id, try SigningKey(encoded: bytes))
    }

    /// The key of this name, if it checks signatures now.
    func key(_ id: String) throws -> VerificationKey? {
        try lookAgain()
        return state.withLock { $0.checking[id] }
    }

    var isEmpty: Bool {
        get throws {
            try lookAgain()
            return state.withLock { $0.checking.isEmpty }
        }
    }

    /// Reads the public keys, now and then.
    private func lookAgain() throws {
        let now = Clock.monotonicNanoseconds
        let isDue = state.withLock { state in state.looked.map { now &- $0 >= Self.lookInterval } ?? true }
        guard isDue else { return }
        let found = try entries()
        let keys = found.compactMap { entry in
            (try? VerificationKey(jwk: .object(entry.publicKey))).map { (entry.id, $0) }
        }
        state.withLock { state in
            state.checking = Dictionary(keys, uniquingKeysWith: { first, _ in first })
            // One that was rotated elsewhere signs no more here.
            if let signing = state.signing, found.first(where: { $0.id == signing.id })?.signs != true { state.signing = nil }
            state.looked = now
        }
    }
}
