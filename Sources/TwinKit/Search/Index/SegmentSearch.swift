import TwinSupport

/// Finds the best documents of one segment, with MaxScore over windows of documents
/// (H. Turtle, J. Flood: Query evaluation: strategies and optimizations, 1995; S. Ding, T. Suel: Faster top-k document
/// retrieval using block-max indexes, 2011).
///
/// In each window every list has a bound for its parts. Lists that even together cannot lift a document over the lowest
/// score that still matters are not essential: the others are added up for all documents of the window at once, and the
/// rest is looked up only for documents that can still win. All parts are whole numbers, so what comes out is exactly
/// what adding up everything would give.
struct SegmentSearch {
    /// What looking one document up in a list costs, in postings that are added up.
    private static let lookUpCost = 3

    private let memory: SearchMemory
    private let windows: SearchMemory.Windows
    private let sums: UnsafeMutablePointer<UInt32>
    /// Offsets in the window: of the documents met in a sparse one, and of those that can still win.
    private let touched: UnsafeMutablePointer<UInt32>
    private let candidates: UnsafeMutablePointer<UInt32>

    /// `memory` has room for the terms of the queries and for the windows.
    init(memory: SearchMemory, windows: SearchMemory.Windows = SearchMemory.Windows()) {
        self.memory = memory
        self.windows = windows
        sums = memory.sums
        touched = memory.touched
        candidates = memory.candidates
    }

    func context(_ segment: SegmentReader, store: SegmentStore, model: ScoringModel) throws -> SegmentContext {
        for (code, value) in model.inverseFrequencies.enumerated() { memory.inverseFrequencies[code] = value }
        guard let lengths = segment.lengths.baseAddress else { throw TwinError.damagedIndex }
        return SegmentContext(
            segment: segment.key, store: store, documentCount: segment.documentCount, lengths: lengths,
            inverseFrequencies: UnsafePointer(memory.inverseFrequencies), constant: model.constant, perWord: model.perWord)
    }

    /// How many postings of a list belong to documents of `runs`.
    func count(_ list: PostingList, in runs: DocumentRuns, of segment: SegmentReader, store: SegmentStore) throws -> Int {
        let model = ScoringModel(settings: ScoringSettings(), weights: [0], averageLength: 0)
        let context = try context(segment, store: store, model: model)
        var cursor = try TermCursor(list, weight: 0, memory: memory.cursor(0), context: context)
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
            cursors.append(try TermCursor(list, weight: model.weights[term], memory: memory.cursor(term), context: context))
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
        var touchedCount = 0
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
                var window = Window(start: start, end: end, isSparse: isSparse, essential: essential)
                let candidates =
                    isSparse
                    ? try collectSparse(
                        window, cursors, order, lowest: top.lowest(before: boundsBefore[essential]), context,
                        touchedCount: &touchedCount)
                    : try collectDense(&window, cursors, order, boundsBefore, context, top)
                try complete(window, cursors, order, boundsBefore, candidates: candidates, context, header, filters, &top)
                if isSparse {
                    for index in 0..<touchedCount { sums[Int(touched[index])] = 0 }
                } else {
                    sums.update(repeating: 0, count: end - start)
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
        var isSparse: Bool
        /// The first essential list in the order of the bounds.
        var essential: Int
    }

    /// Adds up the essential lists for a whole window, and notes the documents that can still win, in order.
    ///
    /// Looking a document up in a list costs about as much as adding up some of its postings for all documents. So as long
    /// as the candidates are many, the next list is added up as well, which leaves fewer of them.
    private func collectDense(
        _ window: inout Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int], _ boundsBefore: [UInt32],
        _ context: SegmentContext, _ top: TopDocuments
    ) throws -> Int {
        for index in window.essential..<order.count {
            try cursors[order[index]].accumulate(from: window.start, to: window.end, into: sums, context)
        }
        let count = window.end - window.start
        let raw = UnsafeMutableRawPointer(sums)
        var lowest = top.lowest(before: boundsBefore[window.essential])
        while window.essential > 0 {
            let next = order[window.essential - 1]
            let postings = cursors[next].count * count / context.documentCount
            guard countSums(count, atLeast: lowest) * Self.lookUpCost > postings else { break }
            try cursors[next].accumulate(from: window.start, to: window.end, into: sums, context)
            window.essential -= 1
            lowest = top.lowest(before: boundsBefore[window.essential])
        }
        // Sums stay below 2^31, so signed comparison, which every processor has, will do.
        let limit = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: min(lowest, UInt32(Int32.max))))
        var found = 0
        var offset = 0
        while offset < count {
            // The sums beyond the window are zero.
            if any(raw.loadUnaligned(fromByteOffset: offset &* 4, as: SIMD16<Int32>.self) .>= limit) {
                for index in offset..<offset &+ 16 {
                    candidates[found] = UInt32(truncatingIfNeeded: index)
                    found &+= sums[index] >= lowest ? 1 : 0
                }
            }
            offset &+= 16
        }
        return found
    }

    /// How many of the first `count` sums are at least `lowest`.
    private func countSums(_ count: Int, atLeast lowest: UInt32) -> Int {
        let raw = UnsafeMutableRawPointer(sums)
        let limit = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: min(lowest, UInt32(Int32.max))))
        var counts = SIMD16<Int32>.zero
        var offset = 0
        while offset < count {
            let group = raw.loadUnaligned(fromByteOffset: offset &* 4, as: SIMD16<Int32>.self)
            counts.replace(with: counts &+ 1, where: group .>= limit)
            offset &+= 16
        }
        return Int(counts.wrappedSum())
    }

    /// As `collectDense`, for lists with few postings: it looks at the documents met only, which stay noted in `touched`,
    /// and leaves the candidates unsorted.
    private func collectSparse(
        _ window: Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int], lowest: UInt32, _ context: SegmentContext,
        touchedCount: inout Int
    ) throws -> Int {
        touchedCount = 0
        for index in window.essential..<order.count {
            touchedCount = try cursors[order[index]].accumulate(
                from: window.start, to: window.end, into: sums, touched: touched, touchedCount: touchedCount, context)
        }
        var found = 0
        for index in 0..<touchedCount {
            candidates[found] = touched[index]
            found &+= sums[Int(touched[index])] >= lowest ? 1 : 0
        }
        return found
    }

    /// Adds what the lists that are not essential have of the candidates, from the list with the highest bound down, and
    /// drops candidates as soon as they cannot win.
    private func complete(
        _ window: Window, _ cursors: UnsafeMutablePointer<TermCursor>, _ order: [Int], _ boundsBefore: [UInt32],
        candidates found: Int,
        _ context: SegmentContext, _ header: SegmentHeader, _ filters: [DocumentFilter], _ top: inout TopDocuments
    ) throws {
        var found = found
        for filter in filters {
            var kept = 0
            for index in 0..<found {
                let offset = candidates[index]
                candidates[kept] = offset
                kept &+= filter.passes(window.start &+ Int(offset)) ? 1 : 0
            }
            found = kept
        }
        var index = window.essential
        // The sums only grow. So the lowest of the `limit` largest ones is a score that has to be reached.
        let floor = found > 2 * top.limit ? largestSum(found, rank: top.limit) : 0
        found = keep(found, atLeast: max(top.lowest(before: boundsBefore[index]), floor - min(floor, boundsBefore[index])))
        if window.isSparse {
            var sorted = UnsafeMutableBufferPointer(start: candidates, count: found)
            sorted.sort()
        }
        while index > 0, found > 0 {
            index -= 1
            try cursors[order[index]].add(to: sums, of: candidates, count: found, start: window.start, context)
            found = keep(found, atLeast: max(top.lowest(before: boundsBefore[index]), floor - min(floor, boundsBefore[index])))
        }
        for candidate in 0..<found {
            let offset = Int(candidates[candidate])
            if sums[offset] >= top.needed { top.insert(score: sums[offset], key: header.key(of: window.start + offset)) }
        }
    }

    /// Drops the candidates whose sums are below `lowest`, and returns how many are left.
    private func keep(_ found: Int, atLeast lowest: UInt32) -> Int {
        var kept = 0
        for candidate in 0..<found {
            let offset = candidates[candidate]
            candidates[kept] = offset
            kept &+= sums[Int(offset)] >= lowest ? 1 : 0
        }
        return kept
    }

    /// The sum at the place `rank`, counted from 1, among those of the candidates, of which there are more.
    private func largestSum(_ found: Int, rank: Int) -> UInt32 {
        var heap = [UInt32](unsafeUninitializedCapacity: rank) { buffer, count in
            for candidate in 0..<rank { buffer[candidate] = sums[Int(candidates[candidate])] }
            count = rank
        }
        return heap.withUnsafeMutableBufferPointer { heap in
            func sink(_ start: Int) {
                var index = start
                while true {
                    var child = 2 &* index &+ 1
                    guard child < rank else { return }
                    if child &+ 1 < rank, heap[child &+ 1] < heap[child] { child &+= 1 }
                    guard heap[child] < heap[index] else { return }
                    heap.swapAt(index, child)
                    index = child
                }
            }
            for index in (0..<rank / 2).reversed() { sink(index) }
            for candidate in rank..<found {
                let sum = sums[Int(candidates[candidate])]
                if sum > heap[0] {
                    heap[0] = sum
                    sink(0)
                }
            }
            return heap[0]
        }
    }
}
