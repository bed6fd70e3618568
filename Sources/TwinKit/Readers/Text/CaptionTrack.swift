import TwinSupport

/// Words that are said between two moments of a recording, in milliseconds.
package struct CaptionCue: Equatable, Sendable {
    var start: Int
    var end: Int
    var text: String
    var speaker: String?

    package init(start: Int, end: Int, text: String, speaker: String? = nil) {
        self.start = max(0, start)
        self.end = max(self.start, end)
        self.text = text
        self.speaker = speaker
    }
}

/// Captions in the forms in which sites give them.
package enum CaptionTrack {
    /// Reads WebVTT, SubRip, YouTube's JSON (`json3`) and its XML (`srv1` to `srv3`), and the transcripts in JSON of the
    /// podcast name space. Throws `ReadFailure` for anything else, and for captions without words.
    static func read(_ bytes: [UInt8], limits: ReaderLimits = ReaderLimits()) throws(ReadFailure) -> ExtractedDocument {
        let first = bytes.first { !$0.isSpace && ![0xEF, 0xBB, 0xBF].contains($0) }
        let captions =
            switch first {
            case UInt8(ascii: "{"), UInt8(ascii: "["): try webVTT(cuesOfJSON(bytes))
            case UInt8(ascii: "<"): try webVTT(cuesOfXML(bytes, limits))
            default: bytes
            }
        return try DocumentReaders.read(DocumentInput(name: "captions.vtt", bytes: captions, format: .vtt), limits: limits)
    }

    /// The cues as WebVTT, so that there is one place that turns captions into paragraphs. Throws `ReadFailure` for cues without
    /// words.
    package static func webVTT(_ cues: [CaptionCue]) throws(ReadFailure) -> [UInt8] {
        var text = "WEBVTT\n\n"
        for cue in cues {
            let words = escaped(cue.text)
            guard !words.isEmpty else { continue }
            let voice = cue.speaker.map { escaped($0) }.flatMap { $0.isEmpty ? nil : "<v \($0)>" } ?? ""
            text += "\(moment(cue.start)) --> \(moment(cue.end))\n\(voice)\(words)\n\n"
        }
        guard text.utf8.count > 8 else { throw .empty("captions without words") }
        return Array(text.utf8)
    }

    /// On one line and without characters that mean something in WebVTT.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case _ where scalar.properties.isWhitespace || scalar.value < 0x20:
                if !result.isEmpty && result.last != " " { result += " " }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.trimmed
    }

    private static func moment(_ milliseconds: Int) -> String {
        func pad(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let whole = min(milliseconds, longest)
        let seconds = whole / 1000
        return "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)).\(pad(whole % 1000, 3))"
    }

    /// A thousand hours, in milliseconds. Later times are taken for damage.
    static let longest = 3_600_000_000

    private static func cuesOfJSON(_ bytes: [UInt8]) throws(ReadFailure) -> [CaptionCue] {
        let json: JSON
        do { json = try JSONParser.parse(bytes) } catch { throw .malformed("captions in JSON: \(error)") }
        if let events = json["events"]?.arrayValue { return events.compactMap(cueOfEvent) }
        if let segments = json["segments"]?.arrayValue { return segments.compactMap(cueOfSegment) }
        throw .malformed("JSON without captions in it")
    }

    /// An event of YouTube's JSON; those without words set a style or a window.
    private static func cueOfEvent(_ event: JSON) -> CaptionCue? {
        guard let start = event["tStartMs"]?.intValue, (0...longest).contains(start),
            let segments = event["segs"]?.arrayValue
        else {
            return nil
        }
        let duration = event["dDurationMs"]?.intValue.flatMap { (0...longest).contains($0) ? $0 : nil } ?? 0
        return CaptionCue(
            start: start, end: start + duration, text: segments.compactMap { $0["utf8"]?.stringValue }.joined())
    }

    /// A segment of the podcast name space's transcript: times in seconds.
    private static func cueOfSegment(_ segment: JSON) -> CaptionCue? {
        func time(_ name: String) -> Int? {
            segment[name]?.doubleValue.flatMap {
                (0...Double(longest / 1000)).contains($0) ? Int(($0 * 1000).rounded()) : nil
            }
        }
        guard let start = time("startTime"), let text = segment["body"]?.stringValue else { return nil }
        return CaptionCue(start: start, end: time("endTime") ?? start, text: text, speaker: segment["speaker"]?.stringValue)
    }

    /// `<text start="1.5" dur="2">` with seconds, or `<p t="1500" d="2000">` with milliseconds.
    private static func cuesOfXML(_ bytes: [UInt8], _ limits: ReaderLimits) throws(ReadFailure) -> [CaptionCue] {
        try bytes.withView { (view) throws(ReadFailure) in
            var reader = XMLReader(view, limits: limits)
            var cues: [CaptionCue] = []
            while let event = try reader.next() {
                guard event == .start, reader.name == "text" || reader.name == "p" else { continue }
                let isOld = reader.name == "text"
                func time(_ attribute: StaticString) -> Int? {
                    guard let number = reader.attribute(attribute).flatMap({ Double($0) }) else { return nil }
                    let milliseconds = isOld ? number * 1000 : number
                    return (0...Double(longest)).contains(milliseconds) ? Int(milliseconds.rounded()) : nil
                }
                let start = isOld ? time("start") : time("t")
                let duration = (isOld ? time("dur") : time("d")) ?? 0
                // The oldest form escapes its text twice.
                let text = try reader.elementText()
                guard let start else { continue }
                cues.append(
                    CaptionCue(
                        start: start, end: start + duration, text: isOld ? text.withView { HTMLEntities.decoded($0) } : text)
                )
            }
            return cues
        }
    }
}
