/// How much a reader takes in and gives out before it stops with a clear error, so that no document can exhaust memory,
/// time or the stack.
package struct ReaderLimits: Sendable, Equatable {
    /// Bytes of the document itself, default 256 MiB.
    package var maximumInputBytes = 256 << 20
    /// Bytes of the extracted text, and of a text document before that, default 64 MiB (about 10,000 pages).
    package var maximumTextBytes = 64 << 20
    /// Bytes that one archive or compressed file may unpack to in all, default 256 MiB.
    package var maximumUnpackedBytes = 256 << 20
    /// How many times its packed size an archive member of more than 1 MiB may unpack to, default 200 (plain prose packs to a third,
    /// the XML of spreadsheets to a fiftieth, a bomb to a thousandth).
    package var maximumRatio = 200
    /// Members of one archive, default 20,000.
    package var maximumEntries = 20_000
    /// Nesting of XML elements, and of message parts times sixteen, default 256.
    package var maximumDepth = 256
    /// Bytes of one row of a table, default 4 MiB.
    package var maximumRowBytes = 4 << 20
    /// Seconds that an external converter may run, default 120.
    package var converterSeconds = 120
    /// Bytes that an external converter may write, default 128 MiB.
    package var converterOutputBytes = 128 << 20

    /// Seconds that one document may take, default 180. A reader in a process of its own is stopped then.
    package var maximumSeconds = 180
    /// Address space of a reader in a process of its own, in bytes, default 2 GiB.
    package var maximumMemoryBytes = 2 << 30
    /// What a reader in a process of its own may send back: text, marks and what else it found.
    var maximumReportBytes: Int { maximumTextBytes * 3 + (16 << 20) }

    package init() {}

    /// A number of bytes as people read it.
    static func size(_ bytes: Int) -> String {
        switch bytes {
        case (1 << 30)... where bytes % (1 << 30) == 0: "\(bytes >> 30) GiB"
        case (1 << 20)...: "\(bytes >> 20) MiB"
        case (1 << 10)...: "\(bytes >> 10) KiB"
        default: "\(bytes) bytes"
        }
    }
}

/// Why a document was not read.
package enum ReadFailure: Error, Sendable, Equatable {
    /// No reader takes this kind of document: it is skipped, and this is what it is.
    case unsupported(String)
    /// It was read and holds no text: what it is, as `an empty file`.
    case empty(String)
    /// The bytes break the rules of their format.
    case malformed(String)
    /// A limit of `ReaderLimits` was reached.
    case tooLarge(String)
    /// An external converter is needed and not installed; `install` is the command that mends that.
    case missingTool(tool: String, install: String)
    /// An external converter failed.
    case toolFailed(String)
    /// The reader itself failed and was stopped: it crashed, hung, or took more memory than it may.
    case readerFailed(String)

    /// One sentence without a final full stop that says what is wrong and, where it can, what to do about it.
    package var message: String {
        switch self {
        case .unsupported(let what), .empty(let what): "not readable: \(what)"
        case .malformed(let reason): "damaged: \(reason)"
        case .tooLarge(let reason): "too large: \(reason)"
        case .missingTool(let tool, let install): "\(tool) is needed and not installed; install it with: \(install)"
        case .toolFailed(let reason), .readerFailed(let reason): reason
        }
    }
}
