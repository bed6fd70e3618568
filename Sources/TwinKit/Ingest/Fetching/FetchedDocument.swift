import TwinHTTP

/// What a server gave with a document so that it can be asked later whether it has changed (RFC 9110 section 8.8).
package struct WebValidators: Sendable, Equatable {
    /// Either is what the server wrote, to the letter, and is sent back as it is.
    package var etag: String?
    package var lastModified: String?

    package init(etag: String? = nil, lastModified: String? = nil) {
        self.etag = etag
        self.lastModified = lastModified
    }

    /// Whether there is nothing to ask with.
    package var isEmpty: Bool { etag == nil && lastModified == nil }
}

/// A document as it came from a server.
package struct FetchedDocument: Sendable {
    package var bytes: [UInt8]
    /// The content type with its parameters, as the server states it; none when it does not.
    package var mediaType: String?
    /// Where it came from, after redirects.
    package var address: WebAddress
    package var validators: WebValidators
    /// A file name, from what the server calls it or from the address: never with a path, never empty.
    package var name: String
}

/// What came of asking for a document.
package enum FetchOutcome: Sendable {
    /// The server says that the document is the one that the validators came with.
    case unchanged
    case document(FetchedDocument)
}
