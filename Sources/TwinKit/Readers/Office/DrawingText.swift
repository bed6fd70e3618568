import TwinSupport

/// The words of what is drawn in a document: the data of its charts (DrawingML, ECMA-376 part 1, chapter 21.2), its diagrams (21.4)
/// and what its pictures show.
enum DrawingText {
    /// Points of one series that are read.
    private static let maximumPoints = 10_000

    private struct Series {
        var name = ""
        var categories: [Int: String] = [:]
        var values: [Int: String] = [:]
    }

    /// Writes a chart's title and a record for each of its categories, whose values stand under the names of their series.
    static func writeChart(_ bytes: [UInt8], limits: ReaderLimits, into builder: inout DocumentBuilder) throws(ReadFailure) {
        let (title, axes, series) = try bytes.withView { (view) throws(ReadFailure) in try chart(view, limits) }
        guard !series.isEmpty || !title.isEmpty else { return }
        builder.endParagraph()
        builder.append(text: title.isEmpty ? "Chart" : "Chart: \(title)", onOneLine: true)
        builder.startLine()
        if !axes.isEmpty {
            builder.append(text: "Axes: \(axes.joined(separator: "; "))", onOneLine: true)
            builder.startLine()
        }
        var rows = RecordWriter(limits: limits)
        rows.setHeaders([""] + series.map(\.name))
        for index in Set(series.flatMap { $0.values.keys }).sorted() {
            rows.addCell(series.lazy.compactMap { $0.categories[index] }.first ?? "")
            for one in series { rows.addCell(one.values[index] ?? "") }
            try rows.endRow(into: &builder)
        }
        rows.finish(into: &builder)
    }

    private static func chart(_ view: ByteView, _ limits: ReaderLimits) throws(ReadFailure)
        -> (title: String, axes: [String], series: [Series])
    {
        var xml = XMLReader(view, limits: limits)
        var (title, axes, series) = ("", [String](), [Series]())
        var open: Series?
        var field = ""
        var isAxis = false
        var point = 0
        while let event = try xml.next() {
            switch (event, xml.name) {
            case (.start, "catAx"), (.start, "valAx"), (.start, "dateAx"), (.start, "serAx"): isAxis = true
            case (.end, "catAx"), (.end, "valAx"), (.end, "dateAx"), (.end, "serAx"): isAxis = false
            case (.start, "title"):
                let text = try words(&xml)
                if isAxis, !text.isEmpty { axes.append(text) } else if title.isEmpty { title = text }
            case (.start, "ser"): open = Series()
            case (.end, "ser"):
                if let finished = open, series.count < 200 { series.append(finished) }
                open = nil
            case (.start, "tx"), (.start, "cat"), (.start, "xVal"), (.start, "val"), (.start, "yVal"), (.start, "bubbleSize"):
                field = xml.name
            case (.end, "tx"), (.end, "cat"), (.end, "xVal"), (.end, "val"), (.end, "yVal"), (.end, "bubbleSize"): field = ""
            case (.start, "pt"): point = xml.attribute("idx").flatMap { Int($0) } ?? 0
            case (.start, "v"):
                let text = try xml.elementText()
                guard open != nil, point >= 0, point < maximumPoints else { continue }
                switch field {
                case "tx":
                    let before = open?.name ?? ""
                    open?.name = before.isEmpty ? text : "\(before) \(text)"
                case "cat", "xVal":
                    // Categories of several levels stand one after the other under the same number.
                    let before = open?.categories[point].map { " (\($0))" } ?? ""
                    open?.categories[point] = text + before
                case "val", "yVal": open?.values[point] = text
                default: break
                }
            default: break
            }
        }
        return (title, axes, series)
    }

    /// After `start`: the words of the element, those of its paragraphs parted by spaces.
    private static func words(_ xml: inout XMLReader) throws(ReadFailure) -> String {
        let outside = xml.depth - 1
        var output: [UInt8] = []
        var isText = false
        while xml.depth > outside, let event = try xml.next() {
            switch (event, xml.name) {
            case (.start, "t"), (.start, "v"): isText = true
            case (.text, _): if isText { xml.appendText(to: &output) }
            case (.end, "t"), (.end, "v"): isText = false
            case (.end, "p"): output.append(0x20)
            default: break
            }
        }
        return output.string.trimmedText
    }

    /// Writes the texts of a part, one a line: a diagram's points, a comment's or a shape's paragraphs.
    static func writeTexts(
        _ bytes: [UInt8], heading: String, limits: ReaderLimits, into builder: inout DocumentBuilder
    ) throws(ReadFailure) {
        let lines = try bytes.withView { (view) throws(ReadFailure) in try texts(view, limits) }
        guard !lines.isEmpty else { return }
        builder.endParagraph()
        if !heading.isEmpty {
            builder.append(text: heading, onOneLine: true)
            builder.startLine()
        }
        for text in lines {
            builder.append("- ")
            builder.append(text: text, onOneLine: true)
            builder.startLine()
        }
        builder.endParagraph()
    }

    /// The paragraphs of a part in which text stands in `t`.
    static func texts(_ view: ByteView, _ limits: ReaderLimits) throws(ReadFailure) -> [String] {
        var xml = XMLReader(view, limits: limits)
        var result: [String] = []
        var text: [UInt8] = []
        var isText = false
        while let event = try xml.next() {
            switch (event, xml.prefix, xml.name) {
            case (.start, _, "Fallback"): try xml.skipElement()
            // A diagram's point has an element of the same name around its paragraphs.
            case (.start, "a", "t"), (.start, "w", "t"), (.start, "", "t"): isText = true
            case (.text, _, _): if isText { xml.appendText(to: &text) }
            case (.end, _, "t"): isText = false
            case (.end, _, "p"), (.end, _, "pt"), (.end, _, "si"):
                if let line = text.string.nonBlank { result.append(line) }
                text = []
            default: break
            }
        }
        if let line = text.string.nonBlank { result.append(line) }
        return result
    }
}
