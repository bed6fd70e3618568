import TwinHTTP
import TwinReaders
import TwinSupport

/// Reads episodes of a podcast: their notes, the transcripts that are published with them, and, where a transcription
/// model is configured, what is said in those without a transcript.
struct PodcastReader {
    let fetcher: WebFetcher
    let transcriber: Transcriber?

    /// The newest episodes, as many as the configuration asks for. Throws `TwinError` when the feed is not understood or
    /// none of its episodes can be read; one that cannot be is left out and named in a notice of the first that can.
    func read(_ feed: PodcastFeed, at address: WebAddress, isCancelled: @escaping () -> Bool) throws -> [ExtractedSource] {
        let wanted = feed.episodes.prefix(max(1, fetcher.configuration.maximumEpisodes))
        guard !wanted.isEmpty else {
            throw TwinError(.notFound, "the feed \(feed.title ?? address.description) has no episodes")
        }
        var sources: [ExtractedSource] = []
        var failures: [TwinError] = []
        for episode in wanted {
            do {
                sources.append(try read(episode, of: feed, at: address, isCancelled))
            } catch let error as TwinError where error.kind != .interrupted {
                failures.append(
                    TwinError(error.kind, "episode \(episode.title ?? episode.guid ?? "without a title"): \(error.message)"))
            }
        }
        guard !sources.isEmpty else { throw failures.first ?? TwinError(.notFound, "the feed has no episodes") }
        sources[0].document.notices += failures.map { "left out: \($0.message)" }
        return sources
    }

    private func read(
        _ episode: PodcastFeed.Episode, of feed: PodcastFeed, at address: WebAddress, _ isCancelled: @escaping () -> Bool
    ) throws -> ExtractedSource {
        var notices: [String] = []
        let notes = episode.notes.flatMap { self.document(ofNotes: $0) }
        var transcript = try published(episode, &notices, isCancelled)
        if transcript == nil, let audio = episode.audio, let transcriber {
            transcript = try transcribed(audio, with: transcriber, notes: notes, &notices, isCancelled)
        } else if transcript == nil, episode.audio != nil {
            notices.append(
                "the episode is known by its notes only: it has no published transcript and "
                    + "no transcription endpoint is configured"
            )
        }
        guard notes != nil || transcript != nil else {
            throw TwinError(
                .notConfigured,
                "it has neither notes nor a published transcript; configure a transcription endpoint with: "
                    + "twin config set transcription.url"
            )
        }
        var document = Self.join(notes, transcript)
        document.title = episode.title
        document.author = episode.author ?? feed.author ?? feed.title
        document.publishedAt = episode.publishedAt
        document.language = transcript?.language ?? feed.language
        document.link = episode.link
        document.notices += notices
        if let show = feed.title { document.metadata["podcast"] = .string(show) }
        if let guid = episode.guid { document.metadata["guid"] = .string(guid) }
        let name = episode.title ?? episode.guid ?? "episode"
        return ExtractedSource(
            kind: .podcast, name: "Podcast: \(name)", address: Self.identity(episode, feed: address), document: document)
    }

    /// The same address for the same episode: its own page, else the feed with what identifies the episode in it.
    private static func identity(_ episode: PodcastFeed.Episode, feed: WebAddress) -> String {
        if let link = episode.link, let address = try? WebAddress(link), address.path != "/" || address.query != nil {
            return address.description
        }
        return "\(feed)#\(WebAddress.percentEncoded(episode.guid ?? episode.title ?? episode.publishedAt ?? "episode"))"
    }

    private func document(ofNotes text: String) -> ExtractedDocument? {
        let isHTML = text.contains("<") && text.contains(">")
        return try? fetcher.configuration.reading.read(
            DocumentInput(name: "notes", bytes: Array(text.utf8), mediaType: nil, format: isHTML ? .html : .text))
    }

    /// The best published transcript that can be read.
    private func published(
        _ episode: PodcastFeed.Episode, _ notices: inout [String], _ isCancelled: @escaping () -> Bool
    ) throws -> ExtractedDocument? {
        // Those with times come first, for their citations.
        let order = [
            "text/vtt", "application/x-subrip", "application/srt", "text/srt", "application/json", "text/html", "text/plain",
        ]
        let links = episode.transcripts.enumerated().sorted {
            (order.firstIndex(of: $0.element.type) ?? order.count, $0.offset)
                < (order.firstIndex(of: $1.element.type) ?? order.count, $1.offset)
        }
        for (_, link) in links {
            do {
                guard case .document(let found) = try fetcher.fetch(WebAddress(link.address), isCancelled: isCancelled)
                else { continue }
                switch link.type {
                case "text/html", "text/plain":
                    let format: DocumentFormat = link.type == "text/html" ? .html : .text
                    return try fetcher.configuration.reading.read(
                        DocumentInput(name: found.name, bytes: found.bytes, mediaType: found.mediaType, format: format))
                default:
                    return try fetcher.configuration.reading.captions(DocumentInput(name: found.name, bytes: found.bytes))
                }
            } catch HTTPClientError.cancelled {
                throw HTTPClientError.cancelled
            } catch let error as ReadFailure {
                notices.append("a published transcript was left out: \(error.message)")
            } catch {
                notices.append("a published transcript was left out: \(error)")
            }
        }
        return nil
    }

    /// What is said in the audio. With notes to fall back on, a failure is a notice and no error.
    private func transcribed(
        _ audio: PodcastFeed.Link, with transcriber: Transcriber, notes: ExtractedDocument?, _ notices: inout [String],
        _ isCancelled: @escaping () -> Bool
    ) throws -> ExtractedDocument? {
        do {
            let outcome = try fetcher.fetch(
                WebAddress(audio.address), accept: "audio/*, video/*", maximumBytes: fetcher.configuration.maximumAudioBytes,
                isCancelled: isCancelled)
            guard case .document(let found) = outcome else { return nil }
            let type = audio.type.isEmpty ? "application/octet-stream" : audio.type
            return try transcriber.document(
                DocumentInput(name: found.name, bytes: found.bytes, mediaType: type), isCancelled: isCancelled)
        } catch HTTPClientError.cancelled {
            throw HTTPClientError.cancelled
        } catch {
            let failure =
                (error as? TwinError) ?? (error as? HTTPClientError)?.twinError ?? TwinError(.failed, "\(error)")
            guard notes != nil, failure.kind != .interrupted else { throw failure }
            notices.append("the audio was not transcribed: \(failure.message)")
            return nil
        }
    }

    /// Notes and transcript as one text, each under a heading when there are both.
    private static func join(_ notes: ExtractedDocument?, _ transcript: ExtractedDocument?) -> ExtractedDocument {
        guard let notes else { return transcript ?? ExtractedDocument(text: "") }
        guard let transcript else { return notes }
        var result = ExtractedDocument(text: "")
        for (heading, part) in [("Notes", notes), ("Transcript", transcript)] {
            if !result.text.isEmpty { result.text += result.text.hasSuffix("\n") ? "\n" : "\n\n" }
            result.marks.append(.init(offset: result.text.utf8.count, kind: .heading(level: 1)))
            result.text += heading + "\n\n"
            let shift = result.text.utf8.count
            for mark in part.marks {
                var kind = mark.kind
                // The part's own headings stand below the heading that it has got here.
                if case .heading(let level) = kind { kind = .heading(level: min(6, level + 1)) }
                result.marks.append(.init(offset: mark.offset + shift, kind: kind))
            }
            result.text += part.text
            result.notices += part.notices
        }
        return result
    }
}
