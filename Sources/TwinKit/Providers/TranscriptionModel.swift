import TwinHTTP
import TwinSupport

/// A recording as text.
package struct Transcription: Sendable, Equatable {
    /// A stretch of the recording with what is said in it.
    package struct Segment: Sendable, Equatable {
        /// From the start of the recording, in milliseconds.
        package var start: Int
        /// In milliseconds, at or after `start`.
        package var end: Int
        /// Without white space around it.
        package var text: String
    }
    /// In the order of the recording; never empty.
    package var segments: [Segment]
    /// Whether the segments' times are real. Some servers give text only; then there is one segment from 0 to 0.
    package var hasTimes: Bool
    /// As the server names it; nil where it does not.
    package var language: String?
}

/// A model that writes down speech.
package protocol TranscriptionModel: Sendable {
    var name: String { get }

    /// Throws `ProviderError`. `language` is a hint, an ISO 639-1 code.
    func transcribe(
        _ audio: [UInt8], fileName: String, mediaType: String, language: String?, isCancelled: @escaping () -> Bool
    ) throws -> Transcription
}

/// A transcription model behind `POST /audio/transcriptions` of OpenAI's interface.
package struct TranscriptionsEndpoint: TranscriptionModel {
    private let endpoint: ProviderEndpoint

    package var name: String { endpoint.configuration.model }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// `POST /audio/transcriptions` with the recording as a form. Throws `ProviderError`, also for a recording without a word.
    package func transcribe(
        _ audio: [UInt8], fileName: String, mediaType: String, language: String? = nil,
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> Transcription {
        var form = MultipartForm()
        form.append("model", endpoint.configuration.model)
        form.append("response_format", "verbose_json")
        if let language { form.append("language", language) }
        form.append("file", fileName: fileName, mediaType: mediaType, audio)
        let call = ProviderEndpoint.Call(path: "/audio/transcriptions", contentType: form.contentType, body: form.body())
        let answer = try endpoint.post(call, isCancelled: isCancelled)
        let language = answer["language"]?.stringValue
        if let items = answer["segments"]?.arrayValue, !items.isEmpty {
            let segments = try items.compactMap(segment)
            guard !segments.isEmpty else { throw Self.nothing }
            return Transcription(segments: segments.sorted { $0.start < $1.start }, hasTimes: true, language: language)
        }
        guard let text = answer["text"]?.stringValue else {
            throw ProviderError(.malformedResponse, "the transcription server's answer has no text")
        }
        let trimmed = Self.trimmed(text)
        guard !trimmed.isEmpty else { throw Self.nothing }
        return Transcription(
            segments: [Transcription.Segment(start: 0, end: 0, text: trimmed)], hasTimes: false, language: language)
    }

    private static let nothing = ProviderError(.emptyOutput, "the recording contains no speech that could be written down")

    /// A segment, or none for one without words. Times that are not times make the answer worthless for citations.
    private func segment(_ json: JSON) throws -> Transcription.Segment? {
        guard let text = json["text"]?.stringValue, let start = json["start"]?.doubleValue,
            let end = json["end"]?.doubleValue,
            (0...Self.longest).contains(start), (0...Self.longest).contains(end)
        else {
            throw ProviderError(.malformedResponse, "the transcription server's answer has a segment without text or times")
        }
        let trimmed = Self.trimmed(text)
        guard !trimmed.isEmpty else { return nil }
        let first = Int((start * 1000).rounded())
        return Transcription.Segment(start: first, end: max(first, Int((end * 1000).rounded())), text: trimmed)
    }

    /// A thousand hours, in seconds: longer than any recording.
    private static let longest = 3_600_000.0

    private static func trimmed(_ text: String) -> String {
        let bytes = Array(text.utf8)[...].trimmingSpaces()
        return String(decoding: bytes, as: UTF8.self)
    }
}
