enum WordReader { static func read(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum SlidesReader { static func read(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum WorkbookReader { static func read(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum BookReader { static func read(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum PDFReader { static func read(_ b: DocumentInput, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum MailReader {
    static func read(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") }
    static func readMailbox(_ b: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") }
}
enum FeedReader { static func read(_ b: [UInt8], charset: String?, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument { throw .unsupported("later") } }
enum Gzip {
    static func isGzip(_ b: [UInt8]) -> Bool { b.starts(with: [0x1F, 0x8B]) }
    static func decompress(_ b: [UInt8], maximumBytes: Int, maximumRatio: Int = 1000, allowsTruncation: Bool = false) throws(ReadFailure) -> [UInt8] { throw .unsupported("later") }
}
enum ZipArchive { static func officeFormat(_ b: ByteView) -> DocumentFormat? { nil } }
