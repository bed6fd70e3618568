import TwinHTTP
import TwinReaders
import TwinSupport

/// The network as ingestion asks it: pages, files, videos, episodes and posts by their addresses.
package struct FetchedSources: RemoteSources {
    private let fetcher: SourceFetcher

    package init(_ fetcher: SourceFetcher) { self.fetcher = fetcher }

    /// What a recording may weigh that the configured model is sent; none without a model.
    package var recordingBytes: Int? { fetcher.transcriber == nil ? nil : fetcher.web.configuration.maximumAudioBytes }

    /// What is said in it, by the configured model. Throws `TwinError`.
    package func transcribe(
        _ recording: DocumentInput, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> ExtractedDocument {
        guard let transcriber = fetcher.transcriber else {
            throw TwinError(.notConfigured, "no transcription endpoint is configured")
        }
        return try transcriber.document(recording, isCancelled: isCancelled)
    }

    /// Tells videos, posts, feeds and pages apart by their addresses alone: nothing is fetched. Throws `TwinError` for what is no
    /// address.
    package func identify(_ url: String) throws -> RemoteIdentity {
        let address: WebAddress
        do { address = try WebAddress(url) } catch { throw error.twinError }
        switch SourceKind.of(address, configuration: fetcher.web.configuration) {
        case .youTube(let video):
            return RemoteIdentity(kind: .youtube, locator: YouTubeReader.address(of: video), name: "YouTube: \(video)")
        case .x(let post):
            return RemoteIdentity(kind: .x, locator: XReader.canonical(address, post: post), name: "X: \(post)")
        case .feed: return RemoteIdentity(kind: .podcast, locator: url, name: url)
        case .web: return RemoteIdentity(kind: .url, locator: url, name: url)
        }
    }

    /// One source for a page, a file, a video or a post, one an episode for a feed. Throws `TwinError`.
    package func fetch(
        _ url: String, previous: (etag: String?, lastModified: String?), isCancelled: @escaping @Sendable () -> Bool
    ) throws -> [RemoteSource] {
        let validators = WebValidators(etag: previous.etag, lastModified: previous.lastModified)
        switch try fetcher.fetch(url, previous: validators.isEmpty ? nil : validators, isCancelled: isCancelled) {
        case .unchanged:
            return [RemoteSource(kind: .url, locator: url, name: url, content: .unchanged)]
        case .document(let found):
            let input = DocumentInput(name: found.name, bytes: found.bytes, mediaType: found.mediaType)
            return [
                RemoteSource(
                    kind: .url, locator: url, name: url, citationURL: found.address.description, etag: found.validators.etag,
                    lastModified: found.validators.lastModified, content: .bytes(input))
            ]
        case .extracted(let sources, _):
            return sources.map { source in
                RemoteSource(
                    kind: source.kind, locator: source.address, name: source.name, citationURL: source.address,
                    content: .document(source.document, format: source.kind.rawValue))
            }
        }
    }
}
