/// A public key that checks signatures of JSON Web Tokens (RFC 7518 sections 3.3 and 3.4), by libcrypto. The key alone
/// decides the algorithm: what a token says of itself is for its reader to compare.
package final class VerificationKey: @unchecked Sendable {
    /// The algorithms of keys that are taken, as `alg` names them (RFC 7518 section 3.1).
    package enum Algorithm: String, Sendable {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        case rs256 = "RS256"
        /// ECDSA with P-256 and SHA-256.
        case es256 = "ES256"
    }

    package let algorithm: Algorithm
    private let library: LibCrypto
    /// An `EVP_PKEY`. It is only read once it is made, by `verifies` in a context of its own, which OpenSSL allows any
    /// number of threads at once, and freed when nobody holds this object any more: the proof for `@unchecked`.
    private let key: OpaquePointer

    /// Shorter RSA keys are refused, as RFC 7518 section 3.3 asks.
    private static let minimumBits: Int32 = 2048
    /// Longer ones would make each check a burden.
    private static let maximumBytes = 1024

    /// An RSA key: modulus and exponent, big-endian. Throws `TwinError` (`invalid`) for what is no key, or too short a
    /// one.
    package convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws {
        guard modulus.count <= Self.maximumBytes, (1...8).contains(exponent.count) else { throw Self.noKey }
        let numbers = DER.sequence(DER.integer(modulus) + DER.integer(exponent))
        try self.init(.rs256, subjectPublicKeyInfo: DER.sequence(Self.rsaIdentifier + DER.bitString(numbers)))
    }

    /// A point on the curve P-256: its coordinates, 32 bytes each. Throws `TwinError` (`invalid`) for a point that is
    /// not on it.
    package convenience init(p256X x: [UInt8], y: [UInt8]) throws {
        guard x.count == 32, y.count == 32 else { throw Self.noKey }
        // 4 stands for a point whose coordinates are both given (SEC 1 section 2.3.3).
        try self.init(.es256, subjectPublicKeyInfo: DER.sequence(Self.p256Identifier + DER.bitString([4] + x + y)))
    }

    /// A JSON Web Key (RFC 7517) of type `RSA`, or `EC` with the curve `P-256`. Throws `TwinError` (`invalid`) for
    /// another type, and for one whose `alg` or `use` says that it is for something else.
    package convenience init(jwk: JSON) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            guard let text = jwk[name]?.stringValue, let bytes = Base64.url.decode(text) else { throw Self.noKey }
            return bytes
        }
        if let use = jwk["use"], use != "sig" { throw Self.noKey }
        switch jwk["kty"]?.stringValue {
        case "RSA": try self.init(rsaModulus: bytes("n"), exponent: bytes("e"))
        case "EC" where jwk["crv"] == "P-256": try self.init(p256X: bytes("x"), y: bytes("y"))
        default: throw TwinError(.invalid, "a key that is neither RSA nor on the curve P-256 cannot check signatures here")
        }
        if let stated = jwk["alg"], stated != .string(algorithm.rawValue) { throw Self.noKey }
    }

    private init(_ algorithm: Algorithm, subjectPublicKeyInfo bytes: [UInt8]) throws {
        let library = try LibCrypto.load()
        let key = bytes.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return library.readPublicKey(nil, &start, buffer.count)
        }
        guard let key else { throw Self.noKey }
        if algorithm == .rs256 && library.keyBits(key) < Self.minimumBits {
            library.freeKey(key)
            throw TwinError(.invalid, "an RSA key shorter than \(Self.minimumBits) bits is not safe; use a longer one")
        }
        self.algorithm = algorithm
        self.library = library
        self.key = key
    }

    deinit { library.freeKey(key) }

    private static let noKey = TwinError(.invalid, "a public key is damaged, or not a key for checking signatures")

    /// Whether `signature` is this key's over `message`. For ES256 it is the two numbers of 32 bytes each that RFC 7518
    /// section 3.4 has.
    package func verifies(signature: [UInt8], of message: [UInt8]) throws -> Bool {
        var coded = signature
        if algorithm == .es256 {
            guard signature.count == 64 else { return false }
            coded = DER.sequence(DER.integer(Array(signature[..<32])) + DER.integer(Array(signature[32...])))
        }
        guard !coded.isEmpty, coded.count <= Self.maximumBytes else { return false }
        guard let context = library.newContext() else { throw LibCrypto.failure("a signature check") }
        defer { library.freeContext(context) }
        guard library.initVerification(context, nil, try library.sha256(), nil, key) == 1 else {
            throw LibCrypto.failure("a signature check")
        }
        return Crypto.withAddress(coded) { signatureAddress in
            Crypto.withAddress(message) { messageAddress in
                library.verify(context, signatureAddress, coded.count, messageAddress, message.count) == 1
            }
        }
    }

    /// rsaEncryption, 1.2.840.113549.1.1.1 (RFC 3279 section 2.3.1).
    private static let rsaIdentifier = DER.sequence(
        [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00])
    /// id-ecPublicKey, 1.2.840.10045.2.1, with the curve prime256v1, 1.2.840.10045.3.1.7 (RFC 5480 section 2.1).
    private static let p256Identifier = DER.sequence(
        [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07])
}

/// The few forms of ASN.1 that keys and signatures are written in (ITU-T X.690, distinguished encoding rules).
enum DER {
    static func sequence(_ content: [UInt8]) -> [UInt8] { [0x30] + length(content.count) + content }

    /// A number that is not negative, from its big-endian bytes.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        // The highest bit is the sign, so that a number which has it set needs a zero before it.
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02] + length(digits.count) + digits
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] { [0x03] + length(bytes.count + 1) + [0] + bytes }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }
}
