import Glibc

/// Inflate (RFC 1951) from the system's zlib, which is opened on first use (`SystemLibrary`).
package enum Zlib {
    /// What stands around the deflate stream.
    package enum Wrapper: Sendable {
        /// The bare deflate stream, as archives hold it.
        case raw
        /// A gzip file (RFC 1952), also of several members.
        case gzip
    }

    /// Why nothing was unpacked.
    package enum Failure: Error, Equatable {
        /// The library is not installed.
        case unavailable
        /// The stream breaks the format or ends early.
        case damaged
        /// More than `maximumBytes` would come out.
        case tooLarge
    }

    static var isAvailable: Bool { library.functions != nil }

    /// Inflates `input`. `expectedBytes` only sizes the buffer. With `allowsTruncation` what came out until the limit, or
    /// until the input ended, is given instead of an error.
    package static func inflate(
        _ input: ByteView, wrapper: Wrapper, expectedBytes: Int = 0, maximumBytes: Int, allowsTruncation: Bool = false
    ) throws(Failure) -> [UInt8] {
        guard let library = library.functions else { throw .unavailable }
        // zlib keeps a pointer back to its stream, so the stream must not move.
        let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
        stream.initialize(to: Stream())
        defer { stream.deallocate() }
        // Negative window bits mean a bare stream, 16 more than the window mean gzip (zlib.h, inflateInit2).
        let windowBits: Int32 = wrapper == .raw ? -15 : 15 + 16
        guard library.inflateInit2(stream, windowBits, library.version(), Int32(MemoryLayout<Stream>.size)) == 0 else {
            throw .damaged
        }
        defer { _ = library.inflateEnd(stream) }
        var output: [UInt8] = []
        output.reserveCapacity(min(max(expectedBytes, 0), maximumBytes, 64 << 20))
        stream.pointee.nextIn = input.contents.baseAddress
        var left = input.count
        var status: Int32 = 0
        let chunkSize = 65_536
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunkSize) { (chunk) throws(Failure) in
            while true {
                if stream.pointee.availableIn == 0 {
                    let portion = min(left, 1 << 30)
                    stream.pointee.availableIn = UInt32(portion)
                    left -= portion
                }
                stream.pointee.nextOut = chunk.baseAddress
                stream.pointee.availableOut = UInt32(chunkSize)
                let before = stream.pointee.availableIn
                status = library.inflate(stream, 0)
                let produced = chunkSize - Int(stream.pointee.availableOut)
                if output.count + produced > maximumBytes {
                    guard allowsTruncation else { throw .tooLarge }
                    output.append(contentsOf: chunk.prefix(maximumBytes - output.count))
                    return
                }
                output.append(contentsOf: chunk.prefix(produced))
                if status == 1 {
                    // One gzip member is over; another may follow, anything else is padding.
                    guard wrapper == .gzip, stream.pointee.availableIn >= 18, let next = stream.pointee.nextIn, next[0] == 0x1F,
                        next[1] == 0x8B,
                        library.inflateReset(stream) == 0
                    else { return }
                    continue
                }
                let isStuck = produced == 0 && stream.pointee.availableIn == before && left == 0
                if status != 0 && status != -5 || isStuck {
                    guard allowsTruncation else { throw .damaged }
                    return
                }
            }
        }
        return output
    }

    /// CRC-32 as archives use it; none without the library.
    static func crc32(_ bytes: ByteView) -> UInt32? {
        guard let library = library.functions else { return nil }
        var value: UInt = 0
        var index = 0
        while index < bytes.count {
            let portion = bytes[index..<index + (1 << 30)]
            value = library.crc32(value, portion.contents.baseAddress, UInt32(portion.count))
            index += portion.count
        }
        return UInt32(truncatingIfNeeded: value)
    }

    /// `z_stream` of zlib.h, which has kept this layout since version 1.0.
    private struct Stream {
        var nextIn: UnsafePointer<UInt8>?
        var availableIn: UInt32 = 0
        var totalIn: UInt = 0
        var nextOut: UnsafeMutablePointer<UInt8>?
        var availableOut: UInt32 = 0
        var totalOut: UInt = 0
        var message: UnsafePointer<CChar>?
        var state: OpaquePointer?
        var allocate: OpaquePointer?
        var free: OpaquePointer?
        var opaque: OpaquePointer?
        var dataType: Int32 = 0
        var adler: UInt = 0
        var reserved: UInt = 0
    }

    private struct Library: Sendable {
        let version: @convention(c) @Sendable () -> UnsafePointer<CChar>?
        let inflateInit2: @convention(c) @Sendable (UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int32) -> Int32
        let inflate: @convention(c) @Sendable (UnsafeMutableRawPointer?, Int32) -> Int32
        let inflateReset: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Int32
        let inflateEnd: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Int32
        let crc32: @convention(c) @Sendable (UInt, UnsafePointer<UInt8>?, UInt32) -> UInt

        init?() {
            guard let handle = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL) else { return nil }
            func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
                dlsym(handle, name).map { unsafeBitCast($0, to: type) }
            }
            guard let version = symbol("zlibVersion", as: (@convention(c) @Sendable () -> UnsafePointer<CChar>?).self),
                let inflateInit2 = symbol(
                    "inflateInit2_",
                    as: (@convention(c) @Sendable (UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int32) -> Int32).self),
                let inflate = symbol("inflate", as: (@convention(c) @Sendable (UnsafeMutableRawPointer?, Int32) -> Int32).self),
                let inflateReset = symbol(
                    "inflateReset", as: (@convention(c) @Sendable (UnsafeMutableRawPointer?) -> Int32).self),
                let inflateEnd = symbol("inflateEnd", as: (@convention(c) @Sendable (UnsafeMutableRawPointer?) -> Int32).self),
                let crc32 = symbol("crc32", as: (@convention(c) @Sendable (UInt, UnsafePointer<UInt8>?, UInt32) -> UInt).self)
            else { return nil }
            self.version = version
            self.inflateInit2 = inflateInit2
            self.inflate = inflate
            self.inflateReset = inflateReset
            self.inflateEnd = inflateEnd
            self.crc32 = crc32
        }
    }

    private static let library = SystemLibrary { Library() }
}
