import Synchronization
import TwinDatabase
import TwinSupport

/// The shared secret of HS256 tokens: the configured one, else one that was made here and is kept in the database.
final class TokenSecret: Sendable {
    /// RFC 7518 section 3.2 asks for a key as long as the hash.
    static let minimumLength = 32

    private static let name = "jwt_secret"
    private let database: Database
    private let configured: Secret?
    private let stored = Mutex<Secret?>(nil)

    /// Throws `TwinError` (`notConfigured`) for a configured secret that is not safe.
    init(database: Database, configured: Secret?) throws {
        self.database = database
        self.configured = configured
        if let configured { try Self.check(configured) }
    }

    private static func check(_ secret: Secret) throws {
        let text = secret.reveal()
        guard text.utf8.count >= minimumLength else {
            throw TwinError(
                .notConfigured,
                "the JWT secret (jwt.secret_file) is too short: give at least \(minimumLength) characters, for example from 'openssl rand -hex 32'"
            )
        }
        // Whoever has the public key could sign with it: the classic confusion of HS256 and RS256.
        guard !text.hasPrefix("-----BEGIN") else {
            throw TwinError(
                .notConfigured,
                "the JWT secret (jwt.secret_file) is a key in PEM form; give a shared secret, or the public key as a JWKS in jwt.jwks"
            )
        }
    }

    /// The secret; none when none is configured and none has been made.
    func current() throws -> Secret? {
        if let configured { return configured }
        // The first token may have been made by another process since.
        if let known = stored.withLock({ $0 }) { return known }
        let found = try database.read { try Self.stored(on: $0) }
        if let found { stored.withLock { $0 = found } }
        return found
    }

    /// The secret, made now if there is none.
    func currentOrMade() throws -> Secret {
        if let secret = try current() { return secret }
        return try database.write { connection in
            // Another process may have been quicker: its secret counts.
            let made = try StoredSecrets.valueOrMade(Self.name, on: connection) {
                Array(Base64.url.encode(Crypto.random(count: 48)).utf8)
            }
            return Secret(String(decoding: made, as: UTF8.self))
        }
    }

    private static func stored(on connection: Connection) throws -> Secret? {
        try StoredSecrets.value(name, on: connection).map { Secret(String(decoding: $0, as: UTF8.self)) }
    }
}
