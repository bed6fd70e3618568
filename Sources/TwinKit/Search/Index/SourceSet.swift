import Synchronization

/// A set of source keys. It remembers which documents of which segment it stands for, so a server that asks with the same
/// object again pays for the translation once.
package final class SourceSet: Sendable {
    /// Ascending.
    package let keys: [Int64]
    private let filters = Mutex<[Int64: DocumentFilter]>([:])
    /// Segments come and go; what is remembered of merged ones is dropped at this number.
    private static let maximumFilters = 256

    /// Sources by their keys, in any order and perhaps repeated.
    package init(_ keys: some Sequence<Int64>) {
        var sorted = Array(Set(keys))
        sorted.sort()
        self.keys = sorted
    }

    package var isEmpty: Bool { keys.isEmpty }

    /// Takes time that grows with the logarithm of their number.
    package func contains(_ key: Int64) -> Bool { index(of: key, near: 0) != nil }

    /// The index of `key`; `hint` is looked at first.
    private func index(of key: Int64, near hint: Int) -> Int? {
        if hint < keys.count, keys[hint] == key { return hint }
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }

    /// The documents of a segment that belong to sources of the set.
    func filter(for segment: SegmentReader, store: SegmentStore) throws -> DocumentFilter {
        if let filter = filters.withLock({ $0[segment.token] }) { return filter }
        let filter = try DocumentFilter(count: segment.documentCount) { add in
            var hint = 0
            try segment.forEachSourceRun(store: store) { source, count in
                let index = self.index(of: source, near: hint)
                // Sources mostly stand in ascending order, so the next one is likely to follow.
                if let index { hint = index + 1 }
                add(count, index != nil)
            }
        }
        filters.withLock { filters in
            if filters.count >= Self.maximumFilters { filters.removeAll() }
            filters[segment.token] = filter
        }
        return filter
    }
}

/// The sources that a question may be answered from.
package enum VisibleSources: Sendable {
    /// Every source of the twin: costs nothing.
    case all
    case only(SourceSet)

    /// The sources with these keys.
    package static func only(_ keys: some Sequence<Int64>) -> VisibleSources { .only(SourceSet(keys)) }

    /// Those of these sources that may be seen.
    package func narrowed(to keys: [Int64]) -> VisibleSources {
        switch self {
        case .all: .only(keys)
        case .only(let set): .only(keys.filter(set.contains))
        }
    }
}
