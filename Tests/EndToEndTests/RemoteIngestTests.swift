import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// Videos, episodes and posts through the binary, from a stand-in for their sites.
@Suite struct RemoteIngestTests {
    let scene: Scene
    private static let video = "dQw4w9WgXcQ"

    init() throws { scene = try Scene() }

    /// Private addresses allowed, the sites at `server`, and no tool that would ask the real ones.
    private func environment(_ server: ScriptedServer, allowPrivate: Bool = true) -> [String: String] {
        [
            "TWIN_ALLOW_PRIVATE": allowPrivate ? "1" : "0", "TWIN_YOUTUBE_URL": server.url,
            "TWIN_X_OEMBED_URL": server.url + "/oembed", "TWIN_JOBS_RETRY_SECONDS": "0", "PATH": "/nonexistent",
        ]
    }

    private func item(_ result: Scene.Result) throws -> JSON { try #require(try result.json()["files"]?[0]) }

    // MARK: Recordings

    @Test func `a recording is written down by the endpoint, and cited by its time`() throws {
        let answer =
            #"{"language":"en","text":"x","segments":[{"start":1.0,"end":3.5,"text":" The harbour opens at nine."},{"start":65.0,"end":68.0,"text":" The ferry costs nine crowns."}]}"#
        let server = try ScriptedServer { request in
            if request.bodyText.contains("broken") { return .ok("{\"text\": 5", type: "application/json") }
            return request.path == "/v1/audio/transcriptions" ? .ok(answer, type: "application/json") : .status(404)
        }
        var variables = environment(server)
        try scene.write("docs/memo.mp3", "ID3\u{3} not much")
        try scene.write("docs/a.md", "The lamp is lit at dusk.")
        // In a folder it is left out with a sentence, and the others are read.
        let without = try scene.twin("ingest", "docs", "--json", environment: variables)
        #expect(without.code == 0 && without.output.contains("transcription.url"), "\(without)")
        variables["TWIN_TRANSCRIPTION_URL"] = server.url + "/v1"
        let result = try scene.twin("ingest", "docs", "--json", environment: variables)
        #expect(try result.code == 0 && result.json()["summary"]?["added"] == 1, "\(result)")
        let citation = try scene.twin("chat", "What does the ferry cost?", "--json").json()["citations"]?[0]
        #expect(citation?["quote"] == "The ferry costs nine crowns." && citation?["time_start"]?.doubleValue == 65)
        #expect(try scene.twin("ingest", "docs", "--json", environment: variables).json()["summary"]?["unchanged"] == 2)
        try scene.write("docs/broken.ogg", "OggS broken")
        let broken = try scene.twin("ingest", "docs", "--json", environment: variables)
        #expect(broken.code == 9 && broken.output.contains("broken.ogg"), "\(broken)")
    }

    @Test func `an installed whisper writes recordings down where no endpoint does`() throws {
        let tool =
            "#!/bin/bash\nwhile [ $# -gt 0 ]; do case $1 in --output_dir) out=$2; shift;; --*) shift;; *) in=$1;; esac; shift; done\n"
        try scene.write(
            "bin/whisper",
            tool + "printf 'WEBVTT\\n\\n00:05.000 --> 00:07.000\\nThe ferry costs nine crowns.\\n' > \"$out/${in##*/}.vtt\"\n")
        try scene.write("memo.mp3", "ID3\u{3} not much")
        let result = try scene.shell("chmod +x bin/whisper; PATH=$PWD/bin:$PATH twin ingest memo.mp3 --json")
        #expect(result.code == 0, "\(result)")
        let citation = try scene.twin("chat", "What does the ferry cost?", "--json").json()["citations"]?[0]
        #expect(citation?["time_start"]?.doubleValue == 5)
    }

    // MARK: Podcast

    private func podcast() throws -> ScriptedServer {
        try ScriptedServer { request in
            let host = "http://" + (request.header("Host") ?? "")
            switch request.path {
            case "/show.rss":
                return .ok(
                    """
                    <?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:podcast="p"><channel><title>Hive Talk</title>
                    <item><title>Old</title><guid>1</guid><pubDate>Mon, 01 Jan 2024 10:00:00 +0000</pubDate>
                    <description>Old notes about wax.</description><enclosure url="\(host)/1.mp3" type="audio/mpeg" length="5"/></item>
                    <item><title>Swarms</title><guid>2</guid><pubDate>Tue, 02 Jan 2024 10:00:00 +0000</pubDate>
                    <description>About swarms in spring.</description><enclosure url="\(host)/2.mp3" type="audio/mpeg" length="5"/>
                    <podcast:transcript url="\(host)/2.vtt" type="text/vtt"/></item></channel></rss>
                    """, type: "application/rss+xml")
            case "/2.vtt":
                return .ok(
                    "WEBVTT\n\n00:01.000 --> 00:04.000\nA swarm hangs in the linden tree for three days at most.\n",
                    type: "text/vtt")
            default: return .status(404)
            }
        }
    }

    @Test func `the newest episode of a podcast is read with its transcript and can be asked`() throws {
        let server = try podcast()
        let result = try scene.twin("ingest", server.url + "/show.rss", "--json", environment: environment(server))
        #expect(result.code == 0, "\(result)")
        #expect(try item(result)["status"] == "added")
        let sources = try #require(try scene.twin("sources", "list", "--json").json().arrayValue)
        #expect(sources.compactMap { $0["filename"]?.stringValue } == ["Podcast: Swarms"])
        #expect(sources.first?["kind"] == "podcast")
        #expect(try scene.twin("chat", "Where does a swarm hang?", "--json").output.contains("linden tree"))
        let episode = try #require(sources.first?["id"]?.stringValue)
        #expect(try scene.twin("sources", "reextract", episode, environment: environment(server)).code == 0)
        #expect(try scene.twin("sources", "show", episode, "--json").json()["content_hash"] == sources.first?["content_hash"])
        let again = try scene.twin("ingest", server.url + "/show.rss", "--json", environment: environment(server))
        #expect(try again.json()["summary"]?["unchanged"] == 1)
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 1)
    }

    @Test func `a queued podcast becomes the source that it was promised as`() throws {
        let server = try podcast()
        let job = try #require(
            try scene.twin("ingest", server.url + "/show.rss", "--queue", "--json", environment: environment(server)).json()[0])
        #expect(try scene.twin("jobs", "run", "--until-idle", environment: environment(server)).code == 0)
        let source = try scene.twin("sources", "show", try #require(job["source_id"]?.stringValue), "--json").json()
        #expect(source["filename"] == "Podcast: Swarms")
        #expect(source["status"] == "live")

        // The same feed again leads to the episode that is there: nothing is left of what was reserved for it.
        let second = try #require(
            try scene.twin("ingest", server.url + "/show.rss", "--queue", "--json", environment: environment(server)).json()[0])
        #expect(try scene.twin("jobs", "run", "--until-idle", environment: environment(server)).code == 0)
        #expect(try scene.twin("sources", "list", "--json").json().arrayValue?.count == 1)
        let done = try scene.twin("jobs", "show", try #require(second["id"]?.stringValue), "--json").json()
        #expect(done["status"] == "complete")
        #expect(done["source_id"] == source["id"])
    }

    @Test func `a feed that is not there is refused and leaves no source`() throws {
        let server = try podcast()
        let result = try scene.twin("ingest", server.url + "/other.rss", "--json", environment: environment(server))
        #expect(result.code == 9)
        #expect(try item(result)["reason"]?.stringValue?.contains("404") == true)
        #expect(try scene.twin("sources", "list", "--json").json() == .array([]))
    }

    // MARK: YouTube

    private func youTube(status: String = "OK") throws -> ScriptedServer {
        try ScriptedServer { request in
            switch request.path {
            case "/watch":
                .ok(
                    """
                    <html><script>var ytInitialPlayerResponse = {"playabilityStatus":{"status":"\(status)","reason":"Removed."},
                    "videoDetails":{"title":"Reading a frame","author":"Amara","lengthSeconds":"212"},
                    "captions":{"playerCaptionsTracklistRenderer":{"captionTracks":[{"baseUrl":"/captions?v=1","languageCode":"en"}]}}};
                    </script></html>
                    """, type: "text/html")
            case "/captions":
                .ok(
                    #"{"events":[{"tStartMs":1000,"dDurationMs":2000,"segs":[{"utf8":"Capped brood is brown and slightly domed."}]}]}"#,
                    type: "application/json")
            default: .status(404)
            }
        }
    }

    @Test(arguments: ["https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3"])
    func `the captions of a video are read and can be asked`(address: String) throws {
        let server = try youTube()
        let result = try scene.twin("ingest", address, "--json", environment: environment(server))
        #expect(result.code == 0, "\(result)")
        let source = try #require(try scene.twin("sources", "list", "--json").json()[0])
        #expect(source["filename"] == "YouTube: Reading a frame")
        #expect(source["kind"] == "youtube")
        #expect(source["citation_url"]?.stringValue == "https://www.youtube.com/watch?v=\(Self.video)")
        #expect(try scene.twin("chat", "Which brood is slightly domed?", "--json").output.contains("slightly domed"))
    }

    @Test func `a video that is gone fails, and is one source when it comes back under another address`() throws {
        let gone = try youTube(status: "ERROR")
        let queued = try scene.twin(
            "ingest", "https://youtu.be/\(Self.video)", "--queue", "--json", environment: environment(gone))
        #expect(try scene.twin("jobs", "run", "--until-idle", "-q", environment: environment(gone)).code == 1)
        let id = try #require(try queued.json()[0]?["source_id"]?.stringValue)
        let failed = try scene.twin("sources", "show", id, "--json").json()
        #expect(failed["status"] == "error")
        #expect(failed["error"]?.stringValue?.contains("not available") == true)
        #expect(try scene.twin("sources", "logs", id, "--level", "error", "--json").json().arrayValue?.isEmpty == false)

        let server = try youTube()
        #expect(
            try scene.twin("ingest", "https://www.youtube.com/watch?v=\(Self.video)", environment: environment(server)).code == 0)
        let sources = try #require(try scene.twin("sources", "list", "--json").json().arrayValue)
        #expect(sources.count == 1)
        #expect(sources.first?["id"]?.stringValue == id)
        #expect(sources.first?["status"] == "live")
    }

    // MARK: X

    @Test func `a post is read and can be asked, and one that is gone is not found`() throws {
        let server = try ScriptedServer { request in
            guard request.path == "/oembed", !request.target.contains("status%2F404") else { return .status(404) }
            let html = "<blockquote><p lang=\"en\">The first drone of the year flew on the ninth of April.</p></blockquote>"
            return .json(JSON.object(["html": .string(html), "author_name": "Amara"]).text)
        }
        let result = try scene.twin("ingest", "https://x.com/amara/status/20", "--json", environment: environment(server))
        #expect(result.code == 0, "\(result)")
        let source = try #require(try scene.twin("sources", "list", "--json").json()[0])
        #expect(source["kind"] == "x")
        #expect(source["author"] == "Amara")
        #expect(try scene.twin("chat", "When did the first drone fly?", "--json").output.contains("ninth of April"))
        let missing = try scene.twin("ingest", "https://twitter.com/amara/status/404", "--json", environment: environment(server))
        #expect(missing.code == 9)
        #expect(try item(missing)["reason"]?.stringValue?.contains("not there") == true)
    }

    // MARK: Private addresses

    @Test func `private addresses are refused without leave, now and queued, whatever the kind`() throws {
        let server = try podcast()
        let strict = environment(server, allowPrivate: false)
        for address in [server.url + "/show.rss", "https://youtu.be/\(Self.video)", "https://x.com/amara/status/20"] {
            let result = try scene.twin("ingest", address, "--json", environment: strict)
            #expect(result.code == 9, "\(address): \(result)")
            #expect(try item(result)["reason"]?.stringValue?.contains("may not be fetched") == true)
        }
        #expect(try scene.twin("ingest", server.url + "/page.html", "--queue", "-q", environment: strict).code == 0)
        #expect(try scene.twin("jobs", "run", "--until-idle", "-q", environment: strict).code == 1)
        #expect(
            try scene.twin("jobs", "list", "--json").json()[0]?["error_message"]?.stringValue?.contains("may not be fetched")
                == true)
        #expect(server.requests.isEmpty)
    }
}
