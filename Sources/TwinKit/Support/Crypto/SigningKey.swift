/// A private RSA key that signs JSON Web Tokens with RS256 (RFC 7518 section 3.3), by libcrypto.
package final class SigningKey: @unchecked Sendable {
    private let library: LibCrypto
    /// An `EVP_PKEY`. It is only read once it is made, by `sign` in a context of its own, which OpenSSL allows any number of
    /// threads at once, and freed when nobody holds this object any more: the proof for `@unchecked`.
    private let key: OpaquePointer

    private static let bits: Int32 = 2048
    /// A key of 2048 bits takes about 1,200.
    private static let maximumBytes = 8192

    /// Makes a key of 2048 bits, which takes some tenths of a second. Throws `TwinError` where libcrypto cannot.
    package static func generate() throws -> SigningKey {
        let library = try LibCrypto.load()
        guard let context = library.newKeyContext(nil, "RSA", nil) else { throw LibCrypto.failure("an RSA key") }
        defer { library.freeKeyContext(context) }
        var key: OpaquePointer?
        guard library.initGeneration(context) == 1, library.setRSABits(context, bits) == 1,
            library.generateKey(context, &key) == 1, let key
        else { throw LibCrypto.failure("an RSA key") }
        return SigningKey(library, key)
    }

    /// Reads what `encoded` wrote. Throws `TwinError` (`invalid`) for what is no private key.
    package convenience init(encoded: [UInt8]) throws {
        let library = try LibCrypto.load()
        guard encoded.count <= Self.maximumBytes else { throw Self.noKey }
        let key = encoded.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return library.readPrivateKey(nil, &start, buffer.count)
        }
        guard let key else { throw Self.noKey }
        self.init(library, key)
    }

    private init(_ library: LibCrypto, _ key: OpaquePointer) {
        self.library = library
        self.key = key
    }

    deinit { library.freeKey(key) }

    private static let noKey = TwinError(.invalid, "a private key is damaged, or not a key for signing")

    /// The key in DER (RFC 8017 appendix A.1.2), which is a secret.
    package func encoded() throws -> [UInt8] {
        let length = library.writePrivateKey(key, nil)
        guard length > 0, Int(length) <= Self.maximumBytes else { throw LibCrypto.failure("a private key") }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = bytes.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return library.writePrivateKey(key, &start)
        }
        guard written == length else { throw LibCrypto.failure("a private key") }
        return bytes
    }

    /// What checks its signatures, as a JSON Web Key (RFC 7517) without a name.
    package func publicKey() throws -> JSONObject {
        [
            "kty": "RSA", "use": "sig", "alg": "RS256", "n": .string(Base64.url.encode(try number("n"))),
            "e": .string(Base64.url.encode(try number("e"))),
        ]
    }

    /// A number of the key, big-endian (provider-pkey(7), "Common RSA parameters").
    private func number(_ name: String) throws -> [UInt8] {
        var number: OpaquePointer?
        guard library.keyNumber(key, name, &number) == 1, let number else { throw LibCrypto.failure("a public key") }
        defer { library.freeNumber(number) }
        let length = (Int(library.numberBits(number)) + 7) / 8
        guard (1...1024).contains(length) else { throw LibCrypto.failure("a public key") }
        var bytes = [UInt8](repeating: 0, count: length)
        let written = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { library.writeNumber(number, $0) } ?? 0
        }
        guard Int(written) == length else { throw LibCrypto.failure("a public key") }
        return bytes
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        guard let context = library.newContext() else { throw LibCrypto.failure("a signature") }
        defer { library.freeContext(context) }
        guard library.initSigning(context, nil, try library.sha256(), nil, key) == 1 else {
            throw LibCrypto.failure("a signature")
        }
        var signature = [UInt8](repeating: 0, count: 1024)
        var length = signature.count
        let done = Crypto.withAddress(message) { address in
            signature.withUnsafeMutableBufferPointer { library.sign(context, $0.baseAddress, &length, address, message.count) }
        }
        guard done == 1, length <= signature.count else { throw LibCrypto.failure("a signature") }
        return Array(signature.prefix(length))
    }
}

extension JSONWebToken {
    /// A token with these claims, signed with RS256 by the key of this name.
    package static func sign(_ claims: JSONObject, key: SigningKey, keyID: String) throws -> Secret {
        let header: JSON = ["alg": "RS256", "typ": "JWT", "kid": .string(keyID)]
        let head = Base64.url.encode(JSONWriter.bytes(header)) + "." + Base64.url.encode(JSONWriter.bytes(.object(claims)))
        return Secret(head + "." + Base64.url.encode(try key.sign(Array(head.utf8))))
    }
}
