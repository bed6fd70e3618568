import TwinSupport

/// A sheet of OpenDocument, row by row.
enum OpenDocumentSheet {
    private static let maximumColumns = 16_384
    private static let maximumRepeats = 1_000

    /// After the start of a sheet: its rows as records. The folders of charts in it are added to `charts`.
    static func read(
        _ xml: inout XMLReader, into builder: inout DocumentBuilder, charts: inout [String], limits: ReaderLimits
    ) throws(ReadFailure) {
        let outside = xml.depth - 1
        var stream = TableStream(limits: limits)
        var row: [String] = []
        var comments: [String] = []
        /// Cells that stand over several rows or columns, by their column.
        var reaching: [Int: (text: String, rows: Int)] = [:]
        var own = 0
        var (columns, rows, repeats, rowRepeats) = (1, 1, 1, 1)
        var (type, value, text) = ("", "", [UInt8]())
        var isCovered = false
        var depth = 0
        var isGap = false
        var filled = 0
        while xml.depth > outside, let event = try xml.next(), !builder.isFull {
            switch (event, xml.name) {
            case (.start, "table-row"):
                row = []
                own = 0
                rowRepeats = xml.attribute("number-rows-repeated").flatMap { Int($0) } ?? 1
            case (.start, "table-cell"), (.start, "covered-table-cell"):
                isCovered = xml.name == "covered-table-cell"
                columns = xml.attribute("number-columns-spanned").flatMap { Int($0) } ?? 1
                rows = xml.attribute("number-rows-spanned").flatMap { Int($0) } ?? 1
                repeats = xml.attribute("number-columns-repeated").flatMap { Int($0) } ?? 1
                type = xml.attribute("value-type") ?? ""
                value = xml.attribute("date-value") ?? xml.attribute("value") ?? xml.attribute("string-value") ?? ""
                text = []
            case (.start, "annotation"):
                let (author, words) = try xml.annotation()
                if !words.isEmpty {
                    comments.append(
                        "Comment on \(Self.name(row.count))\(stream.nextRow)\(author.isEmpty ? "" : " by \(author)"): \(words)")
                }
            case (.start, "object"):
                if let reference = xml.attribute("href") { charts.append(PackageReader.resolve(reference, from: "")) }
            case (.start, "title"), (.start, "desc"):
                if let words = PictureText.words(try xml.elementText()) { comments.append(PictureText.line(words)) }
            case (.start, "p"):
                depth += 1
                if !text.isEmpty { text.append(0x20) }
            case (.start, "s"): text.append(0x20)
            case (.text, _): if depth > 0 { xml.appendText(to: &text) }
            case (.end, "p"): depth = max(0, depth - 1)
            case (.end, "table-cell"), (.end, "covered-table-cell"):
                var shown = text.string.trimmedText
                if type == "date", !value.isEmpty {
                    shown = value.replacingT
                } else if shown.isEmpty {
                    shown = type == "string" || type == "float" ? value : ""
                }
                if isCovered {
                    for _ in extent(0, min(repeats, Self.maximumColumns - row.count)) {
                        row.append(reaching[row.count]?.text ?? "")
                    }
                    continue
                }
                if !shown.isEmpty { own += 1 }
                let count = max(1, min(repeats, shown.isEmpty ? Self.maximumColumns : Self.maximumRepeats))
                for _ in extent(0, count) where row.count < Self.maximumColumns {
                    if columns > 1 || rows > 1, !shown.isEmpty {
                        for column in extent(row.count, min(row.count + columns, Self.maximumColumns)) {
                            reaching[column] = (shown, rows)
                        }
                    }
                    row.append(shown)
                }
            case (.end, "table-row"):
                // A cell over all columns is a title.
                if own <= 1, let first = row.first(where: { !$0.isEmpty }), row.allSatisfy({ $0.isEmpty || $0 == first }),
                    row.count(where: { !$0.isEmpty }) > 1, reaching.values.allSatisfy({ $0.rows <= 1 })
                {
                    row = [first]
                }
                for (column, cell) in reaching { reaching[column] = cell.rows > 1 ? (cell.text, cell.rows - 1) : nil }
                while row.last?.isEmpty == true { row.removeLast() }
                if row.isEmpty {
                    isGap = true
                    continue
                }
                if isGap { try stream.gap(into: &builder) }
                isGap = false
                for _ in extent(0, max(1, min(rowRepeats, Self.maximumRepeats))) {
                    filled += row.count
                    guard filled <= 4_000_000 else { break }
                    try stream.add(row, into: &builder)
                }
            default: break
            }
        }
        try stream.finish(into: &builder)
        for comment in comments {
            builder.startLine()
            builder.append(text: comment, onOneLine: true)
        }
        builder.endParagraph()
    }

    private static func name(_ column: Int) -> String {
        var number = column
        var result = ""
        repeat {
            result = String(Unicode.Scalar(UInt8(65 + number % 26))) + result
            number = number / 26 - 1
        } while number >= 0
        return result
    }

    /// An embedded chart keeps its values in a table of its own; none for another object.
    static func chart(_ view: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument? {
        var builder = DocumentBuilder(limits: limits)
        var charts: [String] = []
        var isChart = false
        var xml = XMLReader(view, limits: limits)
        while let event = try xml.next() {
            guard event == .start else { continue }
            if xml.prefix == "chart", xml.name == "chart" { isChart = true }
            if isChart, xml.name == "title" {
                let text = try xml.paragraphs(skipping: "").joined(separator: " ")
                builder.append(text: text.isEmpty ? "Chart" : "Chart: \(text)", onOneLine: true)
                builder.startLine()
            } else if isChart, xml.prefix == "table", xml.name == "table" {
                try read(&xml, into: &builder, charts: &charts, limits: limits)
            }
        }
        return isChart ? try builder.finish() : nil
    }
}

extension String {
    /// `2024-01-05T10:00:00` as sheets of the other kind are read: a day, and a time of day when it says one.
    fileprivate var replacingT: String {
        guard let place = firstIndex(of: "T") else { return self }
        let time = self[index(after: place)...].prefix(5)
        return time == "00:00" ? String(self[..<place]) : "\(self[..<place]) \(time)"
    }
}
