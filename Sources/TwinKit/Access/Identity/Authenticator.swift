import Dispatch
import Synchronization
import TwinDatabase
import TwinSupport

/// From credentials to who is asking. This is the one door; what the principal may do, the `Authorizer` says.
package final class Authenticator: Sendable {
    private let database: Database
    private let secret: TokenSecret
    private let verifier: TokenVerifier
    private let users: Users
    private let keys: KeyStore
    /// Makes and refreshes tokens.
    package let tokens: Tokens
    private let touches: ActivityLog

    /// Throws `TwinError` (`notConfigured`) for a configured secret that is not safe.
    package init(database: Database, settings: TokenSettings) throws {
        self.database = database
        secret = try TokenSecret(database: database, configured: settings.secret)
        let own = SigningKeys(database: database)
        verifier = TokenVerifier(
            secret: secret, own: own, keys: settings.keySetLocation.map { KeySet(location: $0) }, issuer: settings.issuer,
            audience: settings.audience)
        tokens = Tokens(database: database, secret: secret, verifier: verifier, keys: own, audience: settings.audience)
        users = Users(database: database)
        keys = KeyStore(database: database)
        touches = ActivityLog(users: users, keys: keys)
    }

    /// Who holds these credentials; nobody without any. A bearer token may be an API key. `origin` is the request's `Origin`
    /// (else `Referer`), which keys with a list of domains are held to. Throws `TwinError`: `unauthenticated` for bad
    /// credentials, `notPermitted` for a key that is used elsewhere than it may be, `notConfigured` when there is nothing to
    /// check a token with.
    package func principal(bearer: Secret?, apiKey: Secret?, origin: String?) throws -> Principal {
        if let apiKey { return try principal(apiKey: apiKey, origin: origin) }
        guard let bearer else { return .nobody }
        if bearer.reveal().hasPrefix(KeyStore.textPrefix) { return try principal(apiKey: bearer, origin: origin) }
        return try .user(user(token: bearer))
    }

    /// Whether anybody could get in at all: a token secret, a key set or an active API key exists.
    package var isConfigured: Bool {
        get throws {
            if verifier.hasKeySet { return true }
            if try secret.current() != nil { return true }
            if try !tokens.keys.isEmpty { return true }
            return try keys.hasActiveKey()
        }
    }

    private func user(token: Secret) throws -> User {
        let claims = try verifier.claims(of: token)
        // The tenant is what the row says; a token that claims another one is not believed at all.
        let (found, isOpen) = try database.read { connection -> (User?, Bool) in
            guard claims.isLocal else {
                let user = try Users.find(claims.account, on: connection)
                // Whoever has left with their workspace is not new here.
                if user == nil, try MovedName.isKnown(claims.subject, on: connection) { throw JSONWebToken.refused }
                return (user, true)
            }
            guard let user = try Users.find(claims.subject, on: connection) else { return (nil, false) }
            return (user, try claims.sessionID.map { try TokenFamily.isOpen($0, of: user, on: connection) } ?? true)
        }
        guard let user = found else {
            let user = User(
                id: claims.subject, email: claims.email, fullName: claims.fullName, avatarURL: claims.avatarURL,
                account: claims.account)
            guard !claims.isLocal, !user.isDeleted else { throw JSONWebToken.refused }
            return user
        }
        guard isOpen, !user.isDeleted, user.accepts(claims), claims.tenantID == nil || claims.tenantID == user.tenantID,
            try claims.isLocal || users.bind(claims.account, to: user)
        else { throw JSONWebToken.refused }
        touches.note(user)
        return user
    }

    private func principal(apiKey: Secret, origin: String?) throws -> Principal {
        guard let key = try keys.verify(apiKey) else {
            throw TwinError(.unauthenticated, "the API key is not valid; 'twin keys create' makes one")
        }
        guard key.allows(origin: origin) else {
            throw TwinError(.notPermitted, "the API key may not be used from this site")
        }
        touches.note(key)
        return .apiKey(key)
    }

    /// Waits until the times of last use are written, for a shutdown and for tests.
    package func flush() { touches.flush() }
}

/// Notes when users and keys were last seen, beside the requests: nobody waits for the database's writer because of it, and
/// when it fails nothing else does.
final class ActivityLog: Sendable {
    private let users: Users
    private let keys: KeyStore
    private let queue = DispatchQueue(label: "activity", qos: .utility)
    /// Ids whose note is under way, so that a thousand requests at once write once.
    private let pending = Mutex<Set<String>>([])

    init(users: Users, keys: KeyStore) {
        self.users = users
        self.keys = keys
    }

    func note(_ user: User) {
        guard Users.isStale(user.lastActiveAt) else { return }
        later(user.id) { [users] in try users.touch(user) }
    }

    func note(_ key: KeyStore.Key) {
        guard KeyStore.isStale(key.lastUsedAt) else { return }
        later(key.id) { [keys] in try keys.touch(key) }
    }

    func flush() { queue.sync {} }

    private func later(_ id: String, _ work: @escaping @Sendable () throws -> Void) {
        guard pending.withLock({ $0.insert(id).inserted }) else { return }
        queue.async { [self] in
            try? work()
            pending.withLock { _ = $0.remove(id) }
        }
    }
}
