import TwinSupport

/// A document that is to be read, wherever that is done.
package struct ReadOrder: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case file(path: String)
        case bytes([UInt8])
    }

    /// The file's name, or the last component of its URL.
    package var name: String
    package var content: Content
    package var mediaType: String?
    package var format: DocumentFormat?
    /// The character set of its bytes, as a person states it.
    package var charset: String?
    package var limits: ReaderLimits
    /// SHA-256 of bytes that need not be read: those that are stored, and those that failed before.
    package var knownHashes: [[UInt8]] = []

    package init(
        name: String, content: Content, mediaType: String? = nil, format: DocumentFormat? = nil,
        limits: ReaderLimits = ReaderLimits()
    ) {
        self.name = name
        self.content = content
        self.mediaType = mediaType
        self.format = format
        self.limits = limits
    }

    /// The size of what is to be read in bytes; 0 when it cannot be told.
    var size: Int {
        switch content {
        case .file(let path): FileContents.size(path)
        case .bytes(let bytes): bytes.count
        }
    }

    /// Reads it here and now.
    func perform() -> ReadReport {
        var report = ReadReport(outcome: .known)
        do {
            var input = DocumentInput(name: name, bytes: [], mediaType: mediaType, format: format)
            input.charset = charset
            switch content {
            case .bytes(let bytes): input.bytes = bytes
            case .file(let path):
                let contents = try FileContents.read(path, maximumBytes: limits.maximumInputBytes)
                input.bytes = contents.bytes
                input.path = path
                report.identity = contents.identity
            }
            report.size = input.bytes.count
            report.hash = try SHA256.hash(input.bytes)
            if knownHashes.contains(report.hash) { return report }
            do throws(ReadFailure) {
                #if DEBUG
                    try ReaderFault(fileExtension: FormatDetection.fileExtension(name))?.happen(in: input)
                #endif
                let (document, format) = try DocumentReaders.readAndDetect(input, limits: limits)
                report.outcome = .document(document, format)
            } catch {
                report.outcome = .failure(error)
            }
        } catch let error as TwinError {
            report.outcome = .unreachable(error)
        } catch {
            report.outcome = .unreachable(TwinError(.failed, "\(error)"))
        }
        return report
    }
}

/// What became of an order.
package struct ReadReport: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case document(ExtractedDocument, DocumentFormat)
        /// The bytes are among the known ones and were not read.
        case known
        case failure(ReadFailure)
        /// The bytes could not be had.
        case unreachable(TwinError)
        /// Nobody waits for it any longer.
        case cancelled
    }

    package var outcome: Outcome
    /// SHA-256 of the bytes, empty when they could not be had.
    package var hash: [UInt8] = []
    package var size = 0
    /// See `FileContents.identity`.
    package var identity: String?

    package init(outcome: Outcome) { self.outcome = outcome }
}

/// Who reads documents: this process, or children of it.
package protocol DocumentReading: Sendable {
    /// A session for one thread. `isCancelled` is asked while it waits.
    func makeSession(isCancelled: @escaping @Sendable () -> Bool) -> any ReadSession
}

/// Orders are given and come back in the same order; some may be given ahead, so that reading goes on while the caller works.
package protocol ReadSession: AnyObject {
    /// Whether another order may be given before the next report is taken.
    var hasRoom: Bool { get }
    func begin(_ order: ReadOrder)
    /// The report on the first order that has none yet; `cancelled` when there is none.
    func next() -> ReadReport
}

extension DocumentReading {
    /// Reads one document. Throws `ReadFailure` as `DocumentReaders.read` does.
    package func read(_ input: DocumentInput, limits: ReaderLimits = ReaderLimits()) throws(ReadFailure) -> ExtractedDocument {
        let session = makeSession { false }
        session.begin(
            ReadOrder(
                name: input.name, content: .bytes(input.bytes), mediaType: input.mediaType, format: input.format, limits: limits))
        switch session.next().outcome {
        case .document(let document, _): return document
        case .failure(let failure): throw failure
        case .unreachable(let error): throw .toolFailed(error.message)
        case .known, .cancelled: throw .toolFailed("it was not read")
        }
    }
}

/// Reads in this process, on the caller's thread: for tests and for whoever embeds the library. What traps a reader ends the process.
package struct InProcessReading: DocumentReading {
    package init() {}

    package func makeSession(isCancelled: @escaping @Sendable () -> Bool) -> any ReadSession { Session() }

    private final class Session: ReadSession {
        private var order: ReadOrder?
        var hasRoom: Bool { order == nil }
        func begin(_ order: ReadOrder) { self.order = order }
        func next() -> ReadReport { order.take()?.perform() ?? ReadReport(outcome: .cancelled) }
    }
}
