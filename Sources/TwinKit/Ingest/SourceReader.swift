import TwinReaders
import TwinSupport

/// Reads one source: decides from what is remembered whether it has to be read at all, reads it, and cuts it in chunks.
struct SourceReader {
    let request: IngestRequest
    let isCancelled: @Sendable () -> Bool
    /// What recognizes files that have moved; none where only one source is looked at.
    var moves: SourceMoves?

    enum Outcome {
        /// Nothing has to be written.
        case finished(IngestItem)
        case prepared(PreparedSource)

        func moved(from source: SourceState?) -> Outcome {
            guard let source, case .prepared(var prepared) = self else { return self }
            prepared.movedFrom = source
            return .prepared(prepared)
        }
    }

    /// What is known of a source whose bytes are being read.
    struct Reading {
        var origin: SourceOrigin
        var state: SourceState?
        /// Whether the request names it itself.
        var isNamed: Bool
    }

    /// What has to be done for a source.
    enum Step {
        case done(Outcome)
        /// The order is to be carried out; its report becomes an outcome.
        case read(ReadOrder, Reading)
    }

    func file(_ path: String, isNamed: Bool, state: SourceState?) -> Step {
        if let state, let known = known(state, identity: FileContents.identity(at: path), locator: path) {
            return .done(.finished(known))
        }
        let origin = SourceOrigin(kind: .file, locator: path, name: FilePath.name(path))
        return read(origin.name, .file(path: path), Reading(origin: origin, state: state, isNamed: isNamed))
    }

    func stream(_ data: [UInt8], name: String, state: SourceState?) -> Step {
        let origin = SourceOrigin(kind: .stream, locator: name, name: name)
        return read(name, .bytes(data), Reading(origin: origin, state: state, isNamed: true))
    }

    /// A file that was uploaded as `name`.
    func upload(_ path: String, name: String, state: SourceState?) -> Step {
        let origin = SourceOrigin(kind: .stream, locator: name, name: name)
        return read(name, .file(path: path), Reading(origin: origin, state: state, isNamed: true))
    }

    /// Asks for what is behind `url`; `state` is of the source that the address itself names, if there is one.
    func fetch(_ url: String, state: SourceState?, from remote: any RemoteSources) throws -> [RemoteSource] {
        let mayBeUnchanged = state?.hasText == true && state?.readerVersion == DocumentReaders.version && !request.force
        return try remote.fetch(
            url, previous: mayBeUnchanged ? (state?.etag, state?.lastModified) : (nil, nil), isCancelled: isCancelled)
    }

    /// What could not be fetched.
    func unreachable(_ identity: RemoteIdentity, _ error: TwinError, state: SourceState?) -> Outcome {
        failure(
            error, hash: nil,
            SourceOrigin(kind: identity.kind, locator: identity.locator, name: identity.name, citationURL: identity.locator),
            state)
    }

    func remote(_ found: RemoteSource, state: SourceState?) throws -> Step {
        var origin = SourceOrigin(
            kind: found.kind, locator: found.locator, name: found.name, citationURL: found.citationURL ?? found.locator,
            etag: found.etag, lastModified: found.lastModified)
        switch found.content {
        case .unchanged: return .done(unchanged(origin, state))
        case .bytes(let input):
            return read(
                input.name, .bytes(input.bytes), mediaType: input.mediaType, format: input.format,
                Reading(origin: origin, state: state, isNamed: true))
        case .document(let document, let format):
            origin.size = document.text.utf8.count
            let hash = try SHA256.hash(document.text)
            if isSame(hash, state) { return .done(unchanged(origin, state)) }
            return .done(try prepared(document, format: format, contentHash: hash, origin, state))
        }
    }

    /// What is known of a file whose identity is that of the last time.
    private func known(_ state: SourceState, identity: String?, locator: String) -> IngestItem? {
        // What the run says of its sources is written to those that have not changed as well.
        guard !request.force, request.metadata.isEmpty, let identity, identity == state.fileIdentity,
            state.readerVersion == DocumentReaders.version
        else { return nil }
        if state.failedHash != nil { return request.retryFailed ? nil : remembered(state, locator) }
        guard state.status == .live else { return nil }
        var item = IngestItem(locator, state.written ?? .unchanged)
        item.sourceID = state.id
        item.bytes = FileContents.size(locator)
        item.chunkCount = state.chunkCount
        return item
    }

    /// A failure of the last time that would come again.
    private func remembered(_ state: SourceState, _ locator: String) -> IngestItem {
        var item = IngestItem.failed(
            locator,
            TwinError(
                .failed,
                (state.error ?? "it could not be read")
                    + (state.written != nil ? "" : " (unchanged since; --retry-failed tries again)")))
        item.sourceID = state.id
        item.isRemembered = state.written == nil
        return item
    }

    private func read(
        _ name: String, _ content: ReadOrder.Content, mediaType: String? = nil, format: DocumentFormat? = nil, _ reading: Reading
    ) -> Step {
        var order = ReadOrder(
            name: name, content: content, mediaType: mediaType, format: request.format ?? format, limits: request.limits)
        order.charset = request.encoding
        if let state = reading.state, state.readerVersion == DocumentReaders.version, !request.force {
            if state.hasText, let hash = state.contentHash { order.knownHashes.append(hash) }
            if !request.retryFailed, let hash = state.failedHash { order.knownHashes.append(hash) }
        }
        return .read(order, reading)
    }

    /// What a report means for the source; none when the reading was cancelled. Throws `TwinError` for what concerns more than
    /// one source.
    func outcome(of report: ReadReport, _ reading: Reading) throws -> Outcome? {
        var origin = reading.origin
        let (state, hash) = (reading.state, report.hash)
        origin.size = report.size
        if origin.kind == .file { origin.identity = report.identity }
        switch report.outcome {
        // Only documents are asked for.
        case .cancelled, .structure: return nil
        case .unreachable(let error):
            if error.kind == .notConfigured { throw error }
            return failure(error, hash: nil, origin, state)
        case .known:
            if isSame(hash, state) { return unchanged(origin, state) }
            guard let state else { return nil }
            return .finished(remembered(state, origin.locator))
        case .document(let document, let format):
            let moved = try movedSource(hash, reading)
            // The name is part of what is found, so a renamed file is indexed again.
            if let moved, moved.name == origin.name, isSame(hash, moved) { return unchanged(origin, moved).moved(from: moved) }
            return try prepared(document, format: format.rawValue, contentHash: hash, origin, moved ?? state).moved(from: moved)
        case .failure(.empty(let what)) where origin.kind == .file && state?.hasText == true:
            return emptied("it is \(what) now, so its earlier text no longer answers", hash, origin, state)
        case .failure(let failure):
            let moved = try movedSource(hash, reading)
            if failure.isOfNoInterest, !reading.isNamed, state == nil, moved == nil {
                var item = IngestItem(origin.locator, .skipped)
                item.bytes = origin.size
                item.reason = failure.message
                return .finished(item)
            }
            return self.failure(TwinError(failure), hash: failure.isLasting && !hash.isEmpty ? hash : nil, origin, moved ?? state)
                .moved(from: moved)
        }
    }

    /// The source that was at another path until now and whose bytes these are.
    private func movedSource(_ hash: [UInt8], _ reading: Reading) throws -> SourceState? {
        let (origin, standing) = (reading.origin, reading.state)
        guard origin.kind == .file, !hash.isEmpty, standing?.contentHash != hash, standing?.failedHash != hash else { return nil }
        return try moves?.claim(hash, at: origin.locator, standing: standing)
    }

    private func isSame(_ hash: [UInt8], _ state: SourceState?) -> Bool {
        guard let state, !request.force else { return false }
        return state.hasText && state.contentHash == hash && state.readerVersion == DocumentReaders.version
    }

    private func unchanged(_ origin: SourceOrigin, _ state: SourceState?) -> Outcome {
        .prepared(PreparedSource(origin: origin, state: state, content: .sameBytes, metadata: request.metadata))
    }

    private func failure(_ error: TwinError, hash: [UInt8]?, _ origin: SourceOrigin, _ state: SourceState?) -> Outcome {
        // An interruption says nothing about the source.
        if error.kind == .interrupted { return .finished(.failed(origin.locator, error)) }
        // What is not there at all leaves no source behind, but a source that was there is told of it.
        if state == nil, error.kind == .notFound { return .finished(.failed(origin.locator, error)) }
        return .prepared(
            PreparedSource(
                origin: origin, state: state, content: .failure(error, hash: hash), title: request.title,
                metadata: request.metadata))
    }

    /// A file that holds nothing any more: it is what stands on the disk. A page or a pipe without text is rather a failure of
    /// whoever sent it, and what was read before stays.
    private func emptied(_ reason: String, _ hash: [UInt8], _ origin: SourceOrigin, _ state: SourceState?) -> Outcome {
        .prepared(
            PreparedSource(
                origin: origin, state: state, content: .emptied(TwinError(.failed, reason), hash: hash),
                metadata: request.metadata))
    }

    private func prepared(
        _ document: ExtractedDocument, format: String, contentHash: [UInt8], _ origin: SourceOrigin, _ state: SourceState?
    ) throws -> Outcome {
        let chunks = Chunker().chunks(of: document)
        guard !chunks.isEmpty else {
            if origin.kind == .file, state?.hasText == true {
                return emptied("it is empty now, so its earlier text no longer answers", contentHash, origin, state)
            }
            return failure(
                TwinError(.failed, "it holds no text; a scanned document needs text recognition first"), hash: contentHash,
                origin,
                state)
        }
        return .prepared(
            PreparedSource(
                origin: origin, state: state,
                content: .document(
                    PreparedDocument(
                        document: document, format: format, chunks: chunks, contentHash: contentHash,
                        textHash: try SHA256.hash(document.text))),
                title: request.title, metadata: request.metadata))
    }
}

extension ReadFailure {
    /// Whether a folder may hold such files without anybody missing them.
    var isOfNoInterest: Bool {
        switch self {
        case .unsupported, .empty: true
        case .malformed, .tooLarge, .missingTool, .toolFailed, .readerFailed: false
        }
    }

    /// Whether the same bytes would fail again. A missing tool may be there the next time.
    var isLasting: Bool {
        switch self {
        case .unsupported, .empty, .malformed, .tooLarge, .readerFailed: true
        case .missingTool, .toolFailed: false
        }
    }
}

extension TwinError {
    init(_ failure: ReadFailure) {
        switch failure {
        case .unsupported, .empty, .malformed: self.init(.invalid, failure.message)
        case .tooLarge: self.init(.limitReached, failure.message)
        case .missingTool: self.init(.notConfigured, failure.message)
        case .toolFailed: self.init(.upstream, failure.message)
        case .readerFailed: self.init(.failed, failure.message)
        }
    }
}
