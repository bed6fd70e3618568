import TwinSupport

/// The kinds of content a segment has, each a sequence of pages.
enum PageStream: Int, CaseIterable, Sendable {
    /// The sorted terms.
    case dictionary
    /// Blocks of postings of the terms that are not rare.
    case postings
    /// The documents' lengths, two bytes each.
    case lengths
    /// The first term of each dictionary page.
    case dictionaryIndex
    /// Which documents belong to which source.
    case sources
}

/// Takes the pages of a segment as they are finished, those of each stream in order.
protocol PageSink {
    mutating func append(_ page: UnsafeRawBufferPointer, to stream: PageStream) throws
}

enum PageSize {
    /// The bytes of a page: a row of this size and its key just fill a page of 4,096 bytes of the database.
    static let bytes = 4_032
    /// Readable bytes that a buffer for a page has beyond it, for reads of whole words.
    static let slack = 64
}

/// Pages kept in memory, until they are written.
struct PageBuffer: PageSink, Sendable {
    private(set) var bytes: [UInt8] = []
    /// Stream and end offset of each page.
    private(set) var pages: [(stream: PageStream, end: Int)] = []

    mutating func append(_ page: UnsafeRawBufferPointer, to stream: PageStream) {
        bytes.append(contentsOf: page)
        pages.append((stream, bytes.count))
    }
}
