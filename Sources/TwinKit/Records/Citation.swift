import TwinSupport

/// A quotation with its place: bytes `range` of version `version` of a source's stored text are exactly `quote`.
package struct Citation: Sendable, Equatable {
    /// Its number in the answer, from 1.
    package var number: Int
    package var sourceID: String
    package var sourceTitle: String
    /// The path or URL at which a person finds the original.
    package var locator: String
    /// Of the source, from 1; a later version may no longer have these bytes.
    package var version: Int
    /// Bytes of the source's extracted text in UTF-8.
    package var range: Range<Int>
    /// Outermost first.
    package var headings: [String]
    /// From 1; nil where the format has none.
    package var page: Int?
    /// Milliseconds from the start of the recording.
    package var time: Range<Int>?
    package var quote: String
}

extension Citation: JSONRepresentable {
    package var json: JSON {
        [
            "number": .number(number), "source_id": .string(sourceID), "title": .string(sourceTitle),
            "locator": .string(locator), "version": .number(version),
            "start": .number(range.lowerBound), "end": .number(range.upperBound),
            "headings": .strings(headings), "page": .optional(page),
            "time_start": .optional(time.map { Double($0.lowerBound) / 1000 }),
            "time_end": .optional(time.map { Double($0.upperBound) / 1000 }), "quote": .string(quote),
        ]
    }

    /// Reads what `json` wrote; none when a field is missing or of another type.
    init?(_ json: JSON) {
        guard let number = json["number"]?.intValue, let source = json["source_id"]?.stringValue,
            let title = json["title"]?.stringValue, let start = json["start"]?.intValue,
            let end = json["end"]?.intValue, start <= end, let quote = json["quote"]?.stringValue
        else { return nil }
        self.number = number
        sourceID = source
        sourceTitle = title
        locator = json["locator"]?.stringValue ?? ""
        version = json["version"]?.intValue ?? 0
        range = start..<end
        headings = json["headings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        page = json["page"]?.intValue
        if let first = json["time_start"]?.doubleValue, let last = json["time_end"]?.doubleValue, first <= last {
            time = Int((first * 1000).rounded())..<Int((last * 1000).rounded())
        }
        self.quote = quote
    }

    /// The place in words: heading path, page or time, for example `Care › Storage, page 3` or `at 12:05`.
    package var place: String { Self.place(headings: headings, page: page, time: time) }

    static func place(headings: [String], page: Int?, time: Range<Int>?) -> String {
        var parts: [String] = []
        if !headings.isEmpty { parts.append(headings.joined(separator: " › ")) }
        if let page { parts.append("page \(page)") }
        if let time { parts.append("at \(clock(time.lowerBound))") }
        return parts.joined(separator: ", ")
    }

    /// A moment of a recording as `12:05` or `1:02:03`.
    static func clock(_ milliseconds: Int) -> String {
        let seconds = milliseconds / 1000
        func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return seconds >= 3600
            ? "\(seconds / 3600):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))" : "\(seconds / 60):\(pad(seconds % 60))"
    }
}
