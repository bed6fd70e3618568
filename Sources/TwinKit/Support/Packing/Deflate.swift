#if canImport(Glibc)
    import Glibc
#endif

/// Compression through zlib, opened on first use (`SystemLibrary`); without the library nothing is compressed.
package enum Deflate {
    private typealias Compress2 =
        @convention(c) (
            UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CUnsignedLong>?, UnsafePointer<UInt8>?, CUnsignedLong, Int32
        ) -> Int32
    private typealias Bound = @convention(c) (CUnsignedLong) -> CUnsignedLong
    private typealias CRC32 = @convention(c) (CUnsignedLong, UnsafePointer<UInt8>?, UInt32) -> CUnsignedLong

    private struct Library: Sendable {
        let compress: Compress2
        let bound: Bound
        let crc: CRC32

        init?() {
            guard let library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL), let compress = dlsym(library, "compress2"),
                let bound = dlsym(library, "compressBound"), let crc = dlsym(library, "crc32")
            else { return nil }
            self.compress = unsafeBitCast(compress, to: Compress2.self)
            self.bound = unsafeBitCast(bound, to: Bound.self)
            self.crc = unsafeBitCast(crc, to: CRC32.self)
        }
    }

    private static let library = SystemLibrary { Library() }

    static var isAvailable: Bool { library.functions != nil }

    /// Bytes that are compressed at most: beyond it the time would be felt.
    private static let maximumSize = 64 * 1_048_576
    /// zlib's level: 1 is fastest, 9 smallest. 4 is where JSON stops becoming much smaller for much more time.
    private static let level: Int32 = 4

    /// `bytes` in the gzip format (RFC 1952): the deflate data of a zlib stream (RFC 1950) between gzip's own header and
    /// trailer. None without zlib.
    package static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        guard let library = library.functions, !bytes.isEmpty, bytes.count <= maximumSize else { return nil }
        let (zlibHeader, zlibTrailer, gzipHeader) = (2, 4, 10)
        let start = gzipHeader - zlibHeader
        let capacity = Int(library.bound(CUnsignedLong(bytes.count)))
        var isDone = false
        var result = [UInt8](unsafeUninitializedCapacity: capacity + start + 8) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            base.initialize(repeating: 0, count: start)
            var length = CUnsignedLong(capacity)
            let code = bytes.withUnsafeBufferPointer {
                library.compress(base + start, &length, $0.baseAddress, CUnsignedLong($0.count), level)
            }
            isDone = code == 0 && Int(length) > zlibHeader + zlibTrailer
            count = isDone ? start + Int(length) - zlibTrailer : start
        }
        guard isDone else { return nil }
        // Identification, deflate, no flags, no time, no level, Unix.
        result.replaceSubrange(0..<gzipHeader, with: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3])
        let crc = bytes.withUnsafeBufferPointer { library.crc(0, $0.baseAddress, UInt32($0.count)) }
        for value in [UInt32(truncatingIfNeeded: crc), UInt32(bytes.count)] {
            for shift in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
        }
        return result
    }
}
