/// The libraries of this layer that are found at run time.
package enum SystemLibraries {
    /// Opens those that are installed and makes OpenSSL ready, so that nothing of this needs a descriptor later.
    package static func open() {
        _ = Zlib.isAvailable
        _ = Deflate.isAvailable
        // The first operation of each kind is when OpenSSL reads its configuration and makes its random generator.
        _ = try? Crypto.hmacSHA256(key: [0], [0])
        _ = try? Crypto.seal([0], key: [UInt8](repeating: 0, count: Crypto.sealingKeySize), context: [])
    }
}
