/// Collects the terms of a batch of chunks, off the database, and makes a segment of them.
///
/// One thread uses a builder at a time; any number of builders work side by side. Documents are numbered in the order in
/// which they are added, and the chunks of one source are added one after the other.
public final class SegmentBuilder {
    /// Document numbers have 24 bits.
    public static let maximumDocuments = 1 << 24
    private static let longestDocument = Int(UInt16.max)

    private struct Term {
        /// The document, numbered from 1, that the counts belong to.
        var document: UInt32 = 0
        var body: UInt16 = 0
        var fields: UInt8 = 0
        /// Documents that have the term.
        var documents: UInt32 = 0
    }

    private enum Field { case body, headings, title }

    private let analyzer: Analyzer
    private var words = TermTable()
    /// The term that each word becomes.
    private var termOfWord: [UInt32] = []
    private var termTable = TermTable()
    private var terms: [Term] = []
    /// The terms of the document that is being added, in the order of their appearance.
    private var documentTerms: [UInt32] = []
    /// Term in the upper half, packed posting in the lower.
    private var postings: [UInt64] = []
    private var lengths: [UInt16] = []
    private var sources: [SegmentData.SourceRun] = []

    public init(analyzer: Analyzer) { self.analyzer = analyzer }

    public var documentCount: Int { lengths.count }
    /// The memory that the builder takes, about, in bytes.
    public var byteCount: Int {
        postings.count * 12 + lengths.count * 2 + words.byteCount + termTable.byteCount + terms.count * 20
    }

    /// Adds a chunk. `source` is the caller's own number for its source. Throws `TwinError` when the segment is full.
    public func add(source: Int, title: String, headings: [String], body: UnsafeBufferPointer<UInt8>) throws {
        guard lengths.count < Self.maximumDocuments else { throw TwinError(.limitReached, "an index segment holds 16,777,216 chunks at the most") }
        documentTerms.removeAll(keepingCapacity: true)
        let document = UInt32(lengths.count) + 1
        let length = add(body, field: .body, document: document)
        for heading in headings { add(heading, field: .headings, document: document) }
        add(title, field: .title, document: document)
        for term in documentTerms {
            let index = Int(term)
            let frequency = TermFrequency(
                body: Int(terms[index].body), inHeadings: terms[index].fields & TermFrequency.inHeadings != 0,
                inTitle: terms[index].fields & TermFrequency.inTitle != 0)
            terms[index].documents &+= 1
            postings.append(UInt64(term) << 32 | UInt64(document - 1) << 8 | UInt64(frequency.code))
        }
        lengths.append(UInt16(min(length, Self.longestDocument)))
        if let last = sources.last, last.ordinal == source {
            sources[sources.count - 1].count += 1
        } else {
            sources.append(SegmentData.SourceRun(ordinal: source, count: 1))
        }
    }

    public func add(source: Int, title: String, headings: [String], body: String) throws {
        var body = body
        try body.withUTF8 { try add(source: source, title: title, headings: headings, body: $0) }
    }

    private func add(_ text: String, field: Field, document: UInt32) {
        var text = text
        text.withUTF8 { _ = add($0, field: field, document: document) }
    }

    /// Counts the terms of a field, and returns its length in words.
    private func add(_ bytes: UnsafeBufferPointer<UInt8>, field: Field, document: UInt32) -> Int {
        var tokenizer = Tokenizer(bytes, language: analyzer.language)
        var length = 0
        while tokenizer.next() {
            length = tokenizer.position &+ 1
            let (word, isNew) = words.insert(UnsafePointer(tokenizer.term), count: tokenizer.termCount)
            if isNew { addTerm(tokenizer.term, count: tokenizer.termCount, isPlain: tokenizer.isPlain) }
            let number = termOfWord[word]
            let index = Int(number)
            if terms[index].document != document {
                terms[index].document = document
                terms[index].body = 0
                terms[index].fields = 0
                documentTerms.append(number)
            }
            switch field {
            case .body: if terms[index].body < .max { terms[index].body &+= 1 }
            case .headings: terms[index].fields |= TermFrequency.inHeadings
            case .title: terms[index].fields |= TermFrequency.inTitle
            }
        }
        return length
    }

    private func addTerm(_ term: UnsafeMutablePointer<UInt8>, count: Int, isPlain: Bool) {
        var length = count
        if isPlain, analyzer.language == .english {
            length = Porter2.stem(UnsafeMutableBufferPointer(start: term, count: count))
        }
        let (number, isNew) = termTable.insert(UnsafePointer(term), count: length)
        if isNew { terms.append(Term()) }
        termOfWord.append(UInt32(number))
    }

    /// The segment of what was added. The builder is empty afterwards and keeps its vocabulary for the next batch when
    /// that is small enough.
    public func finish() throws -> SegmentData {
        // Counting sort by term: stable, so that each list stays in the order of the documents.
        var starts: [Int] = [0]
        starts.reserveCapacity(terms.count + 1)
        for term in terms { starts.append(starts[starts.count - 1] + Int(term.documents)) }
        var next = starts
        var lists = [PackedPosting](unsafeUninitializedCapacity: postings.count) { buffer, count in
            for posting in postings {
                let term = Int(posting >> 32)
                buffer[next[term]] = UInt32(truncatingIfNeeded: posting)
                next[term] += 1
            }
            count = postings.count
        }
        let documentCount = lengths.count
        postings.removeAll(keepingCapacity: true)

        let order = termTable.sorted()
        let scratch = UnsafeMutablePointer<UInt32>.allocate(capacity: BitPacking.blockSize)
        defer { scratch.deallocate() }
        let (pages, termCount) = try lengths.withUnsafeBufferPointer { lengths in
            var encoder = SegmentEncoder(sink: PageBuffer(), lengths: lengths, scratch: scratch)
            for term in order where starts[term] < starts[term + 1] {
                termTable.withBytes(of: term) { encoder.begin($0) }
                for index in starts[term]..<starts[term + 1] { try encoder.append(lists[index]) }
                try encoder.end()
            }
            return (try encoder.finish(), encoder.termCount)
        }
        lists.removeAll()
        let data = SegmentData(documentCount: documentCount, termCount: termCount, lengths: lengths, sources: sources, pages: pages)
        reset()
        return data
    }

    private func reset() {
        lengths.removeAll(keepingCapacity: true)
        sources.removeAll(keepingCapacity: true)
        words = TermTable()
        termOfWord.removeAll(keepingCapacity: true)
        termTable = TermTable()
        terms.removeAll(keepingCapacity: true)
    }
}
