import TwinSupport

/// The postings of the documents added so far, in memory.
struct DocumentAccumulator {
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

    private let language: Language
    /// Words as they stand in the texts, each with the number of the term that it becomes.
    private var words = TermTable()
    private var termTable = TermTable()
    private var terms: [Term] = []
    /// The terms of the document that is being added, in the order of their appearance.
    private var documentTerms: [UInt32] = []
    /// Term in the upper half, packed posting in the lower.
    private var postings: [UInt64] = []
    private var lengths: [UInt16] = []
    private var sources: [SegmentData.SourceRun] = []

    init(language: Language) { self.language = language }

    var count: Int { lengths.count }

    /// The memory taken, about, in bytes.
    var byteCount: Int {
        postings.count * 12 + lengths.count * 2 + words.byteCount + termTable.byteCount + terms.count * 16
    }

    mutating func add(source: Int, title: String, headings: [String], body: UnsafeBufferPointer<UInt8>) {
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

    private mutating func add(_ text: String, field: Field, document: UInt32) {
        var text = text
        text.withUTF8 { _ = add($0, field: field, document: document) }
    }

    /// Counts the terms of a field, and returns its length in words.
    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, field: Field, document: UInt32) -> Int {
        var tokenizer = Tokenizer(bytes, language: language)
        var length = 0
        while tokenizer.next() {
            length = tokenizer.position &+ 1
            let (word, isNew) = words.insert(UnsafePointer(tokenizer.term), count: tokenizer.termCount)
            if isNew { addTerm(tokenizer.term, count: tokenizer.termCount, isPlain: tokenizer.isPlain, word: word) }
            let index = words.value(of: word)
            var term = terms[index]
            if term.document != document {
                term.document = document
                term.body = 0
                term.fields = 0
                documentTerms.append(UInt32(truncatingIfNeeded: index))
            }
            switch field {
            case .body: if term.body < .max { term.body &+= 1 }
            case .headings: term.fields |= TermFrequency.inHeadings
            case .title: term.fields |= TermFrequency.inTitle
            }
            terms[index] = term
        }
        return length
    }

    private mutating func addTerm(_ term: UnsafeMutablePointer<UInt8>, count: Int, isPlain: Bool, word: Int) {
        var length = count
        if isPlain, language == .english {
            length = Porter2.stem(UnsafeMutableBufferPointer(start: term, count: count))
        }
        let (number, isNew) = termTable.insert(UnsafePointer(term), count: length)
        if isNew { terms.append(Term()) }
        words.setValue(number, of: word)
    }

    /// The segment of all documents.
    consuming func finish() throws -> SegmentData {
        // Counting sort by term: stable, so that each list stays in the order of the documents.
        var starts: [Int] = [0]
        starts.reserveCapacity(terms.count + 1)
        for term in terms { starts.append(starts[starts.count - 1] + Int(term.documents)) }
        var next = starts
        let lists = [PackedPosting](unsafeUninitializedCapacity: postings.count) { buffer, count in
            for posting in postings {
                let term = Int(posting >> 32)
                buffer[next[term]] = UInt32(truncatingIfNeeded: posting)
                next[term] += 1
            }
            count = postings.count
        }
        postings = []
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
        return SegmentData(documentCount: lengths.count, termCount: termCount, lengths: lengths, sources: sources, pages: pages)
    }
}
