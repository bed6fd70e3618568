import TwinSupport

/// Writes the terms of a segment with their postings as pages. Terms come in ascending order of their bytes, and the
/// postings of each in ascending order of their documents.
///
/// A dictionary page is a sequence of entries: bytes shared with the term before, length of the rest, length of the
/// payload (varint), the rest of the term, the payload. The payload is the number of postings and then, for a rare term,
/// the postings themselves (differences of document numbers as varints, frequency codes); for another the page and
/// offset of its first block, the number of its pages and, when there is more than one, for each its last document, its
/// number of blocks and its frontier.
///
/// A block of postings is: count - 1 in the low seven bits and in the high one whether fields other than the body occur;
/// bits of a document difference; bits of a body frequency and, from bit 5, the size of the frontier less one; the last
/// document; the frontier; the packed differences, less one; the packed body frequencies; the packed field bits.
struct SegmentEncoder<Sink: PageSink> {
    /// Up to this number of postings a term keeps them in its dictionary entry.
    static var inlineLimit: Int { 10 }

    private(set) var sink: Sink
    private let lengths: UnsafeBufferPointer<UInt16>

    private var dictionaryPage: [UInt8] = []
    private var lastTerm: [UInt8] = []
    private var dictionaryIndex: [UInt8] = []
    private(set) var termCount = 0

    private var postingsPage: [UInt8] = []
    private var postingsPageNumber = 0

    // The list that is being written.
    private var term: [UInt8] = []
    private var pending: [PackedPosting] = []
    private var postingCount = 0
    private var lastDocument: Int = -1
    private var listPages: [ListPage] = []
    private var frontier = ImpactFrontier()
    private var block: [UInt8] = []
    private var payload: [UInt8] = []
    private let scratch: UnsafeMutablePointer<UInt32>

    private struct ListPage {
        var number: Int
        var offset: Int
        var lastDocument: Int
        var blocks: Int
        var frontier: ImpactFrontier
    }

    /// `lengths` and `scratch`, room for a block, must outlive the encoder.
    init(sink: Sink, lengths: UnsafeBufferPointer<UInt16>, scratch: UnsafeMutablePointer<UInt32>) {
        self.sink = sink
        self.lengths = lengths
        self.scratch = scratch
        dictionaryPage.reserveCapacity(PageSize.bytes)
        postingsPage.reserveCapacity(PageSize.bytes)
        pending.reserveCapacity(BitPacking.blockSize)
        block.reserveCapacity(PageSize.bytes)
    }

    mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>) {
        term.removeAll(keepingCapacity: true)
        term.append(contentsOf: bytes)
        pending.removeAll(keepingCapacity: true)
        listPages.removeAll(keepingCapacity: true)
        postingCount = 0
        lastDocument = -1
    }

    mutating func append(_ posting: PackedPosting) throws {
        if pending.count == BitPacking.blockSize { try writeBlock() }
        pending.append(posting)
        postingCount += 1
    }

    /// Ends the term. A term without postings leaves no trace.
    mutating func end() throws {
        guard postingCount > 0 else { return }
        payload.removeAll(keepingCapacity: true)
        payload.appendVarint(postingCount)
        if postingCount <= Self.inlineLimit {
            var previous = -1
            for posting in pending {
                let document = Int(posting >> 8)
                payload.appendVarint(document - previous - 1)
                payload.append(UInt8(truncatingIfNeeded: posting))
                previous = document
            }
        } else {
            try writeBlock()
            payload.appendVarint(listPages[0].number)
            payload.appendVarint(listPages[0].offset)
            payload.appendVarint(listPages.count)
            if listPages.count > 1 {
                var previous = -1
                for page in listPages {
                    payload.appendVarint(page.lastDocument - previous)
                    payload.appendVarint(page.blocks)
                    payload.append(UInt8(page.frontier.impacts.count))
                    page.frontier.append(to: &payload)
                    previous = page.lastDocument
                }
            }
        }
        try writeEntry()
    }

    private mutating func writeBlock() throws {
        guard !pending.isEmpty else { return }
        frontier.removeAll()
        var previous = lastDocument
        var allDifferences: UInt32 = 0
        var allCounts: UInt32 = 0
        var allFields: UInt32 = 0
        for (index, posting) in pending.enumerated() {
            let document = Int(posting >> 8)
            let difference = UInt32(truncatingIfNeeded: document - previous - 1)
            scratch[index] = difference
            allDifferences |= difference
            allCounts |= posting & UInt32(TermFrequency.bodyMask)
            allFields |= posting & 0xC0
            frontier.insert(code: UInt8(truncatingIfNeeded: posting), length: lengths[document])
            previous = document
        }
        let documentBits = BitPacking.width(of: allDifferences)
        let countBits = BitPacking.width(of: allCounts)
        block.removeAll(keepingCapacity: true)
        block.append(UInt8(pending.count - 1) | (allFields != 0 ? 0x80 : 0))
        block.append(UInt8(documentBits))
        block.append(UInt8(countBits) | UInt8(frontier.impacts.count - 1) << 5)
        block.append32(UInt32(previous))
        frontier.append(to: &block)
        let packed = UnsafeBufferPointer(start: scratch, count: pending.count)
        BitPacking.pack(packed, bits: documentBits, into: &block)
        for (index, posting) in pending.enumerated() { scratch[index] = posting & UInt32(TermFrequency.bodyMask) }
        BitPacking.pack(packed, bits: countBits, into: &block)
        if allFields != 0 {
            for (index, posting) in pending.enumerated() { scratch[index] = posting >> 6 & 3 }
            BitPacking.pack(packed, bits: 2, into: &block)
        }

        if postingsPage.count + block.count > PageSize.bytes { try flushPostings() }
        if listPages.last?.number != postingsPageNumber {
            listPages.append(
                ListPage(
                    number: postingsPageNumber, offset: postingsPage.count, lastDocument: 0, blocks: 0, frontier: ImpactFrontier()
                ))
        }
        postingsPage.append(contentsOf: block)
        listPages[listPages.count - 1].lastDocument = previous
        listPages[listPages.count - 1].blocks += 1
        listPages[listPages.count - 1].frontier.insert(frontier)
        lastDocument = previous
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func flushPostings() throws {
        try postingsPage.withUnsafeBytes { try sink.append($0, to: .postings) }
        postingsPage.removeAll(keepingCapacity: true)
        postingsPageNumber += 1
    }

    private mutating func writeEntry() throws {
        var shared = 0
        let limit = min(lastTerm.count, term.count)
        while shared < limit, lastTerm[shared] == term[shared] { shared += 1 }
        // The longest header has two lengths of a byte and one of three.
        if !dictionaryPage.isEmpty, dictionaryPage.count + term.count - shared + payload.count + 5 > PageSize.bytes {
            try flushDictionary()
        }
        if dictionaryPage.isEmpty {
            shared = 0
            dictionaryIndex.append(UInt8(term.count))
            dictionaryIndex.append(contentsOf: term)
        }
        dictionaryPage.append(UInt8(shared))
        dictionaryPage.append(UInt8(term.count - shared))
        dictionaryPage.appendVarint(payload.count)
        dictionaryPage.append(contentsOf: term[shared...])
        dictionaryPage.append(contentsOf: payload)
        swap(&lastTerm, &term)
        termCount += 1
    }

    private mutating func flushDictionary() throws {
        try dictionaryPage.withUnsafeBytes { try sink.append($0, to: .dictionary) }
        dictionaryPage.removeAll(keepingCapacity: true)
    }

    /// Writes what is left, the lengths and the index of the dictionary, and returns the sink.
    mutating func finish() throws -> Sink {
        if !dictionaryPage.isEmpty { try flushDictionary() }
        if !postingsPage.isEmpty { try flushPostings() }
        try UnsafeRawBufferPointer(lengths).forEachPage { try sink.append($0, to: .lengths) }
        try dictionaryIndex.withUnsafeBytes { try $0.forEachPage { try sink.append($0, to: .dictionaryIndex) } }
        return sink
    }
}

extension UnsafeRawBufferPointer {
    /// Cuts the bytes into pages.
    func forEachPage(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        var start = 0
        while start < count {
            let end = Swift.min(start + PageSize.bytes, count)
            try body(UnsafeRawBufferPointer(rebasing: self[start..<end]))
            start = end
        }
    }
}
