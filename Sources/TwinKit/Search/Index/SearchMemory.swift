import TwinSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The working memory of a query, kept for the next one. One thread uses it at a time.
final class SearchMemory {
    /// A sum for each document of a window; all zero between windows.
    let sums: UnsafeMutablePointer<UInt32>
    let touched: UnsafeMutablePointer<UInt32>
    let candidates: UnsafeMutablePointer<UInt32>
    /// 1 / f for each frequency code.
    let inverseFrequencies: UnsafeMutablePointer<Float>
    let windows: SegmentSearch.Windows
    private var cursors: [CursorMemory] = []

    init(windows: SegmentSearch.Windows) throws {
        self.windows = windows
        // Sums are looked at in groups of 16.
        let capacity = max(windows.dense, windows.sparse) + 16
        // Memory from calloc is zero and takes no room before it is used, and a query mostly uses little of it.
        guard let sums = calloc(capacity, MemoryLayout<UInt32>.stride) else { throw TwinError(.limitReached, "out of memory") }
        self.sums = sums.bindMemory(to: UInt32.self, capacity: capacity)
        touched = .allocate(capacity: capacity)
        candidates = .allocate(capacity: capacity)
        inverseFrequencies = .allocate(capacity: 256)
        inverseFrequencies.initialize(repeating: 0, count: 256)
    }

    deinit {
        free(sums)
        touched.deallocate()
        candidates.deallocate()
        inverseFrequencies.deallocate()
        for cursor in cursors { cursor.deallocate() }
    }

    /// The memory of the cursor with this number.
    func cursor(_ number: Int) -> CursorMemory {
        while cursors.count <= number { cursors.append(CursorMemory()) }
        return cursors[number]
    }

    /// Keeps memory for usual queries only.
    func trim() {
        while cursors.count > 32, let last = cursors.popLast() { last.deallocate() }
    }
}

/// The memory of one cursor, allocated once a query and used for one segment after the other.
struct CursorMemory {
    /// A block has at least ten bytes, so a page has no more blocks than this.
    static let maximumBlocks = PageSize.bytes / 10 + 1

    let page: UnsafeMutableRawPointer
    /// The last document of each block of the page, the bound of its parts, and its offset.
    let lasts: UnsafeMutablePointer<UInt32>
    let bounds: UnsafeMutablePointer<UInt32>
    let offsets: UnsafeMutablePointer<UInt32>
    /// The current block: documents, frequency codes, parts of the score.
    let documents: UnsafeMutablePointer<UInt32>
    let codes: UnsafeMutablePointer<UInt32>
    let parts: UnsafeMutablePointer<UInt32>

    init() {
        page = .allocate(byteCount: PageSize.bytes + PageSize.slack, alignment: 16)
        page.initializeMemory(as: UInt8.self, repeating: 0, count: PageSize.bytes + PageSize.slack)
        func room(_ count: Int) -> UnsafeMutablePointer<UInt32> {
            let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
            memory.initialize(repeating: 0, count: count)
            return memory
        }
        lasts = room(Self.maximumBlocks)
        bounds = room(Self.maximumBlocks)
        offsets = room(Self.maximumBlocks)
        documents = room(BitPacking.blockSize)
        codes = room(BitPacking.blockSize)
        parts = room(BitPacking.blockSize)
    }

    func deallocate() {
        page.deallocate()
        for memory in [lasts, bounds, offsets, documents, codes, parts] { memory.deallocate() }
    }
}
