import TwinReaders
import TwinSupport

/// What ingestion asks of the network: the content behind a URL.
package protocol RemoteSources: Sendable {
    /// Fetches what `url` leads to: one source, or several where it is a list of them. `previous` is what the server said
    /// of the copy that is stored. Throws `TwinError`.
    func fetch(
        _ url: String, previous: (etag: String?, lastModified: String?), isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [RemoteSource]

    /// Recordings of up to so many bytes are written down by a model that is configured; none while there is none.
    var recordingBytes: Int? { get }

    /// What is said in a recording, with its times. Throws `TwinError`.
    func transcribe(
        _ recording: DocumentInput, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> ExtractedDocument

    /// What `url` names, as far as the address itself says. Throws `TwinError` for what is not an address.
    func identify(_ url: String) throws -> RemoteIdentity
}

extension RemoteSources {
    /// Nobody writes down what is said, unless the conformer has a model for it.
    package var recordingBytes: Int? { nil }

    /// Throws `notConfigured`.
    package func transcribe(
        _ recording: DocumentInput, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> ExtractedDocument {
        throw TwinError(.notConfigured, "no transcription endpoint is configured")
    }

    /// Where an address says nothing but where it leads.
    package func identify(_ url: String) throws -> RemoteIdentity { RemoteIdentity(kind: .url, locator: url, name: url) }
}

/// What is known of a remote source before it is fetched.
package struct RemoteIdentity: Sendable, Equatable {
    package var kind: Source.Kind
    /// The address that makes it the same source next time. Of a podcast it is the feed's, until the episode is known.
    package var locator: String
    package var name: String

    package init(kind: Source.Kind, locator: String, name: String) {
        self.kind = kind
        self.locator = locator
        self.name = name
    }
}

/// What was found behind a URL.
package struct RemoteSource: Sendable {
    /// What came of fetching it.
    package enum Content: Sendable {
        /// The server says that the stored copy is still right.
        case unchanged
        case bytes(DocumentInput)
        /// Read already, because no single file holds it: captions, an episode with its transcript.
        case document(ExtractedDocument, format: String)
    }

    package var kind: Source.Kind
    /// The address that makes it the same source next time.
    package var locator: String
    package var name: String
    /// Where people find it, when that is not the locator.
    package var citationURL: String?
    /// What the server gave to ask later whether it has changed, with `lastModified`; nil where it gave none.
    package var etag: String?
    package var lastModified: String?
    package var content: Content

    package init(
        kind: Source.Kind, locator: String, name: String, citationURL: String? = nil, etag: String? = nil,
        lastModified: String? = nil,
        content: Content
    ) {
        self.kind = kind
        self.locator = locator
        self.name = name
        self.citationURL = citationURL
        self.etag = etag
        self.lastModified = lastModified
        self.content = content
    }
}
