import TwinReaders
import TwinSupport

/// A model that writes down speech, and who reads what it wrote: recordings become documents whose citations know their time.
struct Transcriber: Sendable {
    let model: any TranscriptionModel
    let reading: any DocumentReading

    /// The code of a language (ISO 639-1), which some servers name in English; none for one that is not known here.
    private static func code(_ language: String) -> String? {
        let name = language.lowercased()
        return name.utf8.count == 2 ? name : codes[name]
    }

    private static let codes = [
        "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl",
        "danish": "da", "norwegian": "no", "swedish": "sv", "finnish": "fi", "polish": "pl", "czech": "cs", "hungarian": "hu",
        "romanian": "ro", "greek": "el", "turkish": "tr", "russian": "ru", "ukrainian": "uk", "arabic": "ar", "hebrew": "he",
        "hindi": "hi", "chinese": "zh", "japanese": "ja", "korean": "ko", "vietnamese": "vi", "indonesian": "id",
    ]

    /// What is said in a recording. Throws `TwinError`.
    func document(_ recording: DocumentInput, isCancelled: @escaping () -> Bool) throws -> ExtractedDocument {
        do {
            let result = try model.transcribe(
                recording.bytes, fileName: recording.name, mediaType: recording.mediaType ?? "application/octet-stream",
                language: nil, isCancelled: isCancelled)
            let captions = try CaptionTrack.webVTT(
                result.segments.map { CaptionCue(start: $0.start, end: $0.end, text: $0.text) })
            var document = try reading.captions(DocumentInput(name: "transcript.vtt", bytes: captions))
            if !result.hasTimes { document.marks.removeAll { if case .time = $0.kind { true } else { false } } }
            document.language = document.language ?? result.language.flatMap(Self.code)
            document.notices.append("the transcript was made by the model \(model.name)")
            return document
        } catch let error as ProviderError {
            throw error.twinError
        } catch let error as ReadFailure {
            throw error.twinError("the transcript")
        }
    }
}
