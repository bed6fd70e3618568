import TwinReaders
import TwinSupport

/// Captions through `yt-dlp`, run with limits, without a shell and without its configuration files. It writes them to a
/// folder that is removed afterwards.
struct CaptionTool {
    let path: String
    let configuration: FetchConfiguration

    /// Seconds for one video; the tool asks the site several times.
    private static let seconds = 120
    /// What the tool may print: a description of the video, most of which is lists of formats.
    private static let outputBytes = 16 << 20
    /// What a file of captions may weigh: ten hours of speech are about 5 MB.
    private static let captionBytes = 32 << 20

    func read(video id: String, isCancelled: @escaping @Sendable () -> Bool) throws -> ExtractedSource {
        let folder = try ScratchFolder()
        var process = Subprocess(
            path, arguments(id, folder: folder.path), seconds: Self.seconds, outputBytes: Self.outputBytes)
        process.isCancelled = isCancelled
        let output: Subprocess.Output
        do { output = try process.run() } catch {
            switch error {
            case .cancelled: throw TwinError(.interrupted, "the request was cancelled")
            case .timedOut(let seconds): throw TwinError(.busy, "yt-dlp did not finish within \(seconds) s; try again later")
            case .outputTooLarge: throw TwinError(.limitReached, "yt-dlp printed more than \(Self.outputBytes >> 20) MiB")
            case .notStarted(let reason):
                throw TwinError(.notConfigured, "yt-dlp cannot be started: \(reason.lowercasedFirst)")
            }
        }
        guard output.status == 0 else { throw Self.failure(output.errors) }
        guard let json = try? JSONParser.parse(output.bytes) else {
            throw TwinError(
                .upstream, "yt-dlp described the video in a way that is not understood; update it with: pipx upgrade yt-dlp")
        }
        let video = Self.video(id, json)
        let files = Self.captionFiles(in: folder)
        let tracks = files.map { file in
            // What is not among the written captions was recognised.
            YouTubeReader.Track(
                address: file.path, language: file.language, isAutomatic: json["subtitles"]?[file.language] == nil)
        }
        guard let track = YouTubeReader.choose(tracks, languages: configuration.captionLanguages) else {
            throw YouTubeReader.noCaptions(video)
        }
        let captions = try FileContents.read(track.address, maximumBytes: Self.captionBytes).bytes
        return try YouTubeReader.source(video, track: track, captions: captions, reading: configuration.reading)
    }

    private func arguments(_ id: String, folder: String) -> [String] {
        // Each language with its regional variants, but not the hundred machine translations of every video.
        let languages = configuration.captionLanguages.flatMap { [$0, "\($0)-.*"] } + ["-live_chat"]
        return [
            "--ignore-config", "--no-playlist", "--skip-download", "--no-progress", "--no-warnings", "--no-cache-dir",
            "--write-subs", "--write-auto-subs", "--sub-langs", languages.joined(separator: ","), "--sub-format",
            "json3/vtt/srv3/srv1",
            "--dump-json", "--no-simulate", "--output", "\(folder)/captions.%(ext)s", "--",
            "\(configuration.youTubeURL)/watch?v=\(id)",
        ]
    }

    /// What the tool's complaint means.
    private static func failure(_ errors: String) -> TwinError {
        let line = errors.split(separator: "\n").last { $0.hasPrefix("ERROR:") }.map { String($0.dropFirst(6)).trimmed }
        let words = (line ?? "it gave no reason").shortened(to: 200)
        let lower = words.lowercased()
        if lower.contains("sign in") || lower.contains("private video") || lower.contains("members-only")
            || lower.contains("log in")
        {
            return TwinError(.notPermitted, "the video can only be watched by someone who is signed in (yt-dlp: \(words))")
        }
        if lower.contains("unavailable") || lower.contains("not available") || lower.contains("removed")
            || lower.contains("does not exist")
        {
            return TwinError(.notFound, "the video is not available (yt-dlp: \(words))")
        }
        return TwinError(.upstream, "yt-dlp failed: \(words)")
    }

    private static func video(_ id: String, _ json: JSON) -> YouTubeReader.Video {
        var date: String?
        if let digits = json["upload_date"]?.stringValue, digits.utf8.count == 8, digits.utf8.allSatisfy(\.isDigit) {
            date = StatedDate.rfc3339("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
        }
        return YouTubeReader.Video(
            id: id, title: json["title"]?.stringValue?.trimmed.nonBlank,
            author: (json["channel"] ?? json["uploader"])?.stringValue?.trimmed.nonBlank, publishedAt: date,
            seconds: json["duration"]?.doubleValue.flatMap { (0...1e7).contains($0) ? Int($0) : nil })
    }

    /// The files `captions.LANGUAGE.EXTENSION` of the folder, in the order of their names.
    private static func captionFiles(in folder: ScratchFolder) -> [(path: String, language: String)] {
        folder.fileNames.sorted().compactMap { name in
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[0] == "captions", ["json3", "vtt", "srv3", "srv1", "srt"].contains(parts[2]) else {
                return nil
            }
            return ("\(folder.path)/\(name)", String(parts[1]))
        }
    }
}
