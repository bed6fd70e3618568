import TwinSupport

/// The best documents seen so far, at most `limit`. Documents are offered in ascending order of their keys, so among
/// equal scores the earlier one stays.
struct TopDocuments {
    struct Entry {
        var score: UInt32
        var key: Int64

        /// Whether this one ranks behind `other`.
        @inline(__always)
        func isWorse(than other: Entry) -> Bool { score != other.score ? score < other.score : key > other.key }
    }

    let limit: Int
    /// A heap with the worst entry at the top.
    private var entries: [Entry] = []
    /// The lowest score that can still enter.
    private(set) var needed: UInt32 = 1

    /// The lowest sum that can still enter when at most `rest` is going to be added; at least 1.
    func lowest(before rest: UInt32) -> UInt32 { needed - min(rest, needed - 1) }

    init(limit: Int) {
        self.limit = max(limit, 0)
        entries.reserveCapacity(min(self.limit, 4_096))
        if limit <= 0 { needed = .max }
    }

    mutating func insert(score: UInt32, key: Int64) {
        let entry = Entry(score: score, key: key)
        if entries.count < limit {
            entries.append(entry)
            var index = entries.count - 1
            while index > 0, entries[index].isWorse(than: entries[(index - 1) / 2]) {
                entries.swapAt(index, (index - 1) / 2)
                index = (index - 1) / 2
            }
        } else if let worst = entries.first, worst.isWorse(than: entry) {
            entries[0] = entry
            var index = 0
            while true {
                var child = 2 * index + 1
                if child + 1 < entries.count, entries[child + 1].isWorse(than: entries[child]) { child += 1 }
                guard child < entries.count, entries[child].isWorse(than: entries[index]) else { break }
                entries.swapAt(index, child)
                index = child
            }
        }
        if entries.count == limit, let worst = entries.first { needed = worst.score + 1 }
    }

    /// The best first.
    var sorted: [Entry] { entries.sorted { $1.isWorse(than: $0) } }
}
