import TwinSupport

/// Where the postings of a term are.
struct PostingList {
    struct Page {
        var number: Int
        var lastDocument: Int
        var blocks: Int
        /// Its frontier, in the list's impacts. Empty for the only page of a list.
        var impacts: Range<Int>
    }

    enum Location {
        case inline([PackedPosting])
        /// Blocks from an offset of the first page on, and from the start of the following ones.
        case pages(offset: Int, pages: [Page], impacts: [ImpactFrontier.Impact])
    }

    /// The number of documents that have the term, deleted ones among them.
    let count: Int
    let location: Location

    init(payload: UnsafeRawBufferPointer, documentCount: Int) throws(TwinError) {
        var reader = ByteReader(payload)
        count = try reader.count(limit: documentCount)
        guard count > 0 else { throw .damagedIndex }
        if count <= SegmentEncoder<PageBuffer>.inlineLimit {
            var postings: [PackedPosting] = []
            postings.reserveCapacity(count)
            var document = -1
            for _ in 0..<count {
                document += 1 + (try reader.count(limit: documentCount))
                guard document < documentCount else { throw .damagedIndex }
                postings.append(UInt32(document) << 8 | UInt32(try reader.byte()))
            }
            location = .inline(postings)
            return
        }
        let first = try reader.count(limit: 1 << 28)
        let offset = try reader.count(limit: PageSize.bytes)
        let pageCount = try reader.count(limit: count)
        guard pageCount > 0 else { throw .damagedIndex }
        var pages: [Page] = []
        var impacts: [ImpactFrontier.Impact] = []
        if pageCount == 1 {
            let blocks = (count + BitPacking.blockSize - 1) / BitPacking.blockSize
            pages.append(Page(number: first, lastDocument: documentCount - 1, blocks: blocks, impacts: 0..<0))
        } else {
            pages.reserveCapacity(min(pageCount, payload.count))
            var document = -1
            for index in 0..<pageCount {
                document += try reader.count(limit: documentCount)
                guard document >= 0, document < documentCount else { throw .damagedIndex }
                let blocks = try reader.count(limit: PageSize.bytes)
                let impactCount = Int(try reader.byte())
                guard blocks > 0, impactCount > 0, impactCount <= ImpactFrontier.limit else { throw .damagedIndex }
                let start = impacts.count
                for _ in 0..<impactCount {
                    impacts.append(ImpactFrontier.Impact(code: try reader.byte(), length: try reader.uint16()))
                }
                pages.append(Page(number: first + index, lastDocument: document, blocks: blocks, impacts: start..<impacts.count))
            }
        }
        location = .pages(offset: offset, pages: pages, impacts: impacts)
    }
}
