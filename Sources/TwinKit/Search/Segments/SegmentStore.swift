import TwinDatabase
import TwinSupport

/// A row of `index_segments`.
struct SegmentRow: Sendable {
    var key: Int64
    var token: Int64
    var revision: Int64
    var firstChunk: Int64
    var documents: Int
    var liveDocuments: Int
    var liveLength: Int
}

/// Reads and writes the rows of segments. A value for the time of one call: it holds statements of its connection.
struct SegmentStore {
    private static let pageBits: Int64 = 28
    private static let streamBits: Int64 = 4

    let connection: Connection
    private let pageStatement: Statement

    init(_ connection: Connection) throws {
        self.connection = connection
        pageStatement = try connection.statement("SELECT data FROM index_pages WHERE key = ?")
    }

    /// The key of a page: the segment's in the upper 32 bits, four bits for the stream, 28 for the number.
    static func pageKey(_ segment: Int64, _ stream: PageStream, _ number: Int) -> Int64 {
        segment << (pageBits + streamBits) | Int64(stream.rawValue) << pageBits | Int64(number)
    }

    /// The twin's segments in the order of their chunk keys.
    func segments(of twin: Int64) throws -> [SegmentRow] {
        let statement = try connection.statement(
            """
            SELECT key, token, revision, first_chunk, documents, live_documents, live_length FROM index_segments
            WHERE twin_key = ? ORDER BY first_chunk
            """)
        statement.reset()
        try statement.bind(1, .int(twin))
        defer { statement.reset() }
        var result: [SegmentRow] = []
        while try statement.step() {
            let row = statement.row
            result.append(
                SegmentRow(
                    key: row.int64(0), token: row.int64(1), revision: row.int64(2), firstChunk: row.int64(3),
                    documents: row.int(4),
                    liveDocuments: row.int(5), liveLength: row.int(6)))
        }
        return result
    }

    func header(of segment: Int64) throws -> SegmentHeader {
        let header = try connection.first("SELECT header FROM index_segments WHERE key = ?", segment) { row in
            try row.withBytes(0) { bytes throws(TwinError) in try SegmentHeader(encoded: bytes) }
        }
        guard let header else { throw TwinError.damagedIndex }
        return header
    }

    func deleted(of segment: SegmentRow) throws -> DocumentRuns {
        let runs = try connection.first("SELECT deleted FROM index_segments WHERE key = ?", segment.key) { row in
            try row.withBytes(0) { bytes throws(TwinError) in try DocumentRuns(encoded: bytes, limit: segment.documents) }
        }
        return runs ?? DocumentRuns()
    }

    /// Calls `body` with the bytes of a page, valid inside it only.
    func withPage<Result>(
        _ segment: Int64, _ stream: PageStream, _ number: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        pageStatement.reset()
        try pageStatement.bind(1, .int(Self.pageKey(segment, stream, number)))
        defer { pageStatement.reset() }
        guard try pageStatement.step() else { throw TwinError.damagedIndex }
        return try pageStatement.row.withBytes(0) { try body($0) }
    }

    /// Calls `body` with each page of a stream.
    func forEachPage(
        _ segment: Int64, _ stream: PageStream, count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        for number in 0..<count { try withPage(segment, stream, number, body) }
    }

    /// The sum of the lengths of some documents, in words. It reads no more pages than it needs.
    func length(of documents: Range<Int>, in segment: Int64) throws -> Int {
        let each = PageSize.bytes / 2
        var sum = 0
        var document = documents.lowerBound
        while document < documents.upperBound {
            let number = document / each
            let end = min((number + 1) * each, documents.upperBound)
            try withPage(segment, .lengths, number) { page in
                guard (end - number * each) * 2 <= page.count else { throw TwinError.damagedIndex }
                for index in document - number * each..<end - number * each {
                    sum += Int(UInt16(littleEndian: page.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)))
                }
            }
            document = end
        }
        return sum
    }

    /// Writes a segment's row, without its pages, and returns its key.
    func insert(_ row: SegmentRow, twin: Int64, deleted: DocumentRuns, header: SegmentHeader) throws -> Int64 {
        try connection.run(
            """
            INSERT INTO index_segments
                (twin_key, token, revision, first_chunk, documents, live_documents, live_length, deleted, header)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, twin, row.token, row.revision, row.firstChunk, row.documents, row.liveDocuments, row.liveLength, deleted.encoded,
            header.encoded)
        return connection.lastInsertedKey
    }

    func update(_ row: SegmentRow, deleted: DocumentRuns) throws {
        try connection.run(
            "UPDATE index_segments SET live_documents = ?, live_length = ?, deleted = ?, revision = ? WHERE key = ?",
            row.liveDocuments, row.liveLength, deleted.encoded, Int64.random(in: .min ... .max), row.key)
    }

    func update(_ key: Int64, header: SegmentHeader) throws {
        try connection.run("UPDATE index_segments SET header = ? WHERE key = ?", header.encoded, key)
    }

    /// Removes a segment; its pages go with it.
    func delete(_ segment: Int64) throws { try connection.run("DELETE FROM index_segments WHERE key = ?", segment) }

    /// Removes the pages of one stream and answers the sum of their checksums.
    func removePages(_ segment: Int64, _ stream: PageStream, count: Int) throws -> UInt64 {
        var checksum: UInt64 = 0
        for number in 0..<count {
            checksum &+= try withPage(segment, stream, number) { SegmentPageWriter.checksum($0, stream, number) }
        }
        try connection.run(
            "DELETE FROM index_pages WHERE key >= ? AND key < ?", Self.pageKey(segment, stream, 0),
            Self.pageKey(segment, stream, count))
        return checksum
    }

    var pageWriter: SegmentPageWriter {
        get throws { SegmentPageWriter(statement: try connection.statement("INSERT INTO index_pages (key, data) VALUES (?, ?)")) }
    }
}

/// Writes pages as rows.
struct SegmentPageWriter: PageSink {
    fileprivate let statement: Statement
    /// The segment that the pages belong to.
    var segment: Int64 = 0
    private(set) var counts: [PageStream: Int] = [:]
    private(set) var checksum: UInt64 = 0

    fileprivate init(statement: Statement) { self.statement = statement }

    mutating func append(_ page: UnsafeRawBufferPointer, to stream: PageStream) throws {
        let number = counts[stream, default: 0]
        counts[stream] = number + 1
        checksum &+= Self.checksum(page, stream, number)
        try statement.bind([SegmentStore.pageKey(segment, stream, number), Array(page)])
        defer { statement.reset() }
        while try statement.step() {}
    }

    /// A number for a page's contents and place. It is there to find damage, not to withstand forgery.
    static func checksum(_ page: UnsafeRawBufferPointer, _ stream: PageStream, _ number: Int) -> UInt64 {
        var state = UInt64(number) << 4 | UInt64(stream.rawValue)
        state = state &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(page.count)
        var offset = 0
        while offset &+ 8 <= page.count {
            state = (state ^ page.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0xD6E8_FEB8_6659_FD93
            state ^= state >> 32
            offset &+= 8
        }
        while offset < page.count {
            state = (state ^ UInt64(page[offset])) &* 0xD6E8_FEB8_6659_FD93
            state ^= state >> 32
            offset &+= 1
        }
        return state
    }
}
