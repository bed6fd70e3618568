import TwinSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The working memory of a query, kept for the next one. One thread uses it at a time.
final class SearchMemory {
    /// How much is looked at in one go. The result does not depend on it.
    struct Windows: Sendable, Equatable {
        /// Documents of a window of lists with many postings: the sums fit the first-level cache.
        var dense = 1 << 12
        /// Documents of a window of lists with few postings, where the documents met are noted instead of looking for them.
        var sparse = 1 << 16
        /// Fewer postings than one in so many documents are few.
        var sparseness = 8
    }

    /// A sum for each document of a window; all zero between windows.
    let sums: UnsafeMutablePointer<UInt32>
    let touched: UnsafeMutablePointer<UInt32>
    let candidates: UnsafeMutablePointer<UInt32>
    /// 1 / f for each frequency code.
    let inverseFrequencies: UnsafeMutablePointer<Float>
    let windows: Windows
    private var cursors: [CursorMemory] = []

    init(windows: Windows) throws {
        self.windows = windows
        // Sums are looked at in groups of 16.
        let capacity = max(windows.dense, windows.sparse) + 16
        // Memory from calloc is zero and takes no room before it is used, and a query mostly uses little of it.
        guard let sums = calloc(capacity, MemoryLayout<UInt32>.stride) else { throw TwinError(.limitReached, "out of memory") }
        self.sums = sums.bindMemory(to: UInt32.self, capacity: capacity)
        touched = .allocate(capacity: capacity)
        candidates = .allocate(capacity: capacity)
        inverseFrequencies = .allocate(capacity: 256)
        inverseFrequencies.initialize(repeating: 0, count: 256)
    }

    deinit {
        free(sums)
        touched.deallocate()
        candidates.deallocate()
        inverseFrequencies.deallocate()
        for cursor in cursors { cursor.deallocate() }
    }

    /// The memory of the cursor with this number.
    func cursor(_ number: Int) -> CursorMemory {
        while cursors.count <= number { cursors.append(CursorMemory()) }
        return cursors[number]
    }

    /// Keeps memory for usual queries only.
    func trim() {
        while cursors.count > 32, let last = cursors.popLast() { last.deallocate() }
    }
}
