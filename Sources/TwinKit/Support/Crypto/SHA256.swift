/// SHA-256 (FIPS 180-4), by libcrypto. In one go:
///
///     let digest = try SHA256.hash(bytes)
///
/// or piece by piece, for what is never held whole:
///
///     var hash = try SHA256()
///     try hash.update(piece)
///     let digest = try hash.finish()
///
/// Every function throws `TwinError` (`notConfigured`) where libcrypto is not installed.
package struct SHA256: ~Copyable {
    /// The length of a digest in bytes.
    package static let digestLength = 32

    private let library: LibCrypto
    private let context: OpaquePointer

    /// Begins a digest. Throws `TwinError` when libcrypto is missing or refuses SHA-256.
    package init() throws {
        let library = try LibCrypto.load()
        let algorithm = try library.sha256()
        guard let context = library.newContext() else { throw LibCrypto.failure("SHA-256") }
        guard library.initDigest(context, algorithm, nil) == 1 else {
            library.freeContext(context)
            throw LibCrypto.failure("SHA-256")
        }
        self.library = library
        self.context = context
    }

    deinit { library.freeContext(context) }

    /// Takes more bytes, which are read before it returns. Throws `TwinError`.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard library.updateDigest(context, bytes.baseAddress, bytes.count) == 1 else { throw LibCrypto.failure("SHA-256") }
    }

    /// Takes more bytes. Throws `TwinError`.
    package mutating func update(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try update($0) } }

    /// The digest of everything given so far; the hash cannot be used after it.
    package consuming func finish() throws -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.digestLength)
        let done = digest.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { library.finishDigest(context, $0, nil) == 1 } ?? false
        }
        guard done else { throw LibCrypto.failure("SHA-256") }
        return digest
    }

    /// Writes the digest of everything given since the last one over the 32 bytes of `digest`, and begins anew: for many short
    /// messages, which would cost more to set up than to hash.
    package mutating func next(into digest: inout [UInt8]) throws {
        let isDone = digest.withUnsafeMutableBufferPointer { buffer in
            buffer.count == Self.digestLength && buffer.baseAddress.map { library.finishDigest(context, $0, nil) == 1 } ?? false
        }
        guard isDone, library.initDigest(context, try library.sha256(), nil) == 1 else { throw LibCrypto.failure("SHA-256") }
    }

    /// The digest of these bytes: 32 bytes. Throws `TwinError` as `init` does.
    package static func hash(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        var hash = try SHA256()
        try hash.update(bytes)
        return try hash.finish()
    }

    /// The 32 bytes of the hash. Throws `TwinError` where libcrypto is missing.
    package static func hash(_ bytes: [UInt8]) throws -> [UInt8] { try bytes.withUnsafeBytes { try hash($0) } }

    /// The digest of the text's UTF-8.
    package static func hash(_ text: String) throws -> [UInt8] {
        var copy = text
        return try copy.withUTF8 { try hash(UnsafeRawBufferPointer($0)) }
    }
}
