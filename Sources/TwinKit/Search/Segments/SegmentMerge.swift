import TwinSupport

/// Writes one segment that has the live documents of several neighbouring ones, and removes those. It reads and writes
/// page by page; what it holds in memory are two bytes a document and a few pages.
struct SegmentMerge {
    fileprivate struct Input {
        var row: SegmentRow
        var reader: SegmentReader
        var deleted: DocumentRuns
        /// The number that its first document gets.
        var offset: Int
        var dictionary: DictionaryCursor
    }

    let twin: Int64
    let store: SegmentStore
    let cache: SegmentCache

    func run(_ rows: [SegmentRow]) throws {
        var inputs: [Input] = []
        var documents = 0
        for row in rows {
            let reader = try cache.reader(row, store: store)
            inputs.append(
                Input(
                    row: row, reader: reader, deleted: try store.deleted(of: row), offset: documents,
                    dictionary: DictionaryCursor(reader, store: store)))
            documents += row.liveDocuments
        }
        guard documents <= SegmentBuilder.maximumDocuments else {
            throw TwinError(.limitReached, "an index segment holds 16,777,216 chunks at the most")
        }
        let keyRuns = try mergedKeyRuns(inputs)
        guard documents > 0, let firstRun = keyRuns.first, keyRuns.reduce(0, { $0 + $1.count }) == documents else {
            throw TwinError.damagedIndex
        }
        var lengths: [UInt16] = []
        lengths.reserveCapacity(documents)
        for input in inputs { input.forEachLiveRun { lengths.append(contentsOf: input.reader.lengths[$0]) } }

        var header = SegmentHeader(documentCount: documents, termCount: 0, keyRuns: keyRuns)
        let row = SegmentRow(
            key: 0, token: .random(in: .min ... .max), revision: .random(in: .min ... .max), firstChunk: firstRun.firstKey,
            documents: documents,
            liveDocuments: documents, liveLength: rows.reduce(0) { $0 + $1.liveLength })
        let key = try store.insert(row, twin: twin, deleted: DocumentRuns(), header: header)
        var writer = try store.pageWriter
        writer.segment = key
        let scratch = UnsafeMutablePointer<UInt32>.allocate(capacity: BitPacking.blockSize)
        defer { scratch.deallocate() }
        (writer, header.termCount) = try lengths.withUnsafeBufferPointer { lengths in
            var encoder = SegmentEncoder(sink: writer, lengths: lengths, scratch: scratch)
            try cache.withMemory(SearchMemory.Windows()) { try mergeTerms(inputs, into: &encoder, memory: $0) }
            return (try encoder.finish(), encoder.termCount)
        }
        let sources = try mergedSources(inputs)
        try sources.withUnsafeBytes { try $0.forEachPage { try writer.append($0, to: .sources) } }
        header.pageCounts = writer.counts
        header.checksum = writer.checksum
        try store.update(key, header: header)
        for input in inputs { try store.delete(input.row.key) }
    }

    private func mergeTerms(_ inputs: [Input], into encoder: inout SegmentEncoder<SegmentPageWriter>, memory: SearchMemory) throws
    {
        let search = SegmentSearch(memory: memory)
        let model = ScoringModel(settings: ScoringSettings(), weights: [0], averageLength: 0)
        let contexts = try inputs.map { try search.context($0.reader, store: store, model: model) }
        for input in inputs { try input.dictionary.advance() }
        var queue = DictionaryQueue(inputs.map(\.dictionary))
        var term: [UInt8] = []
        while let first = queue.first {
            term.removeAll(keepingCapacity: true)
            term.append(contentsOf: inputs[first].dictionary.term)
            term.withUnsafeBufferPointer { encoder.begin($0) }
            while let number = queue.first, inputs[number].dictionary.term == term {
                let input = inputs[number]
                let runs = input.deleted.runs
                var run = 0
                var removed = 0
                try input.dictionary.forEachPosting(contexts[number], memory: memory.cursor(0)) { document, code in
                    while run < runs.count, runs[run].upperBound <= document {
                        removed += runs[run].count
                        run += 1
                    }
                    if run < runs.count, runs[run].lowerBound <= document { return }
                    try encoder.append(UInt32(input.offset + document - removed) << 8 | UInt32(code))
                }
                try input.dictionary.advance()
                queue.siftFirst()
            }
            try encoder.end()
        }
    }

    private func mergedKeyRuns(_ inputs: [Input]) throws -> [SegmentHeader.KeyRun] {
        var result: [SegmentHeader.KeyRun] = []
        var document = 0
        for input in inputs {
            for run in input.reader.header.keyRuns {
                input.forEachLiveRun(in: run.firstDocument..<run.firstDocument + run.count) { live in
                    let firstKey = run.firstKey + Int64(live.lowerBound - run.firstDocument)
                    if let last = result.last, last.keys.upperBound == firstKey {
                        result[result.count - 1].count += live.count
                    } else {
                        result.append(SegmentHeader.KeyRun(firstDocument: document, count: live.count, firstKey: firstKey))
                    }
                    document += live.count
                }
            }
        }
        return result
    }

    private func mergedSources(_ inputs: [Input]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var previous: Int64 = 0
        var pending: (source: Int64, count: Int)?
        func flush() {
            guard let run = pending else { return }
            bytes.appendVarint(run.count)
            bytes.appendSigned(run.source &- previous)
            previous = run.source
        }
        for input in inputs {
            var document = 0
            try input.reader.forEachSourceRun(store: store) { source, count in
                var live = 0
                input.forEachLiveRun(in: document..<document + count) { live += $0.count }
                document += count
                guard live > 0 else { return }
                if pending?.source == source {
                    pending?.count += live
                } else {
                    flush()
                    pending = (source, live)
                }
            }
        }
        flush()
        return bytes
    }
}

extension SegmentMerge.Input {
    /// The parts of `range`, by default of all documents, that are live.
    fileprivate func forEachLiveRun(in range: Range<Int>? = nil, _ body: (Range<Int>) -> Void) {
        let range = range ?? 0..<reader.documentCount
        var position = range.lowerBound
        for run in deleted.runs(overlapping: range) {
            if position < run.lowerBound { body(position..<run.lowerBound) }
            position = max(position, run.upperBound)
        }
        if position < range.upperBound { body(position..<range.upperBound) }
    }
}
