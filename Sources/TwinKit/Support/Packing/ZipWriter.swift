/// Writes an archive (PKWARE APPNOTE 6.3) of members that are stored as they are, a member at a time, so that only one is in
/// memory: for pictures, which do not get smaller. At most 65,535 members and 4 GiB.
package struct ZipWriter {
    private struct Entry {
        var name: [UInt8]
        var checksum: UInt32
        var size: UInt32
        var offset: UInt32
    }

    private var entries: [Entry] = []
    private var offset = 0

    /// 1 January 1980, so that the same members make the same bytes.
    private static let date: UInt32 = 0x0021_0000

    package init() {}

    /// Adds a member. Throws `TwinError` where the archive would be too large, or zlib is missing.
    package mutating func add(_ name: String, _ bytes: [UInt8], _ append: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let checksum = bytes.withView({ Zlib.crc32($0) }) else {
            throw TwinError(.notConfigured, "archives need zlib, which is not installed; install it with: apt-get install zlib1g")
        }
        guard entries.count < 65_535, offset + bytes.count + 1_024 < Int(UInt32.max) else {
            throw TwinError(.limitReached, "an archive holds 4 GiB at the most")
        }
        let entry = Entry(
            name: Array(name.utf8), checksum: checksum, size: UInt32(bytes.count), offset: UInt32(offset))
        var header: [UInt8] = []
        Self.put(&header, 0x0403_4B50, 4)
        Self.putDescription(&header, entry)
        header += entry.name
        try write(header, append)
        try write(bytes, append)
        entries.append(entry)
    }

    /// Writes the directory; nothing is added after it.
    package mutating func finish(_ append: (UnsafeRawBufferPointer) throws -> Void) throws {
        let start = offset
        for entry in entries {
            var header: [UInt8] = []
            Self.put(&header, 0x0201_4B50, 4)
            Self.put(&header, 20, 2)
            Self.putDescription(&header, entry)
            // No comment, first disk, no attributes.
            Self.put(&header, 0, 2 + 2 + 2 + 4)
            Self.put(&header, entry.offset, 4)
            header += entry.name
            try write(header, append)
        }
        var end: [UInt8] = []
        Self.put(&end, 0x0605_4B50, 4)
        Self.put(&end, 0, 4)
        Self.put(&end, UInt32(entries.count), 2)
        Self.put(&end, UInt32(entries.count), 2)
        Self.put(&end, UInt32(offset - start), 4)
        Self.put(&end, UInt32(start), 4)
        Self.put(&end, 0, 2)
        try write(end, append)
    }

    /// What both headers of a member say: version, flags (names in UTF-8), method, date, checksum, sizes, lengths.
    private static func putDescription(_ bytes: inout [UInt8], _ entry: Entry) {
        put(&bytes, 20, 2)
        put(&bytes, 0x0800, 2)
        put(&bytes, 0, 2)
        put(&bytes, date, 4)
        put(&bytes, entry.checksum, 4)
        put(&bytes, entry.size, 4)
        put(&bytes, entry.size, 4)
        put(&bytes, UInt32(entry.name.count), 2)
        put(&bytes, 0, 2)
    }

    private static func put(_ bytes: inout [UInt8], _ value: UInt32, _ count: Int) {
        for index in extent(0, count) { bytes.append(index < 4 ? UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) : 0) }
    }

    private mutating func write(_ bytes: [UInt8], _ append: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes { try append($0) }
        offset += bytes.count
    }
}
