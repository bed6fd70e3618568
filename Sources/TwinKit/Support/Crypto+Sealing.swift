/// Authenticated encryption: AES-256-GCM (NIST SP 800-38D) by libcrypto.
extension Crypto {
    /// Bytes of a key.
    package static let sealingKeySize = 32
    /// Bytes of the nonce, which is random: far fewer than 2^32 texts are sealed with one key (SP 800-38D section 8.3).
    private static let nonceSize = 12
    private static let tagSize = 16

    // Constants of evp.h, which are macros there.
    private static let getTag: Int32 = 0x10
    private static let setTag: Int32 = 0x11

    /// Encrypts `plaintext` under a nonce made now. `context` is not in the result, and must be the same when it is opened: it
    /// binds the sealed text to its place. The result is nonce, ciphertext, tag. Throws `TwinError`.
    package static func seal(_ plaintext: [UInt8], key: [UInt8], context: [UInt8]) throws -> [UInt8] {
        let nonce = random(count: nonceSize)
        return try withCipher(key, plaintext.count, context.count) { library, cipher, state in
            var output = [UInt8](repeating: 0, count: plaintext.count + 1)
            var tag = [UInt8](repeating: 0, count: tagSize)
            var count: Int32 = 0
            var rest: Int32 = 0
            let done =
                library.initEncryption(state, cipher, key, nonce, nil) == 1
                && library.updateEncryption(state, nil, &count, padded(context), Int32(context.count)) == 1
                && library.updateEncryption(state, &output, &count, padded(plaintext), Int32(plaintext.count)) == 1
                && library.finishEncryption(state, &tag, &rest) == 1
                && library.controlCipher(state, getTag, Int32(tagSize), &tag) == 1
            guard done, Int(count) == plaintext.count, rest == 0 else { throw LibCrypto.failure("AES-256-GCM") }
            return nonce + output.prefix(plaintext.count) + tag
        }
    }

    /// What was sealed; none when key or context are others, or a bit of it has changed. Throws `TwinError`.
    package static func open(_ sealed: [UInt8], key: [UInt8], context: [UInt8]) throws -> [UInt8]? {
        let size = sealed.count - nonceSize - tagSize
        guard size >= 0 else { return nil }
        let nonce = Array(sealed.prefix(nonceSize))
        let ciphertext = Array(sealed.dropFirst(nonceSize).prefix(size))
        return try withCipher(key, size, context.count) { library, cipher, state in
            var output = [UInt8](repeating: 0, count: size + 1)
            var tag = Array(sealed.suffix(tagSize))
            var spare = [UInt8](repeating: 0, count: tagSize)
            var count: Int32 = 0
            var rest: Int32 = 0
            guard library.initDecryption(state, cipher, key, nonce, nil) == 1,
                library.updateDecryption(state, nil, &count, padded(context), Int32(context.count)) == 1,
                library.updateDecryption(state, &output, &count, padded(ciphertext), Int32(size)) == 1,
                library.controlCipher(state, setTag, Int32(tagSize), &tag) == 1
            else { throw LibCrypto.failure("AES-256-GCM") }
            guard library.finishDecryption(state, &spare, &rest) == 1 else { return nil }
            return Array(output.prefix(size))
        }
    }

    /// An empty array has no address, and libcrypto takes a null pointer for "no more": a byte that is not read gives one.
    private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes.isEmpty ? [0] : bytes }

    private static func withCipher<Result>(
        _ key: [UInt8], _ size: Int, _ contextSize: Int,
        _ body: (LibCrypto, LibCrypto.Object, LibCrypto.Object) throws -> Result
    ) throws -> Result {
        guard key.count == sealingKeySize else { throw TwinError(.invalid, "the key must have \(sealingKeySize) bytes") }
        guard Int32(exactly: size + tagSize) != nil, Int32(exactly: contextSize) != nil else {
            throw TwinError(.invalid, "the text to encrypt is larger than 2 GB")
        }
        let library = try LibCrypto.load()
        guard let cipher = library.fetchCipher(nil, "AES-256-GCM", nil) else { throw LibCrypto.failure("AES-256-GCM") }
        defer { library.freeCipher(cipher) }
        guard let state = library.newCipherContext() else { throw LibCrypto.failure("AES-256-GCM") }
        defer { library.freeCipherContext(state) }
        return try body(library, cipher, state)
    }
}
