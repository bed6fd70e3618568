import TwinReaders
import TwinSupport

/// Reads one source: decides from what is remembered whether it has to be read at all, reads it, and cuts it in chunks.
struct SourceReader {
    let request: IngestRequest
    let isCancelled: @Sendable () -> Bool

    enum Outcome {
        /// Nothing has to be written.
        case settled(IngestItem)
        case prepared(PreparedSource)
    }

    func file(_ path: String, isNamed: Bool, state: SourceState?) throws -> Outcome {
        if let state, let known = known(state, identity: FileContents.identity(at: path), locator: path) {
            return .settled(known)
        }
        var origin = SourceOrigin(kind: .file, locator: path, name: FilePath.name(path))
        do {
            let contents = try FileContents.read(path, maximumBytes: request.maximumFileBytes)
            origin.size = contents.size
            origin.identity = contents.identity
            return try bytes(
                DocumentInput(name: origin.name, bytes: contents.bytes, mediaType: nil, format: request.format, path: path),
                origin, state: state, isNamed: isNamed)
        } catch let error as TwinError {
            return failure(error, hash: nil, origin, state)
        }
    }

    func stream(_ data: [UInt8], name: String, state: SourceState?) throws -> Outcome {
        let origin = SourceOrigin(kind: .stream, locator: name, name: name, size: data.count)
        return try bytes(
            DocumentInput(name: name, bytes: data, mediaType: nil, format: request.format, path: nil), origin, state: state,
            isNamed: true)
    }

    /// A file that was uploaded as `name`.
    func upload(_ path: String, name: String, state: SourceState?) throws -> Outcome {
        var origin = SourceOrigin(kind: .stream, locator: name, name: name)
        do {
            let contents = try FileContents.read(path, maximumBytes: request.maximumFileBytes)
            origin.size = contents.size
            return try bytes(
                DocumentInput(name: name, bytes: contents.bytes, mediaType: nil, format: request.format, path: path), origin,
                state: state, isNamed: true)
        } catch let error as TwinError {
            return failure(error, hash: nil, origin, state)
        }
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

    func remote(_ found: RemoteSource, state: SourceState?) throws -> Outcome {
        var origin = SourceOrigin(
            kind: found.kind, locator: found.locator, name: found.name, citationURL: found.citationURL ?? found.locator,
            etag: found.etag, lastModified: found.lastModified)
        switch found.content {
        case .unchanged: return unchanged(origin, state)
        case .bytes(var input):
            origin.size = input.bytes.count
            input.format = request.format ?? input.format
            return try bytes(input, origin, state: state, isNamed: true)
        case .document(let document, let format):
            origin.size = document.text.utf8.count
            let hash = try SHA256.hash(document.text)
            if isSame(hash, state) { return unchanged(origin, state) }
            return try prepared(document, format: format, contentHash: hash, origin, state)
        }
    }

    /// What is known of a file whose identity is that of the last time.
    private func known(_ state: SourceState, identity: String?, locator: String) -> IngestItem? {
        guard !request.force, let identity, identity == state.fileIdentity, state.readerVersion == DocumentReaders.version
        else { return nil }
        if state.failedHash != nil { return request.retryFailed ? nil : remembered(state, locator) }
        guard state.status == .live else { return nil }
        var item = IngestItem(locator, .unchanged)
        item.sourceID = state.id
        item.bytes = FileContents.size(locator)
        item.chunkCount = state.chunkCount
        return item
    }

    /// A failure of the last time that would come again.
    private func remembered(_ state: SourceState, _ locator: String) -> IngestItem {
        var item = IngestItem.failed(
            locator,
            TwinError(.failed, (state.error ?? "it could not be read") + " (unchanged since; --retry-failed tries again)"))
        item.sourceID = state.id
        return item
    }

    private func bytes(_ input: DocumentInput, _ origin: SourceOrigin, state: SourceState?, isNamed: Bool) throws -> Outcome {
        let hash = try SHA256.hash(input.bytes)
        if isSame(hash, state) { return unchanged(origin, state) }
        if let state, state.failedHash == hash, state.readerVersion == DocumentReaders.version, !request.retryFailed,
            !request.force
        {
            return .settled(remembered(state, origin.locator))
        }
        do {
            var limits = ReaderLimits()
            limits.maximumInputBytes = request.maximumFileBytes
            limits.maximumTextBytes = min(limits.maximumTextBytes, request.maximumFileBytes)
            limits.maximumUnpackedBytes = min(limits.maximumUnpackedBytes, request.maximumFileBytes * 4)
            let document = try DocumentReaders.read(input, limits: limits)
            let format = (input.format ?? DocumentReaders.detect(input) ?? .text).rawValue
            return try prepared(document, format: format, contentHash: hash, origin, state)
        } catch let failure as ReadFailure {
            if case .unsupported = failure, !isNamed, state == nil {
                var item = IngestItem(origin.locator, .skipped)
                item.bytes = origin.size
                item.reason = failure.message
                return .settled(item)
            }
            return self.failure(TwinError(failure), hash: failure.isLasting ? hash : nil, origin, state)
        }
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
        if error.kind == .interrupted { return .settled(.failed(origin.locator, error)) }
        // What is not there at all leaves no source behind, but a source that was there is told of it.
        if state == nil, error.kind == .notFound { return .settled(.failed(origin.locator, error)) }
        return .prepared(
            PreparedSource(
                origin: origin, state: state, content: .failure(error, hash: hash), title: request.title,
                metadata: request.metadata))
    }

    private func prepared(
        _ document: ExtractedDocument, format: String, contentHash: [UInt8], _ origin: SourceOrigin, _ state: SourceState?
    ) throws -> Outcome {
        let chunks = Chunker().chunks(of: document)
        guard !chunks.isEmpty else {
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
    /// Whether the same bytes would fail again. A missing tool may be there the next time.
    var isLasting: Bool {
        switch self {
        case .unsupported, .malformed, .tooLarge: true
        case .missingTool, .toolFailed: false
        }
    }
}

extension TwinError {
    init(_ failure: ReadFailure) {
        switch failure {
        case .unsupported, .malformed: self.init(.invalid, failure.message)
        case .tooLarge: self.init(.limitReached, failure.message)
        case .missingTool: self.init(.notConfigured, failure.message)
        case .toolFailed: self.init(.upstream, failure.message)
        }
    }
}
