import TwinSupport

/// Subtitles (SubRip) and captions (WebVTT): the words flow as prose, each cue's time stands as a mark where its words
/// begin. Rolling captions, which repeat the line before, are said once.
struct CaptionReader {
    private let text: ByteView
    private var builder: DocumentBuilder
    private var title: String?
    /// The last lines that were written, to recognise what a rolling caption repeats.
    private var recent: [String] = []
    private var lastEnd = 0
    private var paragraphStart = 0
    private var speaker = ""
    /// The last words that were written, in lower case; pairs of cues so far, and those of which one repeats the other's end.
    private var tail: [String] = []
    private var pairs = 0
    private var overlaps = 0

    /// Milliseconds of silence that begin a new paragraph.
    private static let pause = 4000

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = CaptionReader(text: text, builder: DocumentBuilder(limits: limits, capacity: text.count))
        let cues = reader.cues()
        if cues == 0 { throw .malformed("no cue with a time such as 00:00:01,000 --> 00:00:04,000 was found") }
        return try reader.builder.finish(title: reader.title)
    }

    private init(text: ByteView, builder: DocumentBuilder) {
        self.text = text
        self.builder = builder
    }

    private mutating func cues() -> Int {
        var index = 0
        var count = 0
        while index < text.count, !builder.isFull {
            let end = text.lineEnd(from: index)
            let line = text.slice(index, end).trimmed
            if let times = Self.times(line) {
                index = cue(times, from: end + 1)
                count += 1
                continue
            }
            index = end + 1
            if count == 0, line.hasPrefix("Title: ") { title = line.slice(7, line.count).string }
            // Comments, styles and regions go to their blank line.
            if line.hasPrefix("NOTE") || line.hasPrefix("STYLE") || line.hasPrefix("REGION") {
                while index < text.count {
                    let stop = text.lineEnd(from: index)
                    let isBlank = text.slice(index, stop).trimmed.isEmpty
                    if !isBlank, Self.times(text.slice(index, stop).trimmed) != nil { break }
                    index = stop + 1
                    if isBlank { break }
                }
            }
        }
        return count
    }

    /// Reads a cue's lines to the blank line after them; gives the place after it.
    private mutating func cue(_ times: Range<Int>, from start: Int) -> Int {
        var index = start
        var isMarked = false
        var lines: [String] = []
        while index < text.count {
            let end = text.lineEnd(from: index)
            let line = text.slice(index, end).trimmed
            if line.isEmpty {
                index = end + 1
                break
            }
            // A cue without a blank line after it: its number and time follow at once.
            if Self.times(line) != nil { break }
            let next = text.slice(min(end + 1, text.count), text.lineEnd(from: min(end + 1, text.count))).trimmed
            if line.contents.allSatisfy(\.isDigit), Self.times(next) != nil {
                index = end + 1
                break
            }
            index = end + 1
            let words = Self.plain(line)
            if !words.text.isEmpty {
                write(words, times, &isMarked)
                lines.append(words.text)
            }
        }
        if !lines.isEmpty { recent = lines }
        lastEnd = max(lastEnd, times.upperBound)
        return index
    }

    /// How many of the first words of `text` are the last ones of what was written: three or more, or two where cues of this track
    /// repeat words again and again. A shorter one may well have been said twice.
    private mutating func repeated(_ text: String) -> Int {
        let words = text.split(separator: " ").prefix(40).map { $0.lowercased() }
        defer { tail = Array((tail + words).suffix(40)) }
        guard !tail.isEmpty else { return 0 }
        pairs += 1
        for count in extent(2, min(words.count, tail.count) + 1).reversed()
        where tail.suffix(count).elementsEqual(words.prefix(count)) {
            overlaps += 1
            guard count >= 3 || overlaps * 2 >= pairs else { return 0 }
            tail.removeLast(count)
            return count
        }
        return 0
    }

    private mutating func write(_ given: (text: String, speaker: String?), _ times: Range<Int>, _ isMarked: inout Bool) {
        let isPause = times.lowerBound - lastEnd >= Self.pause
        // What is said again after a pause was said twice.
        if !isPause, recent.contains(given.text) { return }
        var words = given
        if isPause || words.speaker.map({ $0 != speaker }) == true { tail = [] }
        let count = repeated(words.text)
        if count > 0 {
            words.text = words.text.split(separator: " ").dropFirst(count).joined(separator: " ")
            if words.text.isEmpty { return }
        }
        let isNewSpeaker = words.speaker != nil && words.speaker != speaker
        let isLong = builder.offset - paragraphStart > 600 && Self.endsSentence(builder.bytes)
        if builder.isEmpty || isNewSpeaker || isLong || (!isMarked && isPause) {
            builder.endParagraph()
            paragraphStart = builder.offset
        } else {
            builder.append(0x20)
        }
        if !isMarked {
            builder.mark(.time(start: times.lowerBound, end: times.upperBound))
            isMarked = true
        }
        if isNewSpeaker, let name = words.speaker {
            speaker = name
            builder.append(text: name + ": ", onOneLine: true)
        }
        builder.append(text: words.text, onOneLine: true)
    }

    private static func endsSentence(_ bytes: [UInt8]) -> Bool {
        guard let last = bytes.last(where: { !$0.isSpace && $0 != UInt8(ascii: "\"") }) else { return false }
        return last == UInt8(ascii: ".") || last == UInt8(ascii: "!") || last == UInt8(ascii: "?")
    }

    /// `00:01:02,500 --> 00:01:04.000 position:10%` in milliseconds; hours may be missing in WebVTT.
    private static func times(_ line: ByteView) -> Range<Int>? {
        guard line[0].isDigit, let arrow = line.first(UInt8(ascii: ">"), from: 0, to: 40), arrow >= 2,
            line[arrow - 1] == UInt8(ascii: "-"), line[arrow - 2] == UInt8(ascii: "-"),
            let start = moment(line.slice(0, arrow - 2).trimmed),
            let end = moment(line.slice(arrow + 1, min(line.count, arrow + 24)).trimmed)
        else { return nil }
        return extent(start, end)
    }

    private static func moment(_ text: ByteView) -> Int? {
        var parts: [Int] = []
        var value = 0
        var digits = 0
        var index = 0
        while text[index].isDigit || text[index] == UInt8(ascii: ":") {
            if text[index].isDigit {
                digits += 1
                guard digits <= 6 else { return nil }
                value = value * 10 + Int(text[index] - 0x30)
            } else {
                parts.append(value)
                (value, digits) = (0, 0)
            }
            index += 1
        }
        parts.append(value)
        guard (2...3).contains(parts.count) else { return nil }
        var milliseconds = 0
        if text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",") {
            var scale = 100
            index += 1
            while text[index].isDigit {
                milliseconds += Int(text[index] - 0x30) * scale
                scale /= 10
                index += 1
            }
        }
        return parts.reduce(0) { $0 * 60 + $1 } * 1000 + milliseconds
    }

    /// A cue's line without tags (`<i>`, `<00:00:01.000>`), position codes (`{\an8}`) and references; the name in `<v Name>` is who speaks.
    private static func plain(_ line: ByteView) -> (text: String, speaker: String?) {
        var output: [UInt8] = []
        var speaker: String?
        var index = 0
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "<"):
                guard let end = line.first(UInt8(ascii: ">"), from: index) else {
                    output.append(line[index])
                    break
                }
                if line[index + 1] == UInt8(ascii: "v"), line[index + 2].isSpace || line[index + 2] == UInt8(ascii: ".") {
                    let name = line.slice(index + 2, end)
                    speaker = name.slice(name.first(0x20, from: 0) ?? 0, name.count).string.nonBlank
                }
                index = end
            case UInt8(ascii: "{") where line[index + 1] == UInt8(ascii: "\\"):
                guard let end = line.first(UInt8(ascii: "}"), from: index) else {
                    output.append(line[index])
                    break
                }
                index = end
            case UInt8(ascii: "&"):
                let length = HTMLEntities.decode(line, at: index, into: &output)
                if length == 0 { output.append(UInt8(ascii: "&")) }
                index += max(length, 1) - 1
            default: output.append(line[index])
            }
            index += 1
        }
        return (output.string.trimmedText, speaker)
    }
}
