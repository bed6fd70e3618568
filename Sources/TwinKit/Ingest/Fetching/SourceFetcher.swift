import TwinHTTP
import TwinReaders

/// What an address gave.
package enum SourceOutcome: Sendable {
    /// The server says that nothing has changed since the validators were given.
    case unchanged
    /// A document as it is, for the readers of its format.
    case document(FetchedDocument)
    /// Sources whose text is already extracted, at least one; the validators are those of the feed they came from.
    case extracted([ExtractedSource], WebValidators)
}

/// The door to everything that can be ingested by its address: pages and files, YouTube videos, podcasts, posts on X.
///
///     let outcome = try SourceFetcher(configuration).fetch("https://example.org/handbook.html")
package struct SourceFetcher: Sendable {
    package let web: WebFetcher
    let transcriber: Transcriber?

    package init(_ configuration: FetchConfiguration = FetchConfiguration(), transcription: (any TranscriptionModel)? = nil) {
        web = WebFetcher(configuration)
        transcriber = transcription.map { Transcriber(model: $0, reading: configuration.reading) }
    }

    /// What stands behind an address, as far as it says so itself. Throws `TwinError` for what is not an address.
    package func kind(of url: String) throws -> SourceKind {
        do { return try SourceKind.of(WebAddress(url), configuration: web.configuration) } catch { throw error.twinError }
    }

    /// Fetches what is at `url`. With the validators of the last time, a document or feed that has not changed is
    /// `unchanged`. `isCancelled` is asked about ten times a second. Throws `TwinError`.
    package func fetch(
        _ url: String, previous: WebValidators? = nil, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> SourceOutcome {
        do {
            let address = try WebAddress(url)
            switch SourceKind.of(address, configuration: web.configuration) {
            case .youTube(let video):
                return .extracted(
                    [try YouTubeReader(fetcher: web).read(video: video, isCancelled: isCancelled)], WebValidators())
            case .x(let post):
                return .extracted(
                    [try XReader(fetcher: web).read(address, post: post, isCancelled: isCancelled)], WebValidators())
            case .feed, .web:
                switch try web.fetch(address, previous: previous, isCancelled: isCancelled) {
                case .unchanged: return .unchanged
                case .document(let document): return try read(document, isCancelled)
                }
            }
        } catch let error as HTTPClientError {
            throw error.twinError
        }
    }

    /// A podcast becomes its episodes; any other feed is a document like others.
    private func read(_ document: FetchedDocument, _ isCancelled: @escaping () -> Bool) throws -> SourceOutcome {
        let input = DocumentInput(
            name: document.name, bytes: document.bytes, mediaType: document.mediaType,
            format: SourceKind.isFeed(mediaType: document.mediaType) ? .feed : nil)
        let feed: PodcastFeed?
        do { feed = try web.configuration.reading.podcast(input) } catch { throw error.twinError("the document") }
        guard let feed else { return .document(document) }
        let reader = PodcastReader(fetcher: web, transcriber: transcriber)
        return .extracted(try reader.read(feed, at: document.address, isCancelled: isCancelled), document.validators)
    }
}
