import TwinSupport

/// Org (https://orgmode.org/manual): headlines, lists, tables, blocks and links. Properties and settings say nothing to readers.
enum OrgReader {
    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var writer = MarkupWriter(limits: limits, capacity: text.count)
        var (author, date, title): (String?, String?, String?)
        var index = 0
        while index < text.count, !writer.isFull {
            let end = text.lineEnd(from: index)
            let whole = text.slice(index, end)
            let line = whole.trimmed
            index = end + 1
            if line.isEmpty {
                writer.flush()
            } else if whole[0] == UInt8(ascii: "*"), let (level, place) = stars(whole) {
                writer.heading(level, headline(whole.slice(place, whole.count)))
            } else if line.hasPrefixIgnoringCase("#+begin_") {
                let name = line.slice(8, line.count).string.lowercased().split(separator: " ").first.map(String.init) ?? ""
                let start = index
                var stop = index
                while index < text.count {
                    stop = index
                    let lineEnd = text.lineEnd(from: index)
                    let isEnd = text.slice(index, lineEnd).trimmed.hasPrefixIgnoringCase("#+end_")
                    index = lineEnd + 1
                    if isEnd { break }
                    stop = min(index, text.count)
                }
                let block = text.slice(start, stop)
                switch name {
                case "src", "example", "export": writer.code(lines(block))
                case "comment": break
                default:
                    writer.flush()
                    for inner in lines(block) {
                        if inner.trimmed.isEmpty { writer.flush() } else { writer.add(inline(inner.trimmed)) }
                    }
                    writer.flush()
                }
            } else if line.hasPrefix("#+") {
                guard let colon = line.first(UInt8(ascii: ":"), from: 2, to: 40) else { continue }
                let value = line.slice(colon + 1, line.count).string.nonBlank
                switch line.slice(2, colon).string.lowercased() {
                case "title": title = [title, value].compactMap { $0 }.joined(separator: " ")
                case "author": author = value
                case "date": date = value
                case "caption": if let value { writer.add(Array(value.utf8)) }
                case "include": writer.notice("the file that it includes was not read: \((value ?? "").prefix(100))")
                default: break
                }
            } else if line[0] == UInt8(ascii: "#"), line.count == 1 || line[1].isSpace {
                continue
            } else if line[0] == UInt8(ascii: ":"), line[line.count - 1] == UInt8(ascii: ":"), line.count > 2, isDrawer(line) {
                writer.flush()
                while index < text.count {
                    let lineEnd = text.lineEnd(from: index)
                    let inner = text.slice(index, lineEnd).trimmed
                    // A drawer that does not end is none.
                    if inner.isEmpty || inner[0] == UInt8(ascii: "*") { break }
                    index = lineEnd + 1
                    if inner.hasPrefixIgnoringCase(":end:") { break }
                }
            } else if line[0] == UInt8(ascii: "|") {
                var grid = TableGrid()
                var rows: [[String]] = []
                var headerRows = 0
                var place = end + 1
                var current = line
                while current[0] == UInt8(ascii: "|") {
                    if current[1] == UInt8(ascii: "-") {
                        if headerRows == 0, !rows.isEmpty { headerRows = rows.count }
                    } else {
                        var cells = current.string.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                        cells.removeFirst()
                        if cells.last?.nonBlank == nil, !cells.isEmpty { cells.removeLast() }
                        rows.append(cells.map { inline(Array($0.utf8)).string.trimmedText })
                    }
                    guard place < text.count else { break }
                    let next = text.slice(place, text.lineEnd(from: place))
                    current = next.trimmed
                    if current[0] == UInt8(ascii: "|") { place += next.count + 1 }
                }
                index = place
                for (number, row) in rows.enumerated() {
                    for cell in row { grid.addCell(cell) }
                    grid.endRow(isHeader: number < headerRows && headerRows < rows.count)
                }
                try writer.table(grid)
            } else if let (mark, place) = item(line) {
                writer.item(mark, depth: whole.count > line.count ? indent(whole) / 2 : 0, inline(line.slice(place, line.count)))
            } else if line.hasPrefix(": ") {
                var block = [line.slice(2, line.count)]
                while index < text.count {
                    let lineEnd = text.lineEnd(from: index)
                    let next = text.slice(index, lineEnd).trimmed
                    guard next.hasPrefix(": ") else { break }
                    block.append(next.slice(2, next.count))
                    index = lineEnd + 1
                }
                writer.code(block)
            } else if line.hasPrefix("[fn:"), let close = line.first(UInt8(ascii: "]"), from: 0, to: 60) {
                writer.flush()
                writer.note(inline(line.slice(close + 1, line.count)).string)
                writer.flush()
            } else if line.hasPrefix("CLOSED:") || line.hasPrefix("DEADLINE:") || line.hasPrefix("SCHEDULED:") {
                writer.add(Array(line.contents))
                writer.flush()
            } else if line.contents.allSatisfy({ $0 == UInt8(ascii: "-") }), line.count >= 5 {
                writer.flush()
            } else {
                writer.add(inline(line))
            }
        }
        var document = try writer.finish()
        document.title = title?.nonBlank ?? document.title
        document.author = author
        document.publishedAt = date.flatMap { StatedDate.rfc3339($0.trimmingBrackets) }
        return document
    }

    private static func lines(_ block: ByteView) -> [ByteView] {
        var result: [ByteView] = []
        var index = 0
        while index < block.count {
            let end = block.lineEnd(from: index)
            result.append(block.slice(index, end))
            index = end + 1
        }
        return result
    }

    private static func indent(_ line: ByteView) -> Int { line.contents.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    private static func stars(_ line: ByteView) -> (level: Int, place: Int)? {
        var level = 0
        while line[level] == UInt8(ascii: "*") { level += 1 }
        return line[level] == 0x20 && level <= 30 ? (level, level + 1) : nil
    }

    /// A headline without its keyword, its priority and its tags.
    private static func headline(_ line: ByteView) -> [UInt8] {
        var words = line.string.split(separator: " ").map(String.init)
        if let first = words.first, ["TODO", "DONE", "NEXT", "WAITING", "CANCELLED", "CANCELED"].contains(first) {
            words.removeFirst()
        }
        if let first = words.first, first.hasPrefix("[#"), first.utf8.count == 4 { words.removeFirst() }
        if let last = words.last, last.hasPrefix(":"), last.hasSuffix(":"), last.utf8.count > 2, words.count > 1 {
            words.removeLast()
        }
        return inline(Array(words.joined(separator: " ").utf8))
    }

    private static func isDrawer(_ line: ByteView) -> Bool {
        line.slice(1, line.count - 1).contents.allSatisfy {
            $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    private static func item(_ line: ByteView) -> (mark: [UInt8], place: Int)? {
        if line[0] == UInt8(ascii: "-") || line[0] == UInt8(ascii: "+"), line[1].isSpace { return ([UInt8(ascii: "-")], 2) }
        var digits = 0
        while line[digits].isDigit, digits < 4 { digits += 1 }
        guard digits > 0, line[digits] == UInt8(ascii: ".") || line[digits] == UInt8(ascii: ")"), line[digits + 1].isSpace else {
            return nil
        }
        return (Array(line.slice(0, digits).contents) + [UInt8(ascii: ".")], digits + 2)
    }

    private static func inline(_ line: ByteView) -> [UInt8] { inline(Array(line.contents)) }

    /// Links become their words, references to notes and marks of emphasis go.
    private static func inline(_ line: [UInt8]) -> [UInt8] {
        let linked = line.withView { view -> [UInt8] in
            var result: [UInt8] = []
            var index = 0
            while index < view.count {
                if view.hasPrefix("[[", at: index), let close = end(of: "]]", in: view, from: index + 2) {
                    let inside = view.slice(index + 2, close)
                    if let middle = end(of: "][", in: inside, from: 0) {
                        result.append(inside.slice(middle + 2, inside.count))
                    } else {
                        result.append(inside)
                    }
                    index = close + 2
                } else if view.hasPrefix("[fn:", at: index),
                    let close = view.first(UInt8(ascii: "]"), from: index, to: index + 300)
                {
                    // `[fn:: text]` and `[fn:name: text]` hold the note itself.
                    if let colon = view.first(UInt8(ascii: ":"), from: index + 4, to: close), colon + 1 < close {
                        result += [0x20, UInt8(ascii: "(")]
                        result.append(view.slice(colon + 1, close).trimmed)
                        result.append(UInt8(ascii: ")"))
                    }
                    index = close + 1
                } else {
                    result.append(view[index])
                    index += 1
                }
            }
            return result
        }
        return InlineMarks.dropped(linked, marks: "*/_+", verbatim: "=~")
    }

    private static func end(of mark: StaticString, in view: ByteView, from start: Int) -> Int? {
        var place = start
        while place + 1 < view.count, place < start + 2000 {
            if view.hasPrefix(mark, at: place) { return place }
            place += 1
        }
        return nil
    }
}

extension String {
    /// `<2024-01-05 Fri>` without its brackets and its day.
    fileprivate var trimmingBrackets: String {
        String(drop { $0 == "<" || $0 == "[" }.prefix { $0.isNumber || $0 == "-" })
    }
}
