import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct YouTubeReaderTests {
    private static let id = "dQw4w9WgXcQ"

    /// A video's page around what it tells its player.
    private func page(status: String = "\"OK\"", tracks: String = "[]", details: String = "") -> String {
        """
        <html><script>var a = "ytInitialPlayerResponse";</script><script>var ytInitialPlayerResponse = {"playabilityStatus":{"status":\(status),
        "reason":"The {reason}."},"videoDetails":{"title":"A \\"quoted\\" } title","author":"Ada Example","lengthSeconds":"212"\(details)},
        "microformat":{"playerMicroformatRenderer":{"publishDate":"2009-10-24T23:57:33-07:00"}},
        "captions":{"playerCaptionsTracklistRenderer":{"captionTracks":\(tracks)}}};var meta = {};</script></html>
        """
    }

    private func server(page: String, captions: String) throws -> ScriptedServer {
        try ScriptedServer { request in
            switch request.path {
            case "/watch": .ok(page, type: "text/html")
            case "/api/timedtext": .ok(captions, type: "application/json")
            default: .status(404)
            }
        }
    }

    private func read(_ server: ScriptedServer, _ change: (inout FetchConfiguration) -> Void = { _ in }) throws
        -> ExtractedSource
    {
        let sources = try FetchFixture.extract(
            "https://youtu.be/\(Self.id)", FetchFixture.configuration(server, change))
        return try #require(sources.first)
    }

    private let captions = """
        {"events":[{"tStartMs":1000,"dDurationMs":2000,"segs":[{"utf8":"Never gonna"}]},{"tStartMs":3000,"dDurationMs":1500,"segs":[{"utf8":"give you up."}]}]}
        """

    @Test func `the captions of a page become timed text`() throws {
        let tracks = """
            [{"baseUrl":"/api/timedtext?v=x\\u0026lang=de","languageCode":"de"},{"baseUrl":"/api/timedtext?v=x\\u0026lang=en-auto","languageCode":"en","kind":"asr"},
            {"baseUrl":"/api/timedtext?v=x\\u0026lang=en","languageCode":"en-GB"}]
            """
        let server = try server(page: page(tracks: tracks), captions: captions)
        let source = try read(server)
        #expect(source.kind == .youtube)
        #expect(source.name == "YouTube: A \"quoted\" } title")
        #expect(source.address == "https://www.youtube.com/watch?v=\(Self.id)")
        #expect(source.document.title == "A \"quoted\" } title")
        #expect(source.document.author == "Ada Example")
        #expect(source.document.publishedAt == "2009-10-25T06:57:33.000Z")
        #expect(source.document.language == "en-GB")
        #expect(source.document.text == "Never gonna give you up.\n")
        #expect(source.document.metadata["video_id"] == .string(Self.id))
        #expect(source.document.metadata["duration_seconds"] == 212)
        #expect(source.document.notices.isEmpty)
        let timed = FetchFixture.timed(source.document)
        #expect(timed.map(\.start) == [1000, 3000])
        #expect(timed.map(\.end) == [3000, 4500])
        #expect(timed.map(\.text) == ["Never gonna", "give you up."])
        #expect(server.requests.map(\.target) == ["/watch?v=\(Self.id)&hl=en", "/api/timedtext?v=x&lang=en&fmt=json3"])
    }

    @Test func `recognised captions are used and noted when there are no others`() throws {
        let tracks = "[{\"baseUrl\":\"/api/timedtext?v=x\",\"languageCode\":\"en\",\"kind\":\"asr\"}]"
        let source = try read(server(page: page(tracks: tracks), captions: captions))
        #expect(source.document.metadata["captions"] == "automatic")
        #expect(source.document.notices == ["the captions were made by speech recognition"])
    }

    @Test func `the best track is in a wanted language, and written before recognised`() {
        func choose(_ tags: [String], _ languages: [String]) -> String? {
            let tracks = tags.map {
                YouTubeReader.Track(address: $0, language: String($0.drop { $0 == "*" }), isAutomatic: $0.hasPrefix("*"))
            }
            return YouTubeReader.choose(tracks, languages: languages)?.address
        }
        #expect(choose(["de", "*en", "en"], ["en"]) == "en")
        #expect(choose(["de", "*en"], ["en"]) == "*en")
        #expect(choose(["de", "fr"], ["en"]) == "de")
        #expect(choose(["*de", "fr"], ["en"]) == "fr")
        #expect(choose(["en", "de"], ["de", "en"]) == "de")
        #expect(choose(["enm", "EN-us"], ["en"]) == "EN-us")
        #expect(choose([], ["en"]) == nil)
    }

    @Test(arguments: [
        ("\"ERROR\"", TwinError.Kind.notFound), ("\"UNPLAYABLE\"", .notFound), ("\"LIVE_STREAM_OFFLINE\"", .notFound),
        ("\"LOGIN_REQUIRED\"", .notPermitted), ("5", .notFound),
    ])
    func `a video that cannot be watched is a clear error with the site's reason`(status: String, kind: TwinError.Kind)
        throws
    {
        let server = try server(page: page(status: status), captions: "")
        let error = #expect(throws: TwinError.self) { try read(server) }
        #expect(error?.kind == kind)
        #expect(error?.message.contains("The {reason}.") == true)
    }

    @Test func `no captions, captions without words and withheld captions are told apart`() throws {
        let none = #expect(throws: TwinError.self) { try read(server(page: page(), captions: "")) }
        #expect(none?.kind == .notFound)
        #expect(none?.message.contains("has no captions") == true)
        let tracks = "[{\"baseUrl\":\"/api/timedtext?v=x\",\"languageCode\":\"en\"}]"
        let silent = #expect(throws: TwinError.self) {
            try read(server(page: page(tracks: tracks), captions: "{\"events\":[]}"))
        }
        #expect(silent?.message.contains("has no captions") == true)
        let withheld = #expect(throws: TwinError.self) { try read(server(page: page(tracks: tracks), captions: "")) }
        #expect(withheld?.kind == .upstream)
        #expect(withheld?.message.contains("yt-dlp") == true)
    }

    @Test(arguments: [
        "<html>consent</html>", "ytInitialPlayerResponse = {", "ytInitialPlayerResponse = {\"a\":1};",
        "ytInitialPlayerResponse",
    ])
    func `a page without a video says what to install`(page: String) throws {
        let error = #expect(throws: TwinError.self) { try read(server(page: page, captions: "")) }
        #expect(error?.kind == .upstream)
        #expect(error?.message.contains("yt-dlp") == true)
    }

    @Test func `caption addresses obey the address policy`() throws {
        let inner = try ScriptedServer(host: "127.0.0.2") { _ in .ok("{}") }
        let tracks = "[{\"baseUrl\":\"http://127.0.0.2:\(inner.port)/x\",\"languageCode\":\"en\"}]"
        let outer = try server(page: page(tracks: tracks), captions: "")
        let loopback = try #require(IPAddress("127.0.0.1"))
        let error = #expect(throws: TwinError.self) {
            try read(outer) { $0.addresses = AddressPolicy(allowsPrivate: false, exceptions: [loopback]) }
        }
        #expect(error?.kind == .notPermitted)
        #expect(inner.connectionCount == 0)
    }

    // MARK: The tool

    /// A stand-in for yt-dlp: a shell script whose last `--output` argument is `$folder/captions.%(ext)s`.
    private func withTool(_ script: String, _ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/yt-dlp"
        let text = """
            #!/bin/sh
            while [ $# -gt 0 ]; do
              case "$1" in --output) folder="${2%/*}"; shift;; esac
              last="$1"; shift
            done
            \(script)
            """
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        chmod(path, 0o700)
        try body(path)
    }

    private func readWithTool(_ script: String) throws -> ExtractedSource {
        let server = try ScriptedServer { _ in .status(500) }
        var result: ExtractedSource?
        try withTool(script) { path in result = try read(server) { $0.captionTool = path } }
        #expect(server.requests.isEmpty)
        return try #require(result)
    }

    @Test func `captions come through the tool where it is installed`() throws {
        let source = try readWithTool(
            """
            case "$last" in http://127.0.0.1:*/watch?v=\(Self.id)) ;; *) echo "ERROR: wrong address $last" >&2; exit 1;; esac
            printf 'WEBVTT\\n\\n00:01.000 --> 00:02.000\\nFrom the tool.\\n' > "$folder/captions.en.vtt"
            printf '{"events":[]}' > "$folder/captions.de.json3"
            printf 'x' > "$folder/other.txt"
            echo '{"title":"Tool video","channel":"Bob","upload_date":"20240229","duration":61.5,"subtitles":{"en":[]}}'
            """)
        #expect(source.name == "YouTube: Tool video")
        #expect(source.document.text == "From the tool.\n")
        #expect(source.document.publishedAt == "2024-02-29")
        #expect(source.document.author == "Bob")
        #expect(source.document.metadata["duration_seconds"] == 61)
        #expect(source.document.metadata["captions"] == "written")
        #expect(FetchFixture.timed(source.document).map(\.start) == [1000])
    }

    @Test(arguments: [
        ("echo 'ERROR: [youtube] x: Video unavailable' >&2; exit 1", TwinError.Kind.notFound),
        ("echo 'ERROR: [youtube] x: Private video. Sign in if you may' >&2; exit 1", .notPermitted),
        ("echo 'WARNING: a' >&2; echo 'ERROR: it broke' >&2; exit 1", .upstream), ("exit 3", .upstream),
        ("echo nonsense", .upstream),
        ("echo '{}'", .notFound),
    ])
    func `what the tool complains of is a clear error`(script: String, kind: TwinError.Kind) throws {
        let error = #expect(throws: TwinError.self) { try readWithTool(script) }
        #expect(error?.kind == kind)
        if script.contains("it broke") { #expect(error?.message == "yt-dlp failed: it broke") }
    }

    @Test func `a tool that is not there is a matter of configuration`() throws {
        let server = try ScriptedServer { _ in .status(500) }
        let error = #expect(throws: TwinError.self) { try read(server) { $0.captionTool = "/nowhere/yt-dlp" } }
        #expect(error?.kind == .notConfigured)
    }
}
