/// Reads the members of a ZIP archive (PKWARE APPNOTE 6.3) that is in memory. The central directory is the truth; sizes,
/// counts and overlaps are checked before anything is unpacked, so that a crafted archive fails with a reason.
package struct ZipArchive {
    /// What an archive may unpack to before it counts as `tooLarge`.
    package struct Limits: Sendable {
        var maximumEntries = 20_000
        /// Bytes of all members that are read, together.
        var maximumUnpackedBytes = 256 << 20
        /// Unpacked to packed size of a member of more than 1 MiB.
        var maximumRatio = 200

        package init(maximumEntries: Int = 20_000, maximumUnpackedBytes: Int = 256 << 20, maximumRatio: Int = 200) {
            self.maximumEntries = maximumEntries
            self.maximumUnpackedBytes = maximumUnpackedBytes
            self.maximumRatio = maximumRatio
        }
    }

    /// Why an archive or a member cannot be read.
    package enum Failure: Error, Equatable {
        /// The reason, as the end of a sentence about the archive.
        case damaged(String)
        case tooLarge(String)
        case unsupported(String)
    }

    /// A member as the central directory tells of it: nothing of it has been unpacked, and the sizes are what the archive claims.
    package struct Entry: Sendable, Equatable {
        package var name: String
        var method: UInt16
        var isEncrypted: Bool
        var checksum: UInt32
        var packedSize: Int
        var size: Int
        /// Where its local header begins.
        var offset: Int
    }

    package let entries: [Entry]
    private let bytes: [UInt8]
    private let byName: [String: Int]
    private let limits: Limits
    private var unpacked = 0

    package init(_ bytes: [UInt8], limits: Limits = .init()) throws(Failure) {
        let entries = try bytes.withView { (view) throws(Failure) in
            let entries = try Self.directory(view, limits: limits)
            try Self.checkOverlaps(entries, view)
            return entries
        }
        self.bytes = bytes
        self.entries = entries
        self.limits = limits
        byName = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether there is a member of exactly this name; case counts.
    package func contains(_ name: String) -> Bool { byName[name] != nil }

    /// The member's bytes, none when the archive has no such member.
    package mutating func read(_ name: String) throws(Failure) -> [UInt8]? {
        guard let index = byName[name] else { return nil }
        let entry = entries[index]
        if entry.isEncrypted { throw .unsupported("it is protected with a password; save it without one") }
        let budget = limits.maximumUnpackedBytes - unpacked
        guard entry.size <= budget else { throw .tooLarge("it unpacks to more than \(limits.maximumUnpackedBytes >> 20) MiB") }
        guard entry.size <= 1 << 20 || entry.size / max(entry.packedSize, 1) <= limits.maximumRatio else {
            throw .tooLarge("a member unpacks to more than \(limits.maximumRatio) times its size, as archives made to do harm do")
        }
        let result = try bytes.withView { (view) throws(Failure) in try Self.unpack(entry, view) }
        unpacked += result.count
        return result
    }

    private static func unpack(_ entry: Entry, _ view: ByteView) throws(Failure) -> [UInt8] {
        guard let data = dataRange(entry, view) else { throw .damaged("a member stands outside of the archive") }
        let packed = view[data]
        let result: [UInt8]
        switch entry.method {
        case 0: result = Array(packed.contents)
        case 8:
            do {
                result = try Zlib.inflate(packed, wrapper: .raw, expectedBytes: entry.size, maximumBytes: entry.size)
            } catch {
                switch error {
                case .unavailable: throw .unsupported("unpacking needs zlib; install it with: apt-get install zlib1g")
                case .tooLarge: throw .damaged("a member is longer than its directory says")
                case .damaged: throw .damaged("a member cannot be unpacked")
                }
            }
        default: throw .unsupported("a member is packed with method \(entry.method); save it with the usual compression")
        }
        guard result.count == entry.size else { throw .damaged("a member is shorter than its directory says") }
        if let checksum = result.withView(Zlib.crc32), checksum != entry.checksum {
            throw .damaged("a member's checksum is wrong")
        }
        return result
    }

    // MARK: Directory

    private static func number16(_ view: ByteView, _ index: Int) -> Int { Int(view[index]) | Int(view[index + 1]) << 8 }
    private static func number32(_ view: ByteView, _ index: Int) -> Int {
        number16(view, index) | number16(view, index + 2) << 16
    }
    private static func number64(_ view: ByteView, _ index: Int) -> Int {
        let high = number32(view, index + 4)
        return high < 1 << 30 ? number32(view, index) | high << 32 : .max
    }

    /// The members as the central directory lists them (section 4.3.12).
    package static func directory(_ view: ByteView, limits: Limits) throws(Failure) -> [Entry] {
        // The end record stands last, before a comment of at most 65,535 bytes.
        var end = view.count - 22
        let lowest = max(0, view.count - 22 - 65_535)
        while end >= lowest, !view.hasPrefix("PK\u{5}\u{6}", at: end) { end -= 1 }
        guard end >= lowest, end >= 0 else { throw .damaged("its directory is missing; the file may be cut off") }
        let count = number16(view, end + 10)
        guard count <= limits.maximumEntries else {
            throw .tooLarge("it has \(count) members where at most \(limits.maximumEntries) are read")
        }
        var index = number32(view, end + 16)
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in extent(0, count) {
            guard index + 46 <= end, view.hasPrefix("PK\u{1}\u{2}", at: index) else { throw .damaged("its directory is broken") }
            let nameLength = number16(view, index + 28)
            let extraLength = number16(view, index + 30)
            let name = extent(index + 46, index + 46 + nameLength)
            guard name.upperBound + extraLength <= end else { throw .damaged("its directory is broken") }
            var entry = Entry(
                name: view[name].string, method: UInt16(number16(view, index + 10)), isEncrypted: view[index + 8] & 1 != 0,
                checksum: UInt32(number32(view, index + 16)), packedSize: number32(view, index + 20),
                size: number32(view, index + 24),
                offset: number32(view, index + 42))
            readLargeSizes(view.slice(name.upperBound, name.upperBound + extraLength), &entry)
            entries.append(entry)
            index = name.upperBound + extraLength + number16(view, index + 32)
        }
        return entries
    }

    /// Sizes that do not fit 32 bits stand in an extra field (section 4.5.3); some writers always put them there.
    private static func readLargeSizes(_ extra: ByteView, _ entry: inout Entry) {
        var index = 0
        while index + 4 <= extra.count {
            let length = number16(extra, index + 2)
            if number16(extra, index) == 1 {
                var place = index + 4
                if entry.size == 0xFFFF_FFFF {
                    entry.size = number64(extra, place)
                    place += 8
                }
                if entry.packedSize == 0xFFFF_FFFF {
                    entry.packedSize = number64(extra, place)
                    place += 8
                }
                if entry.offset == 0xFFFF_FFFF { entry.offset = number64(extra, place) }
            }
            index += 4 + length
        }
    }

    /// Where the member's packed bytes stand, judged by its local header.
    private static func dataRange(_ entry: Entry, _ view: ByteView) -> Range<Int>? {
        guard entry.offset >= 0, entry.offset <= view.count - 30, view.hasPrefix("PK\u{3}\u{4}", at: entry.offset) else {
            return nil
        }
        let start = entry.offset + 30 + number16(view, entry.offset + 26) + number16(view, entry.offset + 28)
        guard start <= view.count, entry.packedSize >= 0, entry.packedSize <= view.count - start else { return nil }
        return extent(start, start + entry.packedSize)
    }

    /// Members that share bytes are how a small archive unpacks to a huge one (Fifield, "A better zip bomb", 2019).
    private static func checkOverlaps(_ entries: [Entry], _ view: ByteView) throws(Failure) {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(entries.count)
        for entry in entries {
            guard let data = dataRange(entry, view) else { throw .damaged("a member stands outside of the archive") }
            ranges.append(extent(entry.offset, data.upperBound))
        }
        ranges.sort { $0.lowerBound < $1.lowerBound }
        for (range, next) in zip(ranges, ranges.dropFirst()) where next.lowerBound < range.upperBound {
            throw .damaged("its members overlap, as archives made to do harm do")
        }
    }
}
