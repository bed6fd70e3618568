import TwinDatabase
import TwinHTTP
import TwinSupport

/// Where somebody signs in from.
package struct SignInOrigin: Sendable {
    /// The client's address; empty where there is none.
    package var address: String
    /// What a browser was given when it signed in before.
    package var device: Secret?

    package init(address: String = "", device: Secret? = nil) {
        self.address = address
        self.device = device
    }

    /// The address, or of an IPv6 address the network of 64 bits, of which one household has all.
    var network: String {
        guard let address = IPAddress(address), !address.isIPv4 else { return address }
        return IPAddress(bytes: Array(address.bytes.prefix(8)) + [UInt8](repeating: 0, count: 8))?.description ?? self.address
    }
}

/// Signing in with a password. Guessing is limited by the account and the place that guesses come from together, so that
/// nobody keeps the owner out from elsewhere; a device or place that the account has signed in from before passes even while
/// the whole world guesses.
extension Users {
    /// Tries from one place at one account.
    static let signInsPerMinute = 10
    static let signInsPerHour = 60
    /// Tries from one place at all accounts.
    static let signInsOfPlacePerMinute = 30
    /// Tries at one account from all places that it does not know: a thousand machines guess no faster than this.
    static let unknownSignInsPerHour = 1_000

    static let wrongPassword = TwinError(.unauthenticated, "the e-mail address or the password is wrong")

    /// The user with this address and password. Throws `TwinError`: `unauthenticated` whatever is wrong, after the same work
    /// for an address that nobody has; `RateLimit.Exceeded` after too many tries.
    package func signIn(email: String, password: Secret, from origin: SignInOrigin = SignInOrigin()) throws -> User {
        guard let email = try? EmailAddress.checked(email) else { throw Self.wrongPassword }
        let (user, stored) = try database.write { connection in
            let user = try Self.find(email: email, on: connection)
            try RateLimit.count(try Self.limits(email, user, origin, on: connection), on: connection)
            let stored = try connection.first("SELECT password FROM users WHERE email = ?", email) { $0.optionalText(0) }
            return (user, stored ?? nil)
        }
        let isRight = try PasswordHash.verify(password, against: stored)
        guard isRight, let user, !user.isDeleted else { throw Self.wrongPassword }
        return user
    }

    private static func limits(
        _ email: String, _ user: User?, _ origin: SignInOrigin, on connection: Connection
    ) throws -> [RateLimit] {
        let device = try origin.device.map { try SHA256.hash($0.reveal()) }
        if let user, let device, try KnownDevice.exists(device, of: user, on: connection) {
            return [RateLimit("sign-in:\(email):device:\(Hex.encode(device))", signInsPerMinute, per: .minute)]
        }
        let network = origin.network
        var limits = [
            RateLimit("sign-in:\(email):\(network)", signInsPerMinute, per: .minute),
            RateLimit("sign-in:\(email):\(network)", signInsPerHour, per: .hour),
        ]
        if !network.isEmpty { limits.append(RateLimit("sign-in::\(network)", signInsOfPlacePerMinute, per: .minute)) }
        let isKnown = try user.map { try KnownDevice.exists(network: network, of: $0, on: connection) } ?? false
        if !isKnown { limits.append(RateLimit("sign-in:\(email)", unknownSignInsPerHour, per: .hour)) }
        return limits
    }

    /// Remembers where a user has signed in from, and answers what their browser should show the next time: what it showed, or
    /// something new.
    package func remember(_ origin: SignInOrigin, of user: User, now: Timestamp = Clock.now) throws -> Secret {
        let device = origin.device.flatMap { $0.reveal().utf8.count == KnownDevice.length ? $0 : nil }
        return try database.write { connection in
            if let device, try KnownDevice.exists(SHA256.hash(device.reveal()), of: user, on: connection) {
                try KnownDevice.store(device, origin, user, now, on: connection)
                return device
            }
            // Never what a client brings along: somebody else may have put it there.
            let made = Secret(Base64.url.encode(Crypto.random(count: 32)))
            try KnownDevice.store(made, origin, user, now, on: connection)
            return made
        }
    }

    /// Gives a user a new password. Every token made before is refused from now on.
    package func setPassword(_ user: User, _ password: Secret) throws {
        let hash = try PasswordHash.make(password)
        try database.write { try Self.setPassword(of: user.id, hash, on: $0) }
    }

    static func setPassword(of id: String, _ hash: String, on connection: Connection) throws {
        try connection.run("UPDATE users SET password = ? WHERE id = ?", hash, id)
        guard connection.changes == 1 else { throw notFound }
        try invalidateTokens(of: id, on: connection)
        try endPasswordResets(of: id, on: connection)
        // Whoever knew the old password is no known device.
        try connection.run("DELETE FROM known_devices WHERE user_key = (SELECT key FROM users WHERE id = ?)", id)
    }

    /// The same by the user, who knows the one before.
    package func changePassword(of user: User, from old: Secret, to new: Secret) throws {
        let stored = try database.read { connection in
            try connection.first("SELECT password FROM users WHERE id = ?", user.id) { $0.optionalText(0) } ?? nil
        }
        _ = try database.write { connection in
            try RateLimit.count(
                [RateLimit("password:\(user.id)", Self.signInsPerMinute, per: .minute)], on: connection)
        }
        guard try PasswordHash.verify(old, against: stored) else {
            throw TwinError(.unauthenticated, "the old password is wrong")
        }
        try setPassword(user, new)
    }

    /// Ends every token by which a letter lets a user choose a new password: they have another one, or their letters go elsewhere
    /// from now on.
    static func endPasswordResets(of id: String, on connection: Connection) throws {
        try connection.run("DELETE FROM password_resets WHERE user_key = (SELECT key FROM users WHERE id = ?)", id)
    }

    /// Refuses every token that was made for the user until now.
    package func invalidateTokens(of user: User) throws {
        try database.write { try Self.invalidateTokens(of: user.id, on: $0) }
    }

    private static func invalidateTokens(of id: String, on connection: Connection) throws {
        let now = Clock.now
        // Tokens of issuers count whole seconds: those of this second go too.
        let next = Timestamp(milliseconds: (now.milliseconds / 1000 + 1) * 1000)
        try connection.run(
            "UPDATE users SET token_generation = token_generation + 1, tokens_valid_from = ? WHERE id = ?", next, id)
        try TokenFamily.endAll(of: id, now: now, on: connection)
    }
}

/// Browsers and places that an account has signed in from.
private enum KnownDevice {
    /// Of the text that a browser keeps, in bytes.
    static let length = 43
    static let maximumPerUser = 50

    static func exists(_ hash: [UInt8], of user: User, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM known_devices WHERE user_key = ? AND device = ?", user.key, hash, map: { _ in true }) ?? false
    }

    static func exists(network: String, of user: User, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM known_devices WHERE user_key = ? AND network = ?", user.key, network, map: { _ in true }) ?? false
    }

    static func store(
        _ device: Secret, _ origin: SignInOrigin, _ user: User, _ now: Timestamp, on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO known_devices (user_key, device, network, last_used_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (user_key, device) DO UPDATE SET network = excluded.network, last_used_at = excluded.last_used_at
            """, user.key, try SHA256.hash(device.reveal()), origin.network, now)
        try connection.run(
            """
            DELETE FROM known_devices WHERE user_key = ?1 AND device NOT IN (
                SELECT device FROM known_devices WHERE user_key = ?1 ORDER BY last_used_at DESC LIMIT ?2)
            """, user.key, maximumPerUser)
    }
}
