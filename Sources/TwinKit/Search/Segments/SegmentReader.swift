import TwinSupport

/// What is kept in memory of a segment that has been read: its header, the lengths of its documents and the first term of
/// each dictionary page. A segment never changes, except for its deleted documents, which are not part of this.
///
/// All memory is written by the initialiser and only read afterwards: the proof for `@unchecked Sendable`.
final class SegmentReader: @unchecked Sendable {
    let key: Int64
    let token: Int64
    let header: SegmentHeader
    /// The length of each document, in words.
    let lengths: UnsafeBufferPointer<UInt16>
    private let firstTerms: [UInt8]
    /// Where each first term begins in `firstTerms`, and the end of the last.
    private let firstTermOffsets: [Int]

    var documentCount: Int { header.documentCount }

    init(_ row: SegmentRow, store: SegmentStore) throws {
        key = row.key
        token = row.token
        header = try store.header(of: row.key)
        guard header.documentCount == row.documents else { throw TwinError.damagedIndex }

        var terms: [UInt8] = []
        try store.forEachPage(row.key, .dictionaryIndex, count: header.pageCount(.dictionaryIndex)) {
            terms.append(contentsOf: $0)
        }
        var offsets: [Int] = []
        var offset = 0
        while offset < terms.count {
            offsets.append(offset + 1)
            offset += 1 + Int(terms[offset])
        }
        guard offset == terms.count, offsets.count == header.pageCount(.dictionary) else { throw TwinError.damagedIndex }
        offsets.append(terms.count + 1)
        firstTerms = terms
        firstTermOffsets = offsets

        let lengths = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: header.documentCount)
        self.lengths = UnsafeBufferPointer(lengths)
        lengths.initialize(repeating: 0)
        let bytes = UnsafeMutableRawBufferPointer(lengths)
        var filled = 0
        try store.forEachPage(row.key, .lengths, count: header.pageCount(.lengths)) { page in
            guard filled + page.count <= bytes.count else { throw TwinError.damagedIndex }
            UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<filled + page.count]).copyMemory(from: page)
            filled += page.count
        }
        guard filled == bytes.count else { throw TwinError.damagedIndex }
    }

    deinit { UnsafeMutableBufferPointer(mutating: lengths).deallocate() }

    /// The memory that this takes, about, in bytes.
    var byteCount: Int { lengths.count * 2 + firstTerms.count + firstTermOffsets.count * 8 + 256 }

    /// The dictionary page that has `term` if any has.
    func dictionaryPage(of term: UnsafeBufferPointer<UInt8>) -> Int? {
        firstTerms.withUnsafeBufferPointer { terms in
            // Pages before `low` begin with a term that is not above.
            var low = 0
            var high = firstTermOffsets.count - 1
            while low < high {
                let middle = (low + high) / 2
                let first = UnsafeBufferPointer(rebasing: terms[firstTermOffsets[middle]..<firstTermOffsets[middle + 1] - 1])
                if term.lexicographicallyPrecedes(first) { high = middle } else { low = middle + 1 }
            }
            return low > 0 ? low - 1 : nil
        }
    }

    /// Calls `body` with the key and the number of documents of each run of documents of one source.
    func forEachSourceRun(store: SegmentStore, _ body: (Int64, Int) throws -> Void) throws {
        var bytes: [UInt8] = []
        try store.forEachPage(key, .sources, count: header.pageCount(.sources)) { bytes.append(contentsOf: $0) }
        try bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            var source: Int64 = 0
            var documents = 0
            while reader.remaining > 0 {
                let count = try reader.count(limit: documentCount - documents)
                source &+= try reader.signed()
                documents += count
                try body(source, count)
            }
            guard documents == documentCount else { throw TwinError.damagedIndex }
        }
    }

    /// The postings of a term, or none when no document has it.
    func list(of term: UnsafeBufferPointer<UInt8>, store: SegmentStore) throws -> PostingList? {
        guard let page = dictionaryPage(of: term) else { return nil }
        return try store.withPage(key, .dictionary, page) { bytes in
            guard let payload = try DictionaryPage.find(term, in: bytes) else { return nil }
            return try PostingList(payload: payload, documentCount: documentCount)
        }
    }
}

/// A dictionary page, searched in place; see `SegmentEncoder` for its format.
enum DictionaryPage {
    /// The payload of `term` in a page.
    static func find(
        _ term: UnsafeBufferPointer<UInt8>, in page: UnsafeRawBufferPointer
    ) throws(TwinError) -> UnsafeRawBufferPointer? {
        guard let base = page.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let end = page.count
        var offset = 0
        // Bytes that the last entry's term, which is below `term`, has in common with it.
        var common = 0
        while offset < end {
            guard offset &+ 3 <= end else { throw .damagedIndex }
            let shared = Int(base[offset])
            let restCount = Int(base[offset &+ 1])
            var payloadCount = Int(base[offset &+ 2])
            var rest = offset &+ 3
            if payloadCount >= 0x80 {
                var reader = ByteReader(page, offset: offset + 2)
                payloadCount = try reader.count(limit: end)
                rest = reader.offset
            }
            offset = rest &+ restCount &+ payloadCount
            guard offset <= end else { throw .damagedIndex }
            // It has more in common with its predecessor than that has with `term`: it is below, too.
            if shared > common { continue }
            // It has less in common with its predecessor and is above it: it is above `term`.
            if shared < common { return nil }
            var index = 0
            while index < restCount, common &+ index < term.count, base[rest &+ index] == term[common &+ index] { index &+= 1 }
            if index == restCount {
                if common + index == term.count {
                    return UnsafeRawBufferPointer(rebasing: page[rest + restCount..<offset])
                }
                // A proper prefix of `term` is below it.
            } else if common + index == term.count || base[rest &+ index] > term[common &+ index] {
                return nil
            }
            common += index
        }
        return nil
    }
}
