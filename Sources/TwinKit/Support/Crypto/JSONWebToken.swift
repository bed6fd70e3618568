/// A signed JSON Web Token (RFC 7519) in compact form (RFC 7515 section 7.1), taken apart. Nothing in it may be believed
/// before its signature was verified with a key that this side chose, and then its claims were checked:
///
///     let token = try JSONWebToken(parsing: text)
///     try token.verifySignature(secret: secret)
///     try token.checkClaims(JSONWebToken.Rules())
///
/// Whatever is wrong with a token, the error is the same `TwinError` (`unauthenticated`): whoever made the token learns
/// nothing from it.
package struct JSONWebToken: Sendable {
    /// The algorithms that are accepted (RFC 7518 section 3.1). `none` is not among them.
    package enum Algorithm: String, Sendable {
        case hs256 = "HS256"
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    /// What the token says of its own signature. Keys that a header carries or points to (`jwk`, `jku`, `x5c`) are never
    /// looked at: a token does not choose who vouches for it.
    package struct Header: Sendable, Equatable {
        package let algorithm: Algorithm
        /// `kid`: which of the issuer's keys signed it, where it says.
        package let keyID: String?
        /// `typ`, as the token states it; nil where it does not.
        package let type: String?
    }

    package let header: Header
    package let claims: JSONObject
    private let signedBytes: [UInt8]
    private let signature: [UInt8]

    /// Longer texts are refused before anything is decoded, in bytes.
    package static let maximumLength = 16 << 10
    /// Claims are names and lists, sometimes in an object; nothing honest is nested deeper.
    static let maximumDepth = 8
    static let maximumKeyIDLength = 256

    /// The one error for all that is wrong with a token.
    package static let refused = TwinError(.unauthenticated, "the token is not valid or has expired; sign in again")

    /// Takes a token apart. Throws `TwinError` (`unauthenticated`) for what is no token of an accepted algorithm.
    package init(parsing text: Secret) throws {
        let text = text.reveal()
        guard text.utf8.count <= Self.maximumLength else { throw Self.refused }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[2].isEmpty, let signature = Base64.url.decode(Substring(parts[2])) else {
            throw Self.refused
        }
        header = try Self.header(try Self.object(parts[0]))
        claims = try Self.object(parts[1])
        signedBytes = Array(text.utf8[..<parts[1].endIndex])
        self.signature = signature
    }

    private static func object(_ part: Substring.UTF8View) throws -> JSONObject {
        guard let bytes = Base64.url.decode(Substring(part)), let json = try? JSONParser.parse(bytes),
            case .object(let object) = json, json.isShallow(maximumDepth),
            // RFC 7519 section 4: a name that comes twice could be read differently by two readers.
            Set(object.keys).count == object.count
        else { throw refused }
        return object
    }

    private static func header(_ object: JSONObject) throws -> Header {
        // RFC 7515 section 4.1.11: what a critical extension asks for must be understood, and here none is.
        guard object["crit"] == nil, let algorithm = object["alg"]?.stringValue.flatMap(Algorithm.init) else { throw refused }
        var keyID: String?
        if let value = object["kid"] {
            guard let text = value.stringValue, text.utf8.count <= maximumKeyIDLength else { throw refused }
            keyID = text
        }
        var type: String?
        if let value = object["typ"] {
            guard let text = value.stringValue else { throw refused }
            type = text
            // RFC 8725 section 3.11: a token made for another purpose, such as a log-out, does not let anybody in.
            guard ["jwt", "at+jwt", "application/at+jwt"].contains(text.lowercased()) else { throw refused }
        }
        return Header(algorithm: algorithm, keyID: keyID, type: type)
    }

    /// Checks an HS256 signature (RFC 7518 section 3.2). A token of another algorithm is refused.
    package func verifySignature(secret: Secret) throws {
        guard header.algorithm == .hs256 else { throw Self.refused }
        let code = try Crypto.hmacSHA256(key: Array(secret.reveal().utf8), signedBytes)
        guard try Crypto.equal(code, signature) else { throw Self.refused }
    }

    /// Checks an RS256 or ES256 signature. The key decides the algorithm; a token that states another is refused.
    package func verifySignature(key: VerificationKey) throws {
        guard header.algorithm.rawValue == key.algorithm.rawValue, try key.verifies(signature: signature, of: signedBytes) else {
            throw Self.refused
        }
    }

    /// A token with these claims, signed with HS256.
    package static func sign(_ claims: JSONObject, secret: Secret) throws -> Secret {
        let header: JSON = ["alg": "HS256", "typ": "JWT"]
        let head = Base64.url.encode(JSONWriter.bytes(header)) + "." + Base64.url.encode(JSONWriter.bytes(.object(claims)))
        let code = try Crypto.hmacSHA256(key: Array(secret.reveal().utf8), Array(head.utf8))
        return Secret(head + "." + Base64.url.encode(code))
    }
}

extension JSON {
    /// Whether nothing in it is nested deeper than `depth` arrays and objects.
    fileprivate func isShallow(_ depth: Int) -> Bool {
        switch self {
        case .array(let items): depth > 0 && items.allSatisfy { $0.isShallow(depth - 1) }
        case .object(let object): depth > 0 && object.members.allSatisfy { $0.value.isShallow(depth - 1) }
        default: true
        }
    }
}
