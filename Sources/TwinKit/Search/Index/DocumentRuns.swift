import TwinSupport

/// A set of document numbers, kept as sorted runs that neither touch nor overlap.
struct DocumentRuns: Sendable, Equatable {
    private(set) var runs: [Range<Int>] = []

    init() {}

    var isEmpty: Bool { runs.isEmpty }
    var count: Int { runs.reduce(0) { $0 + $1.count } }

    /// Adds a run, and returns the parts of it that were not in the set yet.
    mutating func insert(_ run: Range<Int>) -> [Range<Int>] {
        guard !run.isEmpty else { return [] }
        // The first run that ends at or after the new one's start, and the first one after the new one's end.
        let first = partition { $0.upperBound < run.lowerBound }
        let end = partition { $0.lowerBound <= run.upperBound }
        var added: [Range<Int>] = []
        var position = run.lowerBound
        for existing in runs[first..<end] {
            if position < existing.lowerBound { added.append(position..<existing.lowerBound) }
            position = max(position, existing.upperBound)
        }
        if position < run.upperBound { added.append(position..<run.upperBound) }
        var merged = run
        if first < end {
            merged = min(run.lowerBound, runs[first].lowerBound)..<max(run.upperBound, runs[end - 1].upperBound)
        }
        runs.replaceSubrange(first..<end, with: [merged])
        return added
    }

    /// The number of runs at the beginning for which `isBefore` holds.
    private func partition(_ isBefore: (Range<Int>) -> Bool) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(runs[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func contains(_ document: Int) -> Bool {
        let index = partition { $0.upperBound <= document }
        return index < runs.count && runs[index].contains(document)
    }

    /// Whether the set has a document of `range`.
    func overlaps(_ range: Range<Int>) -> Bool {
        let index = partition { $0.upperBound <= range.lowerBound }
        return index < runs.count && runs[index].lowerBound < range.upperBound
    }

    /// The runs that have documents of `range`.
    func runs(overlapping range: Range<Int>) -> ArraySlice<Range<Int>> {
        let first = partition { $0.upperBound <= range.lowerBound }
        return runs[first..<max(first, partition { $0.lowerBound < range.upperBound })]
    }

    /// How many documents below `document` are in the set.
    func rank(of document: Int) -> Int {
        var rank = 0
        for run in runs {
            if run.lowerBound >= document { break }
            rank += min(run.upperBound, document) - run.lowerBound
        }
        return rank
    }

    // MARK: Encoding

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        var previous = 0
        for run in runs {
            bytes.appendVarint(run.lowerBound - previous)
            bytes.appendVarint(run.count)
            previous = run.upperBound
        }
        return bytes
    }

    /// Throws `TwinError` unless the bytes are runs below `limit`.
    init(encoded bytes: UnsafeRawBufferPointer, limit: Int) throws(TwinError) {
        var reader = ByteReader(bytes)
        var previous = 0
        while reader.remaining > 0 {
            let start = previous + (try reader.count(limit: limit))
            let count = try reader.count(limit: limit)
            guard count > 0, start + count <= limit, runs.isEmpty || start > previous else { throw .damagedIndex }
            runs.append(start..<start + count)
            previous = start + count
        }
    }
}
