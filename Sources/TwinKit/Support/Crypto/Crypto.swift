/// Keyed hashes, password derivation, comparison in constant time and random bytes. All of the cryptography is
/// libcrypto's; where that is not installed every function but `random` throws `TwinError` (`notConfigured`).
package enum Crypto {
    /// The version that OpenSSL states, for diagnosis; none when it is not installed.
    package static var version: String? {
        guard let library = try? LibCrypto.load(), let text = library.version(0) else { return nil }
        return String(cString: text)
    }

    /// HMAC-SHA-256 (RFC 2104, FIPS 198-1): 32 bytes.
    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) throws -> [UInt8] {
        let library = try LibCrypto.load()
        let algorithm = try library.sha256()
        guard let keyLength = Int32(exactly: key.count) else { throw TwinError(.invalid, "a key larger than 2 GB") }
        var code = [UInt8](repeating: 0, count: SHA256.digestLength)
        let done = withAddress(key) { keyAddress in
            withAddress(message) { messageAddress in
                code.withUnsafeMutableBufferPointer { buffer in
                    buffer.baseAddress.flatMap {
                        library.hmac(algorithm, keyAddress, keyLength, messageAddress, message.count, $0, nil)
                    } != nil
                }
            }
        }
        guard done else { throw LibCrypto.failure("HMAC-SHA-256") }
        return code
    }

    /// SHA-1: 20 bytes. It is good for nothing that has to be safe; RFC 6455 asks for it where nothing has.
    package static func sha1(_ message: [UInt8]) throws -> [UInt8] {
        let library = try LibCrypto.load()
        guard let algorithm = library.digest("SHA1"), let context = library.newContext() else {
            throw LibCrypto.failure("SHA-1")
        }
        defer {
            library.freeContext(context)
            library.freeDigest(algorithm)
        }
        var digest = [UInt8](repeating: 0, count: 20)
        let done = withAddress(message) { address in
            guard library.initDigest(context, algorithm, nil) == 1, library.updateDigest(context, address, message.count) == 1
            else { return false }
            return digest.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { library.finishDigest(context, $0, nil) == 1 } ?? false
            }
        }
        guard done else { throw LibCrypto.failure("SHA-1") }
        return digest
    }

    /// The cost of deriving a key with scrypt (RFC 7914 section 2).
    package struct ScryptCost: Sendable, Equatable {
        /// N: work and memory, a power of two above 1.
        package var work: Int
        /// r: the block size.
        package var blockSize: Int
        /// p: the parallelisation.
        package var parallelism: Int

        package init(work: Int, blockSize: Int, parallelism: Int) {
            self.work = work
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// N = 2^15, r = 8, p = 3, one of the settings that OWASP's advice on password storage holds for equally
        /// strong: 32 MiB, so that a few log-ins at once do not exhaust a small server.
        package static let standard = ScryptCost(work: 1 << 15, blockSize: 8, parallelism: 3)

        /// The bytes that a derivation holds: 128 · r · (N + p), RFC 7914 section 5.
        var memory: UInt64 { 128 * UInt64(blockSize) * UInt64(work + parallelism + 2) }

        /// Whether the three are in the range that is allowed here: at most 1 GiB of memory and a sixteen-fold p.
        package var isValid: Bool {
            work > 1 && work <= 1 << 20 && work.nonzeroBitCount == 1 && (1...32).contains(blockSize)
                && (1...16).contains(parallelism) && memory <= 1 << 30
        }
    }

    /// scrypt (RFC 7914): `count` bytes derived from a password, for storing it or for a key. Throws `TwinError`
    /// (`invalid`) for a cost out of range or a `count` outside 1...1024.
    package static func scrypt(
        password: [UInt8], salt: [UInt8], cost: ScryptCost = .standard, count: Int = 32
    ) throws -> [UInt8] {
        guard cost.isValid, (1...1024).contains(count) else {
            throw TwinError(.invalid, "the scrypt parameters are out of range")
        }
        let library = try LibCrypto.load()
        var key = [UInt8](repeating: 0, count: count)
        let done = withAddress(password) { passwordAddress in
            withAddress(salt) { saltAddress in
                key.withUnsafeMutableBufferPointer { buffer in
                    guard let output = buffer.baseAddress else { return false }
                    return library.scrypt(
                        passwordAddress, password.count, saltAddress, salt.count, UInt64(cost.work), UInt64(cost.blockSize),
                        UInt64(cost.parallelism), cost.memory + 1 << 20, output, count) == 1
                }
            }
        }
        guard done else { throw LibCrypto.failure("scrypt") }
        return key
    }

    /// Whether two secrets are the same, in a time that depends on their lengths only.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) throws -> Bool {
        let library = try LibCrypto.load()
        guard left.count == right.count else { return false }
        return withAddress(left) { leftAddress in
            withAddress(right) { rightAddress in library.compare(leftAddress, rightAddress, left.count) == 0 }
        }
    }

    /// Bytes from the kernel's generator (getrandom(2), which Swift's system generator reads).
    package static func random(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
        }
        return bytes
    }

    /// The address of the bytes. An empty array has none, and libcrypto takes a null key for "keep the previous one", so
    /// that an empty one is given the address of a byte that is not read.
    static func withAddress<Result>(_ bytes: [UInt8], _ body: (UnsafeRawPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            if let address = buffer.baseAddress { return body(address) }
            var nothing: UInt8 = 0
            return withUnsafePointer(to: &nothing) { body(UnsafeRawPointer($0)) }
        }
    }
}
