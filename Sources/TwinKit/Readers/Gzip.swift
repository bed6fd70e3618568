import TwinSupport

/// Files packed with gzip (RFC 1952), which are read as what is in them.
enum Gzip {
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

    /// Unpacks `bytes`; with `allowsTruncation` at least its beginning.
    static func decompress(
        _ bytes: [UInt8], maximumBytes: Int, maximumRatio: Int = 1100, allowsTruncation: Bool = false
    ) throws(ReadFailure) -> [UInt8] {
        let (byRatio, overflows) = bytes.count.multipliedReportingOverflow(by: maximumRatio)
        let limit = min(maximumBytes, max(1 << 20, overflows ? .max : byRatio))
        do {
            return try bytes.withView { (view) throws(Zlib.Failure) in
                try Zlib.inflate(
                    view, wrapper: .gzip, expectedBytes: bytes.count * 3, maximumBytes: limit, allowsTruncation: allowsTruncation)
            }
        } catch {
            switch error {
            case .unavailable: throw .missingTool(tool: "zlib", install: "apt-get install zlib1g")
            case .damaged: throw .malformed("the gzip file cannot be unpacked; it may be cut off")
            case .tooLarge where limit < maximumBytes:
                throw .tooLarge("it unpacks to more than \(maximumRatio) times its size, as malicious files do")
            case .tooLarge: throw .tooLarge("it unpacks to more than \(ReaderLimits.size(limit))")
            }
        }
    }
}
