import TwinSupport

/// Walks the terms of a segment in order, with one dictionary page in memory at a time.
final class DictionaryCursor {
    private let segment: SegmentReader
    private let store: SegmentStore
    private var page: [UInt8] = []
    private var nextPage = 0
    private var firstPage = 0
    private var offset = 0
    /// The current term; empty before the first and after the last.
    private(set) var term: [UInt8] = []
    private var payload = 0..<0
    private(set) var isAtEnd = false

    init(_ segment: SegmentReader, store: SegmentStore) {
        self.segment = segment
        self.store = store
        term.reserveCapacity(Tokenizer.maximumTermLength)
    }

    /// Goes to the page that has `term` if any has, before its first term.
    func seek(_ term: [UInt8]) {
        nextPage = term.withUnsafeBufferPointer { segment.dictionaryPage(of: $0) } ?? 0
        firstPage = nextPage
        page.removeAll(keepingCapacity: true)
        offset = 0
        self.term.removeAll(keepingCapacity: true)
        isAtEnd = false
    }

    /// Moves to the next term. Throws `TwinError` when the terms are not in order.
    func advance() throws {
        guard !isAtEnd else { return }
        if offset >= page.count {
            guard nextPage < segment.header.pageCount(.dictionary) else {
                isAtEnd = true
                term.removeAll(keepingCapacity: true)
                return
            }
            try store.withPage(segment.key, .dictionary, nextPage) { bytes in
                page.removeAll(keepingCapacity: true)
                page.append(contentsOf: bytes)
            }
            nextPage += 1
            offset = 0
        }
        try page.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes, offset: offset)
            let shared = Int(try reader.byte())
            let restCount = Int(try reader.byte())
            let payloadCount = try reader.count(limit: reader.remaining)
            let rest = try reader.take(restCount)
            guard shared <= term.count, offset > 0 || shared == 0 else { throw TwinError.damagedIndex }
            // In order: what differs is longer or larger.
            if offset > 0 {
                guard let first = rest.first, shared == term.count || term[shared] < first else { throw TwinError.damagedIndex }
            } else if nextPage > firstPage + 1 {
                guard term.lexicographicallyPrecedes(rest) else { throw TwinError.damagedIndex }
            }
            term.removeSubrange(shared...)
            term.append(contentsOf: rest)
            payload = reader.offset..<reader.offset + payloadCount
            offset = payload.upperBound
        }
    }

    /// Below 0 when the term is below that of `other`, 0 when they are equal.
    func compare(to other: DictionaryCursor) -> Int {
        term.withUnsafeBufferPointer { left in
            other.term.withUnsafeBufferPointer { right in
                let count = min(left.count, right.count)
                var index = 0
                while index < count {
                    if left[index] != right[index] { return Int(left[index]) - Int(right[index]) }
                    index &+= 1
                }
                return left.count - right.count
            }
        }
    }

    /// Calls `body` with the payload of the current term.
    func withPayload<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try page.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[payload])) }
    }

    /// Calls `body` with each document and frequency code of the current term. `search` lends its memory.
    func forEachPosting(_ context: SegmentContext, memory: CursorMemory, _ body: (Int, UInt8) throws -> Void) throws {
        let list: PostingList? = try withPayload { bytes in
            var reader = ByteReader(bytes)
            let count = try reader.count(limit: segment.documentCount)
            guard count <= SegmentEncoder<PageBuffer>.inlineLimit else {
                return try PostingList(payload: bytes, documentCount: segment.documentCount)
            }
            // Most terms are rare: no list is made of them.
            var document = -1
            for _ in 0..<count {
                document += 1 + (try reader.count(limit: segment.documentCount))
                guard document < segment.documentCount else { throw TwinError.damagedIndex }
                try body(document, try reader.byte())
            }
            return nil
        }
        guard let list else { return }
        var cursor = try TermCursor(list, weight: 0, memory: memory, context: context)
        try cursor.forEachPosting(context, body)
    }
}
