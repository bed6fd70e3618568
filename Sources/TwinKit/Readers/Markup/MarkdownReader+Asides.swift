import TwinSupport

/// What stands beside the text: callouts and admonitions, and what is left out as remarks, definitions and markup.
extension MarkdownReader {
    /// `:::note Title`, `::: {.note}` and the `:::` that ends it, `!!! note "Title"` and `??? note`: a remark, named by its title or its kind.
    /// False for other lines.
    mutating func admonition(_ line: Line, _ first: UInt8) -> Bool {
        var place = line.start
        while text[place] == first, place < line.end { place += 1 }
        guard place - line.start >= 3 else { return false }
        if first != UInt8(ascii: ":"), text[place] == UInt8(ascii: "+") { place += 1 }
        let rest = text.slice(place, line.end).trimmed
        if first != UInt8(ascii: ":") {
            guard rest[0].isLetter, text[place].isSpace else { return false }
            isAdmonition = true
        }
        flush()
        sawBlank = true
        guard !rest.isEmpty else { return true }
        var words = Substring(rest.string.filter { $0 != "{" && $0 != "}" }).drop { $0 == "." || $0 == " " }
        let kind = words.prefix { $0 != " " && $0 != "[" }
        words = words.dropFirst(kind.count)
        let title = String(words).trimmedText.filter { $0 != "\"" && $0 != "[" && $0 != "]" }
        let isAttribute = title.contains("=") || title.hasPrefix(".") || title.hasPrefix("#")
        let name = title.isEmpty || isAttribute ? kind.prefix(1).uppercased() + kind.dropFirst() + ":" : title
        guard kind.first?.isLetter == true else { return true }
        paragraph = Array(name.utf8)
        paragraphLines = 1
        isHeadingCandidate = false
        flush()
        return true
    }

    /// `[!note] Title` at the beginning of a quotation (Obsidian, GitHub): the title, or what kind of remark it is. False for other lines.
    mutating func callout(_ line: Line) -> Bool {
        guard text[line.start + 1] == UInt8(ascii: "!"), text[line.start + 2].isLetter,
            let close = text.first(UInt8(ascii: "]"), from: line.start, to: min(line.end, line.start + 40))
        else { return false }
        let kind = text.slice(line.start + 2, text.first(UInt8(ascii: "|"), from: line.start, to: close) ?? close).string
        var start = close + 1
        // Whether it is folded.
        if text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: "+") { start += 1 }
        let title = text.slice(start, line.end).trimmed
        if title.isEmpty {
            paragraph = Array((kind.prefix(1).uppercased() + kind.dropFirst().lowercased() + ":").utf8)
        } else {
            paragraph = Array(title.contents)
        }
        paragraphLines = 1
        isHeadingCandidate = false
        flush()
        return true
    }

    /// Whether the line says something to programs only: `{: .class}` (kramdown), `{{< name >}}` and `{% name %}` of sites, `[TOC]`, `^name`
    /// of a block (Obsidian).
    func isAside(_ line: Line, _ first: UInt8) -> Bool {
        let content = text.slice(line.start, line.end)
        if first == UInt8(ascii: "{") {
            guard content[content.count - 1] == UInt8(ascii: "}") else { return false }
            let second = content[1]
            let third = content[2]
            return second == UInt8(ascii: ":") || second == UInt8(ascii: "#") || second == UInt8(ascii: ".")
                || second == UInt8(ascii: "%") || second == first && (third == UInt8(ascii: "<") || third == UInt8(ascii: "%"))
        }
        if first == UInt8(ascii: "[") {
            return content.count <= 8 && ["[toc]", "[[toc]]", "[[_toc_]]"].contains(content.string.lowercased())
        }
        return line.end - line.start > 1
            && text.slice(line.start + 1, line.end).contents.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
    }

    /// Where the text goes on after a comment between `%%` (Obsidian), which does not show. None when the line begins none.
    mutating func hidden(_ line: Line) -> Int? {
        guard text[line.start + 1] == UInt8(ascii: "%"), !lacksHiddenEnd else { return nil }
        var place = line.start + 2
        while let next = text.first(UInt8(ascii: "%"), from: place) {
            if text[next + 1] == UInt8(ascii: "%") {
                let end = next + 2
                return text.slice(end, text.lineEnd(from: end)).trimmed.isEmpty ? text.lineEnd(from: end) + 1 : end
            }
            place = next + 1
        }
        lacksHiddenEnd = true
        return nil
    }

    private static let markupBlocks: [(open: StaticString, close: StaticString)] = [
        ("<table", "</table>"), ("<ul", "</ul>"), ("<ol", "</ol>"), ("<dl", "</dl>"), ("<pre", "</pre>"), ("<h1", "</h1>"),
        ("<h2", "</h2>"),
        ("<h3", "</h3>"), ("<h4", "</h4>"), ("<h5", "</h5>"), ("<h6", "</h6>"),
    ]

    /// Reads a table, a list, code or a heading in HTML that begins on this line; gives the place behind it. None for anything else.
    mutating func markup(_ line: Line) throws(ReadFailure) -> Int? {
        for (open, close) in Self.markupBlocks where text.hasPrefixIgnoringCase(open, at: line.start) {
            guard !text[line.start + open.utf8CodeUnitCount].isAlphanumeric,
                let end = text.firstIgnoringCase(close, from: line.start, to: line.start + 1 << 20)
            else { return nil }
            let block = text.slice(line.start, end + close.utf8CodeUnitCount)
            let document = try HTMLReader.read(block, as: .part, limits: limits)
            flush()
            for mark in document.marks {
                if case .heading(let level) = mark.kind, level < titleLevel, level <= 2, let heading = document.firstHeading {
                    title = heading
                    titleLevel = level
                }
            }
            builder.append(document)
            sawBlank = true
            return block.count + line.start
        }
        return nil
    }

    /// Where the text goes on after a comment, a script or a style sheet that starts on this line.
    mutating func skipped(_ line: Line) -> Int? {
        let end: Int?
        if text.hasPrefix("<!--", at: line.start), !lacksCommentEnd {
            var search = line.start + 4
            var found: Int?
            while let place = text.first(UInt8(ascii: ">"), from: search) {
                if text[place - 1] == UInt8(ascii: "-"), text[place - 2] == UInt8(ascii: "-") {
                    found = place + 1
                    break
                }
                search = place + 1
            }
            if found == nil { lacksCommentEnd = true }
            end = found
        } else if text.hasPrefixIgnoringCase("<script", at: line.start) {
            end = text.firstIgnoringCase("</script>", from: line.start).map { $0 + 9 } ?? text.count
        } else if text.hasPrefixIgnoringCase("<style", at: line.start) {
            end = text.firstIgnoringCase("</style>", from: line.start).map { $0 + 8 } ?? text.count
        } else {
            end = nil
        }
        guard let end else { return nil }
        // What follows on the same line is text again.
        return text.slice(end, text.lineEnd(from: end)).trimmed.isEmpty ? text.lineEnd(from: end) + 1 : end
    }

    /// `[label]: target` defines a link and says nothing itself (an empty range); a footnote's text is kept. None when the
    /// line is neither.
    func definition(_ line: Line) -> Range<Int>? {
        guard let close = text.first(UInt8(ascii: "]"), from: line.start, to: min(line.end, line.start + 200)),
            text[close + 1] == UInt8(ascii: ":")
        else { return nil }
        if text[line.start + 1] == UInt8(ascii: "^") {
            var start = close + 2
            while start < line.end, text[start].isSpace { start += 1 }
            return extent(start, line.end)
        }
        return 0..<0
    }
}
