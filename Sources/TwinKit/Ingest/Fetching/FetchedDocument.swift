/// What a server gave with a document so that it can be asked later whether it has changed (RFC 9110 section 8.8).
public struct WebValidators: Sendable, Equatable {
    public var etag: String?
    public var lastModified: String?

    public init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }

    public var isEmpty: Bool { etag == nil && lastModified == nil }
}

/// A document as it came from a server.
public struct FetchedDocument: Sendable {
    public var bytes: [UInt8]
    /// The content type with its parameters, as the server states it; none when it does not.
    public var mediaType: String?
    /// Where it came from, after redirects.
    public var address: WebAddress
    public var validators: WebValidators
    /// A file name, from what the server calls it or from the address: never with a path, never empty.
    public var name: String
}

public enum FetchOutcome: Sendable {
    /// The server says that the document is the one that the validators came with.
    case unchanged
    case document(FetchedDocument)
}
