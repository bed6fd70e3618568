/// A bit for each document of a segment that may be found. All memory is written by the initialiser and only read
/// afterwards: the proof for `@unchecked Sendable`.
final class DocumentFilter: @unchecked Sendable {
    let words: UnsafeMutableBufferPointer<UInt64>
    /// No document passes.
    let isEmpty: Bool

    /// All of `count` documents, without those in `excluded`.
    init(count: Int, excluding excluded: DocumentRuns) {
        words = .allocate(capacity: (count + 63) / 64)
        words.initialize(repeating: .max)
        for run in excluded.runs { Self.fill(words, run.clamped(to: 0..<count), with: false) }
        isEmpty = excluded.count >= count
    }

    /// The documents of `count` in runs of (documents, whether they pass).
    init(count: Int, runs: (_ add: (Int, Bool) -> Void) throws -> Void) throws {
        let words = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: (count + 63) / 64)
        words.initialize(repeating: 0)
        self.words = words
        var document = 0
        var passing = 0
        do {
            try runs { length, passes in
                let run = document..<min(document + length, count)
                if passes, !run.isEmpty {
                    Self.fill(words, run, with: true)
                    passing += run.count
                }
                document = run.upperBound
            }
        } catch {
            words.deallocate()
            throw error
        }
        isEmpty = passing == 0
    }

    deinit { words.deallocate() }

    private static func fill(_ words: UnsafeMutableBufferPointer<UInt64>, _ run: Range<Int>, with value: Bool) {
        var position = run.lowerBound
        while position < run.upperBound {
            let shift = position & 63
            let length = min(64 - shift, run.upperBound - position)
            let mask = (length == 64 ? UInt64.max : (1 << UInt64(length)) - 1) << UInt64(shift)
            if value { words[position >> 6] |= mask } else { words[position >> 6] &= ~mask }
            position += length
        }
    }

    @inline(__always)
    func passes(_ document: Int) -> Bool { words[document &>> 6] &>> UInt64(truncatingIfNeeded: document & 63) & 1 != 0 }

    /// Whether a document of `start..<end` passes; may be true when only a near neighbour does.
    func passesAny(from start: Int, to end: Int) -> Bool {
        var index = start >> 6
        let last = min((end - 1) >> 6, words.count - 1)
        while index <= last {
            if words[index] != 0 { return true }
            index += 1
        }
        return false
    }
}
