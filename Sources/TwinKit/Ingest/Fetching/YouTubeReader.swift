import TwinHTTP
import TwinReaders
import TwinSupport

/// Reads what is said in a YouTube video from its captions. Where `yt-dlp` is installed it is asked, since it keeps up
/// with the site; without it the list of captions in the video's page is used. No key is needed.
struct YouTubeReader {
    let fetcher: WebFetcher
    private var configuration: FetchConfiguration { fetcher.configuration }

    /// What is known of a video beside its captions.
    struct Video: Equatable {
        var id: String
        var title: String?
        var author: String?
        /// A plain date or a date with a time, RFC 3339.
        var publishedAt: String?
        var seconds: Int?
    }

    /// A list of captions that a video has.
    struct Track: Equatable {
        var address: String
        /// A BCP 47 tag.
        var language: String
        /// Whether they were made by speech recognition.
        var isAutomatic: Bool
    }

    /// Throws `TwinError`: the video is not there or has no captions, or a limit was reached.
    func read(video id: String, isCancelled: @escaping @Sendable () -> Bool) throws -> ExtractedSource {
        if let tool = configuration.captionTool, let path = tool.contains("/") ? tool : Subprocess.find(tool) {
            return try CaptionTool(path: path, configuration: configuration).read(video: id, isCancelled: isCancelled)
        }
        let address = try WebAddress("\(configuration.youTubeURL)/watch?v=\(id)&hl=en")
        guard case .document(let page) = try fetcher.fetch(address, isCancelled: isCancelled) else { throw Self.noPage }
        guard let player = Self.player(in: page.bytes) else { throw Self.noPage }
        try Self.checkPlayable(player)
        let video = Self.video(id, player)
        guard let track = Self.choose(Self.tracks(player), languages: configuration.captionLanguages) else {
            throw Self.noCaptions(video)
        }
        let captions = try fetchCaptions(track, isCancelled)
        return try Self.source(video, track: track, captions: captions, reading: fetcher.configuration.reading)
    }

    /// The captions in the JSON form, which keeps all times. The address that the page gives is relative or absolute.
    private func fetchCaptions(_ track: Track, _ isCancelled: @escaping () -> Bool) throws -> [UInt8] {
        let whole = track.address.hasPrefix("/") ? configuration.youTubeURL + track.address : track.address
        let separator = whole.contains("?") ? "&" : "?"
        do {
            guard
                case .document(let captions) = try fetcher.fetch(
                    WebAddress(whole + separator + "fmt=json3"), isCancelled: isCancelled)
            else { throw Self.withheld }
            return captions.bytes
        } catch let error as TwinError where error.kind == .upstream || error.kind == .notPermitted {
            // The site gives an empty document to programs that it does not take for a browser.
            throw Self.withheld
        }
    }

    private static let noPage = TwinError(
        .upstream,
        "YouTube gave a page without a video in it, probably a request for consent; install yt-dlp with: "
            + "pipx install yt-dlp")
    private static let withheld = TwinError(
        .upstream, "YouTube withholds the captions from a plain request; install yt-dlp with: pipx install yt-dlp")

    static func noCaptions(_ video: Video) -> TwinError {
        TwinError(
            .notFound,
            "the video \(video.title ?? video.id) has no captions; ingest a transcript of it as a file")
    }

    /// What the page tells its player, a JSON object in a script.
    static func player(in page: [UInt8]) -> JSON? {
        page.withView { view in
            var search = 0
            while let name = view.firstIgnoringCase("ytinitialplayerresponse", from: search) {
                search = name + 23
                guard let brace = view.first(UInt8(ascii: "{"), from: search), brace - search <= 8,
                    let end = objectEnd(view, from: brace)
                else { continue }
                if let json = try? JSONParser.parse(view.slice(brace, end).contents), json["playabilityStatus"] != nil {
                    return json
                }
            }
            return nil
        }
    }

    /// The place after the brace that closes the object which begins at `start`.
    private static func objectEnd(_ view: ByteView, from start: Int) -> Int? {
        var depth = 0
        var isString = false
        var index = start
        while index < view.count {
            let byte = view[index]
            if isString {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isString = false }
            } else if byte == UInt8(ascii: "\"") {
                isString = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
            index += 1
        }
        return nil
    }

    private static func checkPlayable(_ player: JSON) throws {
        let status = player["playabilityStatus"]?["status"]?.stringValue
        guard status != "OK" else { return }
        let reason = player["playabilityStatus"]?["reason"]?.stringValue.map { ": " + $0.shortened(to: 120) } ?? ""
        switch status {
        case "LOGIN_REQUIRED", "AGE_VERIFICATION_REQUIRED", "CONTENT_CHECK_REQUIRED":
            throw TwinError(.notPermitted, "the video can only be watched by someone who is signed in\(reason)")
        case "LIVE_STREAM_OFFLINE": throw TwinError(.notFound, "the video has not begun yet\(reason)")
        default: throw TwinError(.notFound, "the video is not available\(reason)")
        }
    }

    static func video(_ id: String, _ player: JSON) -> Video {
        let details = player["videoDetails"]
        let page = player["microformat"]?["playerMicroformatRenderer"]
        return Video(
            id: id, title: details?["title"]?.stringValue?.trimmed.nonBlank,
            author: details?["author"]?.stringValue?.trimmed.nonBlank,
            publishedAt: page?["publishDate"]?.stringValue.flatMap { StatedDate.rfc3339($0) },
            seconds: details?["lengthSeconds"]?.stringValue.flatMap { Int($0) })
    }

    static func tracks(_ player: JSON) -> [Track] {
        let list = player["captions"]?["playerCaptionsTracklistRenderer"]?["captionTracks"]?.arrayValue ?? []
        return list.compactMap { item in
            guard let address = item["baseUrl"]?.stringValue, let language = item["languageCode"]?.stringValue else {
                return nil
            }
            return Track(address: address, language: language, isAutomatic: item["kind"]?.stringValue == "asr")
        }
    }

    /// The best track: in a wanted language before any other, written by people before recognised.
    static func choose(_ tracks: [Track], languages: [String]) -> Track? {
        func rank(_ track: Track) -> Int {
            let tag = track.language.lowercased()
            let wanted =
                languages.firstIndex { tag == $0.lowercased() || tag.hasPrefix($0.lowercased() + "-") } ?? languages.count
            return wanted * 2 + (track.isAutomatic ? 1 : 0)
        }
        return tracks.enumerated().min { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }?.element
    }

    /// The one address of a video, however it was reached.
    static func address(of video: String) -> String { "https://www.youtube.com/watch?v=\(video)" }

    static func source(
        _ video: Video, track: Track, captions: [UInt8], reading: any DocumentReading
    ) throws -> ExtractedSource {
        var document: ExtractedDocument
        do { document = try reading.captions(DocumentInput(name: "captions", bytes: captions)) } catch .empty {
            throw noCaptions(video)
        } catch {
            throw error.twinError("the list of captions")
        }
        let address = Self.address(of: video.id)
        document.title = video.title
        document.author = video.author
        document.publishedAt = video.publishedAt
        document.language = track.language
        document.link = address
        document.metadata["video_id"] = .string(video.id)
        if let seconds = video.seconds { document.metadata["duration_seconds"] = .number(seconds) }
        document.metadata["captions"] = .string(track.isAutomatic ? "automatic" : "written")
        if track.isAutomatic { document.notices.append("the captions were made by speech recognition") }
        return ExtractedSource(
            kind: .youtube, name: "YouTube: \(video.title ?? video.id)", address: address, document: document)
    }
}
