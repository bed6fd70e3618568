import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Checks tokens with the keys that are configured: HS256 with the shared secret, RS256 and ES256 with the key set. The
/// kind of key decides the algorithm, so that a token cannot have its signature checked with a key of another kind.
final class TokenVerifier: Sendable {
    private let secret: TokenSecret
    private let keys: KeySet?
    /// Of this program's own RS256 tokens.
    private let own: SigningKeys
    private let issuer: String?
    private let audience: String?
    /// A cache for each of a few threads. One for all would have every request wait for every other, because whoever holds its
    /// lock may lose the processor; verifying a token some times more costs microseconds.
    private let caches = (0..<16).map { _ in Cache() }

    private final class Cache: Sendable {
        let verified = Mutex(VerifiedTokens())
    }

    /// The calling thread's. The lowest bits of a thread's address are always the same.
    private var cache: Cache { caches[Int(truncatingIfNeeded: (UInt(pthread_self()) >> 12) % 16)] }

    init(secret: TokenSecret, own: SigningKeys, keys: KeySet?, issuer: String?, audience: String?) {
        self.secret = secret
        self.own = own
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
    }

    var hasKeySet: Bool { keys != nil }

    /// The claims of a good token for this purpose. Throws `TwinError`: `unauthenticated` for a bad one, `notConfigured`
    /// when there is nothing to check any token with.
    func claims(of text: Secret, for purpose: TokenClaims.Purpose = .access, now: Timestamp = Clock.now) throws -> TokenClaims {
        guard text.reveal().utf8.count <= JSONWebToken.maximumLength else { throw JSONWebToken.refused }
        let digest = TokenDigest(try SHA256.hash(text.reveal()))
        let claims: TokenClaims
        if let known = cache.verified.withLock({ $0[digest] }), try isCurrent(known) {
            // Its signature, issuer and audience stay what they were; time goes on.
            try JSONWebToken.checkTimes(
                known.claims.object, JSONWebToken.Rules(permitsFuture: known.claims.isLocal), now: now)
            claims = known.claims
        } else {
            let token = try JSONWebToken(parsing: text)
            let witness = try verifySignature(of: token)
            try token.checkClaims(rules(for: token), now: now)
            claims = try TokenClaims(token, isLocal: witness.isOwn)
            cache.verified.withLock { $0.insert(VerifiedTokens.Entry(claims: claims, witness: witness), for: digest) }
        }
        guard claims.purpose == purpose else { throw JSONWebToken.refused }
        return claims
    }

    /// Whether the key that verified it is still in use.
    private func isCurrent(_ entry: VerifiedTokens.Entry) throws -> Bool {
        switch entry.witness {
        case .secret: true
        case .keySet(let generation): try keys?.generation() == generation
        case .own(let id): try own.key(id) != nil
        }
    }

    /// What verified a signature.
    enum Witness: Sendable, Equatable {
        /// The shared secret, which does not change; `isOwn` where the token names this program as its issuer.
        case secret(isOwn: Bool)
        /// A generation of the key set of a foreign issuer.
        case keySet(Int)
        /// A key of this program, by its name.
        case own(String)

        var isOwn: Bool {
            switch self {
            case .secret(let isOwn): isOwn
            case .keySet: false
            case .own: true
            }
        }
    }

    private func verifySignature(of token: JSONWebToken) throws -> Witness {
        let claimsOwn = token.claims["iss"] == .string(Tokens.issuer)
        switch token.header.algorithm {
        case .hs256:
            guard let secret = try secret.current() else {
                if keys == nil, try own.isEmpty { throw Self.notConfigured }
                throw JSONWebToken.refused
            }
            try token.verifySignature(secret: secret)
            return .secret(isOwn: claimsOwn)
        case .rs256 where claimsOwn:
            // Nobody else's key vouches for this program: a foreign key set could name any user of the file.
            guard let id = token.header.keyID, let key = try own.key(id) else { throw JSONWebToken.refused }
            try token.verifySignature(key: key)
            return .own(id)
        case .rs256, .es256:
            if claimsOwn { throw JSONWebToken.refused }
            guard let keys else {
                if try secret.current() == nil, try own.isEmpty { throw Self.notConfigured }
                throw JSONWebToken.refused
            }
            let generation = try keys.generation()
            guard let key = try keys.key(for: token.header) else { throw JSONWebToken.refused }
            try token.verifySignature(key: key)
            return .keySet(generation)
        }
    }

    /// Tokens made here state this program as their issuer, wherever the others come from; nobody else can sign them.
    private func rules(for token: JSONWebToken) -> JSONWebToken.Rules {
        let isLocal = token.header.algorithm != .es256 && token.claims["iss"] == .string(Tokens.issuer)
        var rules = JSONWebToken.Rules(audience: audience, permitsFuture: isLocal)
        if let issuer { rules.issuers = isLocal ? [issuer, Tokens.issuer] : [issuer] }
        return rules
    }

    static let notConfigured = TwinError(
        .notConfigured, "tokens cannot be checked: set TWIN_JWT_SECRET or TWIN_JWKS, or make a token with 'twin token create'")
}

/// SHA-256 of a token's text: the cache neither keeps tokens nor compares them.
struct TokenDigest: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    init(_ digest: [UInt8]) {
        var words = SIMD4<UInt64>()
        for (index, byte) in digest.prefix(32).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
    }
}

/// Tokens whose signature was verified, so that the next request of the same user need not do it again. Bounded: when the
/// younger half is full the older half goes.
struct VerifiedTokens: Sendable {
    struct Entry: Sendable {
        let claims: TokenClaims
        let witness: TokenVerifier.Witness
    }

    static let capacity = 512
    private var young: [TokenDigest: Entry] = [:]
    private var old: [TokenDigest: Entry] = [:]

    var count: Int { young.count + old.count }

    subscript(digest: TokenDigest) -> Entry? {
        mutating get {
            if let entry = young[digest] { return entry }
            guard let entry = old[digest] else { return nil }
            insert(entry, for: digest)
            return entry
        }
    }

    mutating func insert(_ entry: Entry, for digest: TokenDigest) {
        if young.count >= Self.capacity / 2 {
            old = young
            young = [:]
        }
        young[digest] = entry
    }
}
