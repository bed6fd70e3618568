import TestSupport

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// A fetcher that reaches the local server and looks for no tool.
enum FetchFixture {
    static func configuration(_ server: ScriptedServer, _ change: (inout FetchConfiguration) -> Void = { _ in })
        -> FetchConfiguration
    {
        var configuration = FetchConfiguration()
        configuration.addresses = .any
        configuration.youTubeURL = server.url
        configuration.xEmbedURL = server.url + "/oembed"
        configuration.captionTool = nil
        change(&configuration)
        return configuration
    }

    /// The sources that an address gives; fails the test for any other outcome.
    static func extract(
        _ url: String, _ configuration: FetchConfiguration, transcription: (any TranscriptionModel)? = nil
    ) throws -> [ExtractedSource] {
        switch try SourceFetcher(configuration, transcription: transcription).fetch(url) {
        case .extracted(let sources, _): return sources
        case .document(let document): throw TwinError(.failed, "a plain document: \(document.name)")
        case .unchanged: throw TwinError(.failed, "unchanged")
        }
    }

    /// The text from each mark of time to the next.
    static func timed(_ document: ExtractedDocument) -> [(start: Int, end: Int, text: String)] {
        let bytes = Array(document.text.utf8)
        let marks = document.marks.compactMap { mark -> (offset: Int, start: Int, end: Int)? in
            if case .time(let start, let end) = mark.kind { (mark.offset, start, end) } else { nil }
        }
        return marks.indices.map { index in
            let stop = index + 1 < marks.count ? marks[index + 1].offset : bytes.count
            let text = String(decoding: bytes[marks[index].offset..<stop], as: UTF8.self).trimmed
            return (marks[index].start, marks[index].end, text)
        }
    }
}
