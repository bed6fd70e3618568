import TwinSupport

/// A document that is to be read, wherever that is done.
package struct ReadOrder: Sendable, Equatable {
    /// Where the bytes are. A file is opened by whoever reads it.
    package enum Content: Sendable, Equatable {
        case file(path: String)
        case bytes([UInt8])
    }

    /// What is to be made of the bytes.
    package enum Task: String, Sendable {
        /// The text of a document.
        case document
        /// The feed that a fetched document is, if it is a podcast's.
        case podcast
        /// What is said, out of captions in any form that sites give (`CaptionTrack`).
        case captions
        /// Questions with their answers (`AnswerFile`).
        case answers
    }

    package var task = Task.document
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

    /// Whom a fault in reading is blamed on: the file, else the name.
    var subject: String {
        if case .file(let path) = content { path } else { name }
    }

    /// Whether its name or its media type says that it is a recording.
    package var isRecording: Bool {
        let format =
            format ?? DocumentFormat(fileExtension: FormatDetection.fileExtension(name))
            ?? mediaType.flatMap { DocumentFormat(mediaType: $0) }
        return task == .document && format == .audio
    }

    /// Whether a file of this name is a recording, as far as the name says.
    package static func isRecording(_ name: String) -> Bool {
        DocumentFormat(fileExtension: FormatDetection.fileExtension(name)) == .audio
    }

    /// Gives its bytes to `body`, which is not asked for those that are known. What `body` throws is why it could not be read.
    package func read(maximumBytes: Int, _ body: (DocumentInput) throws -> ReadReport.Outcome) -> ReadReport {
        var order = self
        order.limits.maximumInputBytes = min(limits.maximumInputBytes, maximumBytes)
        return order.report(body)
    }

    /// Reads it here and now.
    func perform() -> ReadReport {
        report { input in
            do throws(ReadFailure) {
                #if DEBUG
                    try ReaderFault(input)?.happen(in: input)
                #endif
                return try outcome(of: input)
            } catch {
                return .failure(error)
            }
        }
    }

    private func report(_ body: (DocumentInput) throws -> ReadReport.Outcome) -> ReadReport {
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
            report.outcome = try body(input)
        } catch let error as TwinError {
            report.outcome = .unreachable(error)
        } catch {
            report.outcome = .unreachable(TwinError(.failed, "\(error)"))
        }
        return report
    }

    private func outcome(of input: DocumentInput) throws(ReadFailure) -> ReadReport.Outcome {
        switch task {
        case .document:
            let (document, format) = try DocumentReaders.readAndDetect(input, limits: limits)
            return .document(document, format)
        case .podcast:
            guard DocumentReaders.detect(input) == .feed || format == .feed,
                let feed = try? PodcastFeed(input.bytes, limits: limits), feed.isPodcast
            else { return .known }
            return .structure(feed.json)
        case .captions: return .document(try CaptionTrack.read(input.bytes, limits: limits), .vtt)
        case .answers: return .structure(try AnswerFile(input.bytes, format: mediaType.flatMap(AnswerFile.Format.init)).json)
        }
    }
}

// MARK: Readers that cannot tell themselves

extension ReadOrder {
    /// The report of a reader that cannot make one. The bytes are hashed here, so that they need not be tried again.
    func failed(_ reason: String) -> ReadReport {
        var report = ReadReport(outcome: .failure(.readerFailed(reason)))
        switch content {
        case .bytes(let bytes):
            report.hash = (try? SHA256.hash(bytes)) ?? []
            report.size = bytes.count
        case .file(let path):
            guard let contents = try? FileContents.read(path, maximumBytes: limits.maximumInputBytes) else { break }
            report.hash = (try? SHA256.hash(contents.bytes)) ?? []
            report.size = contents.size
            report.identity = contents.identity
        }
        return report
    }

    func crashed(_ cause: String) -> String { Self.crashed(cause, limits) }
    var tooSlow: String { Self.tooSlow(seconds: limits.maximumSeconds) }
    var tooLong: String { "its text is longer than \(ReaderLimits.size(limits.maximumTextBytes)); split the document" }

    /// The reason that a source's log gives for a reader that ended while it was at work, as the end of a sentence.
    package static func crashed(_ cause: String, _ limits: ReaderLimits) -> String {
        "its reader failed on it (\(cause)), or needed more than \(ReaderLimits.size(limits.maximumMemoryBytes)) of memory; "
            + "other files are not affected; please report it with the file"
    }

    /// The reason that a source's log gives for a reader that was stopped, as the end of a sentence.
    package static func tooSlow(seconds: Int) -> String {
        "it took longer than \(seconds) seconds to read and was stopped; split it, or raise the limit with "
            + "'twin config set ingest.read_seconds N'"
    }
}

/// What became of an order.
package struct ReadReport: Sendable, Equatable {
    /// How an order ended.
    package enum Outcome: Sendable, Equatable {
        case document(ExtractedDocument, DocumentFormat)
        /// What else than a document was asked for.
        case structure(JSON)
        /// The bytes are among the known ones, or not of the kind that was asked for, and were not read.
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
    /// In bytes; 0 when they could not be had.
    package var size = 0
    /// See `FileContents.identity`.
    package var identity: String?

    package init(outcome: Outcome) { self.outcome = outcome }

    /// About how many bytes it would be as a message.
    var approximateBytes: Int {
        switch outcome {
        case .document(let document, _):
            document.text.utf8.count + document.marks.count * 4 + document.notices.reduce(0) { $0 + $1.utf8.count }
                + (document.metadata.isEmpty ? 0 : JSONWriter.bytes(.object(document.metadata)).count)
        case .structure(let json): JSONWriter.bytes(json).count
        case .failure(let failure): failure.message.utf8.count
        case .unreachable(let error): error.message.utf8.count
        case .known, .cancelled: 0
        }
    }
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
        try document(.document, of: input, limits)
    }

    /// What is said, out of captions in any form that sites give. Throws `ReadFailure`.
    package func captions(_ input: DocumentInput) throws(ReadFailure) -> ExtractedDocument {
        try document(.captions, of: input, ReaderLimits())
    }

    /// The podcast whose feed this is; none when it is anything else. Throws `ReadFailure` when reading it failed altogether.
    package func podcast(_ input: DocumentInput) throws(ReadFailure) -> PodcastFeed? {
        guard case .structure(let json) = try outcome(.podcast, of: input, ReaderLimits()) else { return nil }
        return PodcastFeed(json)
    }

    /// Questions with their answers. Throws `ReadFailure` for what is no such file.
    package func answers(_ bytes: [UInt8], format: AnswerFile.Format?) throws(ReadFailure) -> AnswerFile {
        let input = DocumentInput(name: "answers", bytes: bytes, mediaType: format?.rawValue)
        guard case .structure(let json) = try outcome(.answers, of: input, ReaderLimits()) else { return AnswerFile(.null) }
        return AnswerFile(json)
    }

    private func document(
        _ task: ReadOrder.Task, of input: DocumentInput, _ limits: ReaderLimits
    ) throws(ReadFailure) -> ExtractedDocument {
        guard case .document(let document, _) = try outcome(task, of: input, limits) else {
            throw .toolFailed("it was not read")
        }
        return document
    }

    private func outcome(
        _ task: ReadOrder.Task, of input: DocumentInput, _ limits: ReaderLimits
    ) throws(ReadFailure) -> ReadReport.Outcome {
        var order = ReadOrder(
            name: input.name, content: .bytes(input.bytes), mediaType: input.mediaType, format: input.format, limits: limits)
        order.task = task
        let session = makeSession { false }
        session.begin(order)
        switch session.next().outcome {
        case .failure(let failure): throw failure
        case .unreachable(let error): throw .toolFailed(error.message)
        case let outcome: return outcome
        }
    }
}

/// Reads in this process, on the caller's thread: for tests and for whoever embeds the library. What traps a reader ends the process.
package struct InProcessReading: DocumentReading {
    package init() {}

    /// A session that reads on the caller's thread, within `next`.
    package func makeSession(isCancelled: @escaping @Sendable () -> Bool) -> any ReadSession { Session() }

    private final class Session: ReadSession {
        private var order: ReadOrder?
        var hasRoom: Bool { order == nil }
        func begin(_ order: ReadOrder) { self.order = order }
        func next() -> ReadReport { order.take()?.perform() ?? ReadReport(outcome: .cancelled) }
    }
}
