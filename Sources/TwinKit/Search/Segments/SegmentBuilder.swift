import TwinSupport

/// Collects the terms of a batch of chunks, off the database, and makes a segment of them.
///
/// One thread uses a builder at a time; any number of builders work side by side. Documents are numbered in the order in
/// which they are added, and the chunks of one source are added one after the other.
package final class SegmentBuilder {
    /// Document numbers have 24 bits.
    package static let maximumDocuments = 1 << 24

    private let analyzer: Analyzer
    private var documents: DocumentAccumulator

    package init(analyzer: Analyzer) {
        self.analyzer = analyzer
        documents = DocumentAccumulator(language: analyzer.language)
    }

    package var documentCount: Int { documents.count }
    /// The memory that the builder takes, about, in bytes.
    package var byteCount: Int { documents.byteCount }

    /// Adds a chunk. `source` is the caller's own number for its source. Throws `TwinError` when the segment is full.
    package func add(source: Int, title: String, headings: [String], body: UnsafeBufferPointer<UInt8>) throws {
        guard documents.count < Self.maximumDocuments else {
            throw TwinError(.limitReached, "an index segment holds 16,777,216 chunks at the most")
        }
        documents.add(source: source, title: title, headings: headings, body: body)
    }

    /// As `add` with the body's bytes. Throws `TwinError` (`limitReached`) when the segment is full.
    package func add(source: Int, title: String, headings: [String], body: String) throws {
        var body = body
        try body.withUTF8 { try add(source: source, title: title, headings: headings, body: $0) }
    }

    /// The segment of what was added. The builder is empty afterwards.
    package func finish() throws -> SegmentData {
        let finished = documents
        documents = DocumentAccumulator(language: analyzer.language)
        return try finished.finish()
    }
}
