/// Finds the best documents of one segment, with MaxScore over windows of documents
/// (H. Turtle, J. Flood: Query evaluation: strategies and optimizations, 1995; S. Ding, T. Suel: Faster top-k document
/// retrieval using block-max indexes, 2011).
///
/// In each window every list has a bound for its parts. Lists that even together cannot lift a document over the lowest
/// score that still matters are not essential: the others are added up for all documents of the window at once, and the
/// rest is looked up only for documents that can still win. All parts are whole numbers, so what comes out is exactly
/// what adding up everything would give.
struct SegmentSearch {
    /// How much is looked at in one go. The result does not depend on it.
    struct Windows: Sendable {
        /// Documents of a window of lists with many postings: the sums fit the first-level cache.
        var dense = 1 << 12
        /// Documents of a window of lists with few postings, where the documents met are noted instead of looking for them.
        var sparse = 1 << 16
        /// Fewer postings than one in so many documents are few.
        var sparseness = 24
    }

    private let windows: Windows
    private let sums: UnsafeMutablePointer<UInt32>
    private let touched: UnsafeMutablePointer<UInt32>
    private let inverseFrequencies: UnsafeMutablePointer<Float>
    private let memory: [CursorMemory]

    /// The memory for queries of `terms` terms. It must be given back with `deallocate`.
    init(terms: Int, windows: Windows = Windows()) {
        self.windows = windows
        // Sums are looked at in groups of 16.
        let capacity = max(windows.dense, windows.sparse) + 16
        sums = .allocate(capacity: capacity)
        sums.initialize(repeating: 0, count: capacity)
        touched = .allocate(capacity: capacity)
        inverseFrequencies = .allocate(capacity: 256)
        inverseFrequencies.initialize(repeating: 0, count: 256)
        memory = (0..<terms).map { _ in CursorMemory() }
    }

    func deallocate() {
        sums.deallocate()
        touched.deallocate()
        inverseFrequencies.deallocate()
        for memory in memory { memory.deallocate() }
    }

    func context(_ segment: SegmentReader, store: SegmentStore, model: ScoringModel) throws -> SegmentContext {
        for (code, value) in model.inverseFrequencies.enumerated() { inverseFrequencies[code] = value }
        guard let lengths = segment.lengths.baseAddress else { throw TwinError.damagedIndex }
        return SegmentContext(
            segment: segment.key, store: store, documentCount: segment.documentCount, lengths: lengths,
            inverseFrequencies: UnsafePointer(inverseFrequencies), constant: model.constant, perWord: model.perWord)
    }

    /// How many postings of a list belong to documents of `runs`.
    func count(_ list: PostingList, in runs: DocumentRuns, of segment: SegmentReader, store: SegmentStore) throws -> Int {
        guard let memory = memory.first else { return 0 }
        let model = ScoringModel(settings: ScoringSettings(), weights: [0], averageLength: 0)
        let context = try context(segment, store: store, model: model)
        var cursor = try TermCursor(list, weight: 0, memory: memory, context: context)
        return try cursor.count(in: runs, context)
    }

    /// Offers the documents of a segment to `top`. `lists` has the postings of each term of the model, none where the
    /// segment does not have it.
    func run(
        _ segment: SegmentReader, lists: [PostingList?], model: ScoringModel, filters: [DocumentFilter], store: SegmentStore,
        top: inout TopDocuments
    ) throws {
        let context = try context(segment, store: store, model: model)
        var cursors: [TermCursor] = []
        cursors.reserveCapacity(lists.count)
        for (term, list) in lists.enumerated() {
            guard let list else { continue }
            cursors.append(try TermCursor(list, weight: model.weights[term], memory: memory[term], context: context))
        }
        guard !cursors.isEmpty else { return }
        try cursors.withUnsafeMutableBufferPointer { cursors in
            guard let address = cursors.baseAddress else { return }
            try run(address, count: cursors.count, context, header: segment.header, filters: filters, top: &top)
        }
    }

    private func run(
        _ cursors: UnsafeMutablePointer<TermCursor>, count: Int, _ context: SegmentContext, header: SegmentHeader,
        filters: [DocumentFilter], top: inout TopDocuments
    ) throws {
        // Cursor numbers with the bounds of their parts in the window, the lowest first, and the sums of the bounds before.
        var order = Array(0..<count)
        var bounds = [UInt32](repeating: 0, count: count)
        var boundsBefore = [UInt32](repeating: 0, count: count + 1)
        var essential = 0
        var start = 0
        while start < context.documentCount {
            // No window before the next posting.
            var next = Int.max
            for cursor in 0..<count {
                cursors[cursor].skip(to: start)
                next = min(next, cursors[cursor].nextPossible)
            }
            guard next < context.documentCount else { return }
            start = max(start, next)

            // The lists that were essential in the window before tell how many postings to expect.
            var expected = 0
            for index in essential..<count { expected += cursors[order[index]].count }
            let isSparse = expected * windows.sparseness < context.documentCount
            let end = min(start + (isSparse ? windows.sparse : windows.dense), context.documentCount)

            if !filters.isEmpty, !filters.allSatisfy({ $0.passesAny(from: start, to: end) }) {
                start = end
                continue
            }
            for cursor in 0..<count {
                cursors[cursor].skip(to: start)
                bounds[cursor] = cursors[cursor].bound(upTo: end)
            }
            for index in 1..<max(count, 1) {
                let cursor = order[index]
                var place = index
                while place > 0, bounds[order[place - 1]] > bounds[cursor] {
                    order[place] = order[place - 1]
                    place -= 1
                }
                order[place] = cursor
            }
            essential = count
            for index in 0..<count {
                boundsBefore[index + 1] = boundsBefore[index] + bounds[order[index]]
                if essential == count, boundsBefore[index + 1] >= top.needed { essential = index }
            }
            if essential < count {
                let window = Window(start: start, end: end, essential: essential)
                if isSparse {
                    try searchSparse(window, cursors, order, boundsBefore, context, header, filters, &top)
                } else {
                    try searchDense(window, cursors, order, boundsBefore, context, header, filters, &top)
                }
            } else {
                // Nothing in this window can win. Expect what all lists have in the next one.
                essential = 0
            }
            start = end
        }
    }

    private struct Window {
        var start: Int
        var end: Int
        /// The first essential list in the order of the bounds.
        var essential: Int
    }

    private func searchDense(
        _ window: Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int], _ boundsBefore: [UInt32],
        _ context: SegmentContext, _ header: SegmentHeader, _ filters: [DocumentFilter], _ top: inout TopDocuments
    ) throws {
        for index in window.essential..<order.count {
            try cursors[order[index]].accumulate(from: window.start, to: window.end, into: sums, context)
        }
        let rest = boundsBefore[window.essential]
        let count = window.end - window.start
        let raw = UnsafeMutableRawPointer(sums)
        defer { sums.update(repeating: 0, count: (count + 15) & ~15) }
        var offset = 0
        while offset < count {
            // Sums stay below 2^31, so signed comparison, which every processor has, will do.
            let lowest = max(top.needed > rest ? top.needed - rest : 1, 1)
            let group = raw.loadUnaligned(fromByteOffset: offset &* 4, as: SIMD16<Int32>.self)
            let limit = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: min(lowest, UInt32(Int32.max))))
            let mask = group .>= limit
            if any(mask) {
                for lane in 0..<16 where mask[lane] {
                    try offer(
                        window.start + offset + lane, sum: sums[offset + lane], window, cursors, order, boundsBefore, context,
                        header, filters, &top)
                }
            }
            offset &+= 16
        }
    }

    private func searchSparse(
        _ window: Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int], _ boundsBefore: [UInt32],
        _ context: SegmentContext, _ header: SegmentHeader, _ filters: [DocumentFilter], _ top: inout TopDocuments
    ) throws {
        var touchedCount = 0
        for index in window.essential..<order.count {
            touchedCount = try cursors[order[index]].accumulate(
                from: window.start, to: window.end, into: sums, touched: touched, touchedCount: touchedCount, context)
        }
        let rest = boundsBefore[window.essential]
        defer { for index in 0..<touchedCount { sums[Int(touched[index])] = 0 } }
        var candidates: [(document: Int, sum: UInt32)] = []
        for index in 0..<touchedCount {
            let sum = sums[Int(touched[index])]
            if sum + rest >= top.needed { candidates.append((window.start + Int(touched[index]), sum)) }
        }
        candidates.sort { $0.document < $1.document }
        for (document, sum) in candidates {
            try offer(document, sum: sum, window, cursors, order, boundsBefore, context, header, filters, &top)
        }
    }

    /// Adds what the lists that are not essential have of a document, as long as it can still win.
    @inline(__always)
    private func offer(
        _ document: Int, sum: UInt32, _ window: Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int],
        _ boundsBefore: [UInt32], _ context: SegmentContext, _ header: SegmentHeader, _ filters: [DocumentFilter],
        _ top: inout TopDocuments
    ) throws {
        for filter in filters where !filter.passes(document) { return }
        var sum = sum
        var index = window.essential
        while index > 0 {
            guard sum + boundsBefore[index] >= top.needed else { return }
            index -= 1
            let minimum = Int64(top.needed) - Int64(sum) - Int64(boundsBefore[index])
            sum += try cursors[order[index]].part(of: document, minimum: UInt32(max(minimum, 0)), context)
        }
        if sum >= top.needed { top.insert(score: sum, key: header.key(of: document)) }
    }
}
