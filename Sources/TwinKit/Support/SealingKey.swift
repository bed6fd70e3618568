import Synchronization

/// A key that seals secrets with AES-256-GCM. However it is printed it reads `[redacted]`.
package struct SealingKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]
    /// Tells keys apart and gives nothing away of them: the beginning of a keyed hash, in hexadecimal digits.
    package let identifier: String

    private static let identifierSize = 8

    /// Reads 32 bytes as 64 hexadecimal digits or as Base64. Throws `TwinError` (`notConfigured`) for anything else.
    package init(_ text: Secret) throws {
        let text = text.reveal()
        let decoded = text.utf8.count == 2 * Crypto.sealingKeySize ? Hex.decode(text) : Base64.standard.decode(text)
        guard let decoded, decoded.count == Crypto.sealingKeySize else {
            throw TwinError(
                .notConfigured,
                "the master key is not 32 bytes in hexadecimal digits or Base64; make one with 'openssl rand -hex 32'")
        }
        bytes = decoded
        let code = try Crypto.hmacSHA256(key: decoded, Array("twin: identifier of a master key".utf8))
        identifier = Hex.encode(code.prefix(Self.identifierSize))
    }

    /// AES-256-GCM with a nonce of its own; `context` is authenticated with it, so that what is sealed for one place opens in no
    /// other. Throws `TwinError` where libcrypto is missing or fails.
    package func seal(_ plaintext: [UInt8], context: [UInt8]) throws -> [UInt8] {
        try Crypto.seal(plaintext, key: bytes, context: context)
    }

    /// None for what another key has sealed, or in another context, or what was changed since.
    package func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8]? {
        try Crypto.open(sealed, key: bytes, context: context)
    }

    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The file that a sealing key is in. It is read when the key is first needed: most commands work without it. A failure to read it
/// is not kept. Safe from any thread.
package final class SealingKeyFile: Sendable {
    package let path: String
    private let known = Mutex<SealingKey?>(nil)

    package init(path: String) { self.path = path }

    /// The key. One that is known is read anew when it is not the one that is `wanted`: the file may have been replaced since.
    /// Throws `TwinError` (`notConfigured`) that names the file.
    package func key(wanted identifier: String? = nil) throws -> SealingKey {
        if let key = known.withLock({ $0 }), identifier == nil || key.identifier == identifier { return key }
        let key = try SealingKey(SecretSource.file(path).read())
        known.withLock { $0 = key }
        return key
    }
}
