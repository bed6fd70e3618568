import TwinSupport

/// What a reader has to know of a segment before it can read its pages.
struct SegmentHeader: Sendable, Equatable {
    /// Documents with consecutive chunk keys.
    struct KeyRun: Sendable, Equatable {
        var firstDocument: Int
        var count: Int
        var firstKey: Int64

        var keys: Range<Int64> { firstKey..<firstKey + Int64(count) }
    }

    private static let version: UInt8 = 1
    private static let maximumPages = 1 << 28

    var documentCount: Int
    var termCount: Int
    /// Pages of each stream.
    var pageCounts: [PageStream: Int]
    /// The sum of the checksums of all pages; what is damaged later does not have it.
    var checksum: UInt64
    /// In ascending order of documents, and of keys too.
    var keyRuns: [KeyRun]

    func pageCount(_ stream: PageStream) -> Int { pageCounts[stream] ?? 0 }

    var encoded: [UInt8] {
        var bytes = [Self.version]
        bytes.appendVarint(documentCount)
        bytes.appendVarint(termCount)
        for stream in PageStream.allCases { bytes.appendVarint(pageCount(stream)) }
        bytes.append32(UInt32(truncatingIfNeeded: checksum))
        bytes.append32(UInt32(truncatingIfNeeded: checksum >> 32))
        bytes.appendVarint(keyRuns.count)
        var previous: Int64 = 0
        for run in keyRuns {
            bytes.appendVarint(run.count)
            bytes.appendSigned(run.firstKey - previous)
            previous = run.keys.upperBound
        }
        return bytes
    }

    /// The header of a segment whose pages are still to be written.
    init(documentCount: Int, termCount: Int, keyRuns: [KeyRun]) {
        self.documentCount = documentCount
        self.termCount = termCount
        self.keyRuns = keyRuns
        pageCounts = [:]
        checksum = 0
    }

    init(encoded bytes: UnsafeRawBufferPointer) throws(TwinError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.version else { throw .damagedIndex }
        documentCount = try reader.count(limit: SegmentBuilder.maximumDocuments)
        termCount = try reader.count(limit: Int(UInt32.max))
        pageCounts = [:]
        for stream in PageStream.allCases { pageCounts[stream] = try reader.count(limit: Self.maximumPages) }
        checksum = UInt64(try reader.uint32())
        checksum |= UInt64(try reader.uint32()) << 32
        keyRuns = []
        let runCount = try reader.count(limit: reader.remaining)
        var document = 0
        var previous: Int64 = 0
        keyRuns.reserveCapacity(runCount)
        for _ in 0..<runCount {
            let count = try reader.count(limit: documentCount - document)
            let (firstKey, overflow) = previous.addingReportingOverflow(try reader.signed())
            guard count > 0, !overflow, firstKey < Int64.max - Int64(count), keyRuns.isEmpty || firstKey >= previous else {
                throw .damagedIndex
            }
            keyRuns.append(KeyRun(firstDocument: document, count: count, firstKey: firstKey))
            document += count
            previous = firstKey + Int64(count)
        }
        guard document == documentCount, reader.remaining == 0 else { throw .damagedIndex }
    }

    /// The chunk key of a document.
    func key(of document: Int) -> Int64 {
        var low = 0
        var high = keyRuns.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if keyRuns[middle].firstDocument <= document { low = middle } else { high = middle - 1 }
        }
        guard low < keyRuns.count else { return 0 }
        return keyRuns[low].firstKey + Int64(document - keyRuns[low].firstDocument)
    }

    /// The documents whose keys are in `keys`, as runs.
    func documents(of keys: Range<Int64>) -> [Range<Int>] {
        keyRuns.compactMap { run in
            let common = run.keys.clamped(to: keys)
            guard !common.isEmpty else { return nil }
            let start = run.firstDocument + Int(common.lowerBound - run.firstKey)
            return start..<start + common.count
        }
    }
}
