import TwinSupport

/// The container of Office files of before 2007 and of Outlook's messages: a small file system in sectors (MS-CFB).
struct CompoundFile {
    private let view: ByteView
    private let sectorSize: Int
    private var table: [UInt32] = []
    private var smallTable: [UInt32] = []
    private var smallStream: [UInt8] = []
    private(set) var entries: [Entry] = []

    struct Entry {
        var name: String
        var isStream: Bool
        /// The number of the storage that it stands in; -1 for the root's own.
        var parent: Int
        fileprivate var start: UInt32
        fileprivate var size: Int
        fileprivate var left: UInt32
        fileprivate var right: UInt32
        fileprivate var child: UInt32
    }

    private static let maximumEntries = 20_000
    private static let end: UInt32 = 0xFFFF_FFFE

    /// None for bytes that are no such container, or a broken one.
    init?(_ view: ByteView, maximumBytes: Int = 64 << 20) {
        self.view = view
        let shift = Self.number16(view, 30)
        guard view[0] == 0xD0, view[1] == 0xCF, shift == 9 || shift == 12, view.count > 512 else { return nil }
        sectorSize = 1 << shift
        let sectors = view.count / sectorSize
        // The table of sectors is listed in the header, and further on in a chain of sectors of its own.
        var list: [UInt32] = []
        for index in 0..<109 { list.append(Self.number32(view, 76 + index * 4)) }
        var next = Self.number32(view, 68)
        var steps = 0
        while next < Self.end, steps < 2_000, let sector = Self.sector(view, next, sectorSize) {
            for index in extent(0, sectorSize / 4 - 1) { list.append(Self.number32(sector, index * 4)) }
            next = Self.number32(sector, sectorSize - 4)
            steps += 1
        }
        for number in list where number < Self.end {
            guard table.count < sectors + sectorSize, let sector = Self.sector(view, number, sectorSize) else { break }
            for index in extent(0, sectorSize / 4) { table.append(Self.number32(sector, index * 4)) }
        }
        guard let directory = chain(Self.number32(view, 48), limit: Self.maximumEntries * 128) else { return nil }
        readDirectory(directory)
        guard let root = entries.first else { return nil }
        if let bytes = chain(Self.number32(view, 60), limit: 16 << 20) {
            bytes.withView { sector in
                for index in extent(0, sector.count / 4) { smallTable.append(Self.number32(sector, index * 4)) }
            }
        }
        smallStream = chain(root.start, limit: maximumBytes) ?? []
    }

    /// What a container holds, by the names of its streams.
    static func kind(_ view: ByteView) -> DocumentFormat? {
        guard let file = CompoundFile(view) else { return nil }
        for entry in file.entries {
            switch entry.name {
            case "WordDocument": return .doc
            case "Workbook", "Book": return .xls
            case "PowerPoint Document": return .ppt
            case "__properties_version1.0": return .msg
            default: break
            }
        }
        return nil
    }

    private static func number16(_ view: ByteView, _ index: Int) -> Int { Int(view[index]) | Int(view[index + 1]) << 8 }
    private static func number32(_ view: ByteView, _ index: Int) -> UInt32 {
        UInt32(number16(view, index)) | UInt32(number16(view, index + 2)) << 16
    }

    private static func sector(_ view: ByteView, _ number: UInt32, _ size: Int) -> ByteView? {
        let start = (Int(number) + 1) * size
        return start < view.count ? view.slice(start, min(start + size, view.count)) : nil
    }

    /// The bytes of a chain of sectors; none when it goes in a circle or is longer than `limit`.
    private func chain(_ start: UInt32, limit: Int) -> [UInt8]? {
        var result: [UInt8] = []
        var number = start
        while number < Self.end {
            guard let sector = Self.sector(view, number, sectorSize), result.count + sector.count <= limit,
                result.count <= view.count, table.indices.contains(Int(number))
            else { return nil }
            result.append(sector)
            number = table[Int(number)]
        }
        return result
    }

    private mutating func readDirectory(_ bytes: [UInt8]) {
        bytes.withView { view in
            for number in extent(0, min(view.count / 128, Self.maximumEntries)) {
                let entry = view.slice(number * 128, number * 128 + 128)
                let length = max(0, min(Self.number16(entry, 64), 64) - 2) / 2
                let units = extent(0, length).map { UInt16(Self.number16(entry, $0 * 2)) }
                entries.append(
                    Entry(
                        name: String(decoding: units, as: UTF16.self), isStream: entry[66] == 2, parent: -1,
                        start: Self.number32(entry, 116), size: Int(Self.number32(entry, 120)), left: Self.number32(entry, 68),
                        right: Self.number32(entry, 72), child: Self.number32(entry, 76)))
            }
        }
        // Each storage's members are a tree; who stands in which one is learned by walking them all once.
        var seen: Set<Int> = []
        var pending: [(number: Int, parent: Int)] = entries.first.map { [(Int($0.child), 0)] } ?? []
        while let (number, parent) = pending.popLast() {
            guard entries.indices.contains(number), seen.insert(number).inserted else { continue }
            entries[number].parent = parent
            pending.append((Int(entries[number].left), parent))
            pending.append((Int(entries[number].right), parent))
            if !entries[number].isStream { pending.append((Int(entries[number].child), number)) }
        }
    }

    /// A stream's bytes; none when its chain is broken.
    func bytes(of entry: Entry, limit: Int = 64 << 20) -> [UInt8]? {
        guard entry.isStream, entry.size <= limit else { return nil }
        if entry.size >= 4096 { return chain(entry.start, limit: entry.size + sectorSize).map { Array($0.prefix(entry.size)) } }
        var result: [UInt8] = []
        var number = entry.start
        while number < Self.end, result.count < entry.size {
            let start = Int(number) * 64
            guard start < smallStream.count, smallTable.indices.contains(Int(number)) else { return nil }
            result += smallStream[extent(start, min(start + 64, smallStream.count))]
            number = smallTable[Int(number)]
        }
        return Array(result.prefix(entry.size))
    }
}
