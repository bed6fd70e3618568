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
