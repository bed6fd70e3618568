import TwinSupport

/// LaTeX, as far as its text goes: sections, lists, tables, notes, and words without their commands. Formulas stay as they were written,
/// but for simple fractions; the file is not run, so what macros of its own would print is not there.
struct LaTeXReader {
    private let text: ByteView
    private let limits: ReaderLimits
    private var writer: MarkupWriter
    private var index = 0
    private var words: [UInt8] = []
    private var lists: [Int?] = []
    private var tables: [(grid: TableGrid, cell: [UInt8])] = []
    private var author: String?
    private var date: String?

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = LaTeXReader(text, limits)
        try reader.run()
        let (author, date) = (reader.author, reader.date)
        var document = try reader.writer.finish()
        document.author = author
        document.publishedAt = date.flatMap(StatedDate.rfc3339)
        return document
    }

    private init(_ text: ByteView, _ limits: ReaderLimits) {
        self.text = text
        self.limits = limits
        writer = MarkupWriter(limits: limits, capacity: text.count)
    }

    private mutating func run() throws(ReadFailure) {
        let begin = text.firstIgnoringCase("\\begin{document}", from: 0)
        if let begin {
            preamble(begin)
            index = begin + 16
        }
        while index < text.count, !writer.isFull {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\\"): if try command() { return try finish() }
            case UInt8(ascii: "%"):
                index = text.lineEnd(from: index) + 1
                // The line's end goes with the comment, and so does what the next one is indented by.
                while text[index] == 0x20 || text[index] == 0x09 { index += 1 }
            case UInt8(ascii: "{"), UInt8(ascii: "}"): index += 1
            case UInt8(ascii: "$"): formula()
            case UInt8(ascii: "~"): append(0x20)
            case UInt8(ascii: "&") where !tables.isEmpty:
                cell()
                index += 1
            case UInt8(ascii: "`"), UInt8(ascii: "'"):
                let isDouble = text[index + 1] == byte
                if isDouble { words.append(UInt8(ascii: "\"")) } else { words.append(UInt8(ascii: "'")) }
                index += isDouble ? 2 : 1
            case UInt8(ascii: "-"):
                var count = 1
                while text[index + count] == byte, count < 3 { count += 1 }
                words += count == 1 ? [byte] : Array((count == 2 ? "\u{2013}" : "\u{2014}").utf8)
                index += count
            case 0x0A:
                let start = index
                var next = index + 1
                while text[next] == 0x20 || text[next] == 0x09 || text[next] == 0x0D { next += 1 }
                if text[next] == 0x0A, next < text.count { endParagraph() } else { append(0x20) }
                index = max(start + 1, next)
            default:
                if byte.isSpace {
                    append(0x20)
                } else {
                    words.append(byte)
                    index += 1
                }
            }
        }
        try finish()
    }

    private mutating func finish() throws(ReadFailure) {
        while let table = tables.popLast() { try close(table) }
        endParagraph()
    }

    private mutating func append(_ byte: UInt8) {
        if let last = words.last, !last.isSpace { words.append(byte) }
        index += 1
    }

    private mutating func endParagraph() {
        if let last = tables.indices.last {
            tables[last].cell += words + [0x20]
        } else {
            writer.add(words)
            writer.flush()
        }
        words = []
    }

    private mutating func preamble(_ end: Int) {
        index = 0
        while index < end {
            guard let slash = text.first(UInt8(ascii: "\\"), from: index, to: end) else { break }
            index = slash + 1
            let name = commandName()
            guard ["title", "author", "date"].contains(name) else { continue }
            skipOptional()
            guard let argument = argument(), let value = plain(argument).string.nonBlank else { continue }
            switch name {
            case "title": writer.heading(1, Array(value.utf8))
            case "author": author = value
            default: date = value
            }
        }
        if let author { writer.add(Array(author.utf8)) }
        writer.flush()
    }

    /// After a backslash: the command's letters, or its one sign.
    private mutating func commandName() -> String {
        let start = index
        while text[index].isLetter, index < text.count { index += 1 }
        if index == start, index < text.count { index += 1 }
        return text.slice(start, index).string
    }

    private mutating func skipSpace() { while text[index].isSpace, index < text.count { index += 1 } }

    private mutating func skipOptional() {
        while text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 1000) {
            index = close + 1
        }
        if text[index] == UInt8(ascii: "*") { index += 1 }
    }

    /// What stands in the braces that follow; the place is then behind them.
    private mutating func argument() -> ByteView? {
        var place = index
        while text[place] == 0x20 { place += 1 }
        guard text[place] == UInt8(ascii: "{") else { return nil }
        let start = place + 1
        var depth = 0
        // Braces that do not close would be looked for again and again.
        while place < text.count, place < start + 5_000 {
            switch text[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 {
                    index = place + 1
                    return text.slice(start, place)
                }
            default: break
            }
            place += 1
        }
        return nil
    }

    /// An argument's words; what is in it is read as all text is, to a depth of eight.
    private func plain(_ view: ByteView, depth: Int = 0) -> [UInt8] {
        guard depth < 8 else { return [] }
        var inner = LaTeXReader(view, limits)
        inner.depth = depth + 1
        do { try inner.run() } catch { return [] }
        return (try? inner.writer.finish().text).map { Array($0.split(separator: "\n").joined(separator: " ").utf8) } ?? []
    }
    private var depth = 0

    private static let sections: [String: Int] = [
        "part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
        "frametitle": 2,
    ]
    /// Commands whose arguments are no text, by how many they have.
    private static let silent: [String: Int] = [
        "label": 1, "vspace": 1, "hspace": 1, "includegraphics": 1, "usepackage": 1, "documentclass": 1, "bibliographystyle": 1,
        "setlength": 2,
        "setcounter": 2, "addtocounter": 2, "pagestyle": 1, "thispagestyle": 1, "newcommand": 2, "renewcommand": 2,
        "providecommand": 2,
        "newenvironment": 3, "hypersetup": 1, "index": 1, "pagenumbering": 1, "color": 1, "definecolor": 3, "graphicspath": 1,
        "def": 1,
        "cline": 1, "cmidrule": 1, "addcontentsline": 3, "fontsize": 2, "nocite": 1, "theoremstyle": 1, "newtheorem": 2,
        "DeclareMathOperator": 2,
    ]
    private static let signs: [String: String] = [
        "\\": "\n", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", ",": " ", ";": " ", " ": " ", "/": "",
        "-": "", "@": "",
        "ss": "\u{DF}", "ae": "\u{E6}", "oe": "\u{153}", "o": "\u{F8}", "O": "\u{D8}", "aa": "\u{E5}", "AA": "\u{C5}",
        "l": "\u{142}", "L": "\u{141}",
        "ldots": "\u{2026}", "dots": "\u{2026}", "textendash": "\u{2013}", "textemdash": "\u{2014}", "euro": "\u{20AC}",
        "texteuro": "\u{20AC}",
        "pounds": "\u{A3}", "S": "\u{A7}", "copyright": "\u{A9}", "degree": "\u{B0}", "textdegree": "\u{B0}", "LaTeX": "LaTeX",
        "TeX": "TeX",
        "textbackslash": "\\", "textasciitilde": "~", "quad": " ", "qquad": " ", "times": "\u{D7}", "today": "", "par": "",
    ]
    private static let accents: [String: Unicode.Scalar] = [
        "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "\"": "\u{308}", "~": "\u{303}", "=": "\u{304}", ".": "\u{307}",
        "u": "\u{306}", "v": "\u{30C}",
        "H": "\u{30B}", "c": "\u{327}", "k": "\u{328}", "r": "\u{30A}", "d": "\u{323}",
    ]

    /// Reads the command at the backslash; true at the end of the document.
    private mutating func command() throws(ReadFailure) -> Bool {
        index += 1
        let name = commandName()
        if let level = Self.sections[name] {
            endParagraph()
            skipOptional()
            if let title = argument() { writer.heading(level, plain(title, depth: depth)) }
            return false
        }
        if let count = Self.silent[name] {
            skipOptional()
            for _ in extent(0, count) {
                _ = argument()
                skipOptional()
            }
            return false
        }
        if let accent = Self.accents[name], name.utf8.count == 1, !text[index].isSpace || name.first?.isLetter == true,
            accented(accent)
        {
            return false
        }
        switch name {
        case "begin", "end": return try environment(isEnd: name == "end")
        case "item":
            endParagraph()
            var mark: [UInt8] = [UInt8(ascii: "-")]
            if let last = lists.indices.last, let number = lists[last] {
                mark = Array("\(number).".utf8)
                lists[last] = number + 1
            }
            if text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 300) {
                mark = plain(text.slice(index + 1, close), depth: depth) + [UInt8(ascii: ":")]
                index = close + 1
            }
            writer.item(mark, depth: max(0, lists.count - 1), [])
            skipSpace()
        case "footnote", "footnotetext", "thanks", "marginpar":
            skipOptional()
            if let note = argument() { writer.note(plain(note, depth: depth).string) }
        case "caption":
            skipOptional()
            if let caption = argument() {
                let text = plain(caption, depth: depth)
                if tables.isEmpty {
                    endParagraph()
                    writer.add(text)
                    writer.flush()
                } else {
                    words += text
                }
            }
        case "href":
            _ = argument()
            if let shown = argument() { words += plain(shown, depth: depth) }
        case "cite", "citep", "citet", "parencite", "textcite", "ref", "eqref", "autoref", "cref", "pageref":
            skipOptional()
            if let key = argument() { words += Array("[".utf8) + Array(key[0..<100].contents) + Array("]".utf8) }
        case "input", "include":
            if let file = argument() { writer.notice("the file that it includes was not read: \(file[0..<100].string)") }
        case "frac", "dfrac", "tfrac", "nicefrac": fraction()
        case "multicolumn", "multirow":
            _ = argument()
            _ = argument()
            if let shown = argument() { words += plain(shown, depth: depth) }
        case "hline", "toprule", "midrule", "bottomrule", "maketitle", "tableofcontents", "centering", "noindent", "newpage",
            "clearpage":
            break
        case "\\":
            skipOptional()
            if let last = tables.indices.last {
                cell()
                tables[last].grid.endRow()
            } else {
                words.append(0x0A)
            }
        case "(", "[": delimitedFormula(name == "(" ? "\\)" : "\\]")
        case "verb":
            let quote = text[index]
            if let close = text.first(quote, from: index + 1, to: index + 500) {
                words.append(text.slice(index + 1, close))
                index = close + 1
            }
        case "par": endParagraph()
        default:
            if let sign = Self.signs[name] {
                words += sign.utf8
                if name.first?.isLetter == true { skipOptionalSpace() }
            } else {
                // An unknown command's braces hold text more often than not.
                if name.first?.isLetter == true { skipOptionalSpace() }
                if text[index] == UInt8(ascii: "*") { index += 1 }
                if text[index] == UInt8(ascii: "["), let close = text.first(UInt8(ascii: "]"), from: index, to: index + 200) {
                    index = close + 1
                }
            }
        }
        return false
    }

    /// White space behind a command's letters only ends its name.
    private mutating func skipOptionalSpace() {
        while text[index] == 0x20 || text[index] == 0x09 { index += 1 }
        if text[index] == UInt8(ascii: "{"), text[index + 1] == UInt8(ascii: "}") { index += 2 }
    }

    private mutating func accented(_ accent: Unicode.Scalar) -> Bool {
        var place = index
        let isBraced = text[place] == UInt8(ascii: "{")
        let needsBraces = text[index - 1].isLetter
        if isBraced { place += 1 }
        if needsBraces, !isBraced { return false }
        // `\'\i` is the accent over a dotless letter.
        if text[place] == UInt8(ascii: "\\"), text[place + 1] == UInt8(ascii: "i") || text[place + 1] == UInt8(ascii: "j") {
            place += 1
        }
        let letter = text[place]
        guard letter.isLetter, !isBraced || text[place + 1] == UInt8(ascii: "}") else { return false }
        var composed = String(Unicode.Scalar(letter))
        composed.unicodeScalars.append(accent)
        words += Precomposed.text(composed).utf8
        index = place + (isBraced ? 2 : 1)
        return true
    }

    private mutating func fraction() {
        guard let above = argument(), let below = argument() else { return }
        func part(_ view: ByteView) -> [UInt8] {
            let text = Array(view.trimmed.contents)
            return text.contains { "+-*/= ".utf8.contains($0) } ? [UInt8(ascii: "(")] + text + [UInt8(ascii: ")")] : text
        }
        words += part(above) + [UInt8(ascii: "/")] + part(below)
    }

    /// `$…$`: the formula's own characters, so that `$10^6$` is `10^6`.
    private mutating func formula() {
        let length = text[index + 1] == UInt8(ascii: "$") ? 2 : 1
        guard let close = text.first(UInt8(ascii: "$"), from: index + length, to: index + 4000) else {
            index += length
            return
        }
        words += plainFormula(text.slice(index + length, close))
        index = min(close + length, text.count)
    }

    private mutating func delimitedFormula(_ end: StaticString) {
        var place = index
        while place < text.count, place < index + 4000, !text.hasPrefix(end, at: place) { place += 1 }
        words += plainFormula(text.slice(index, place))
        index = min(place + 2, text.count)
    }

    private func plainFormula(_ view: ByteView) -> [UInt8] {
        var inner = LaTeXReader(view, limits)
        var result: [UInt8] = []
        while inner.index < view.count {
            if view.hasPrefix("\\frac", at: inner.index) {
                inner.index += 5
                inner.fraction()
                result += inner.words
                inner.words = []
            } else if view.hasPrefix("\\times", at: inner.index) {
                result += "\u{D7}".utf8
                inner.index += 6
            } else if view.hasPrefix("\\cdot", at: inner.index) {
                result += "\u{B7}".utf8
                inner.index += 5
            } else {
                if !(view[inner.index] == UInt8(ascii: "{") || view[inner.index] == UInt8(ascii: "}"))
                    || result.last == UInt8(ascii: "\\")
                {
                    result.append(view[inner.index])
                }
                inner.index += 1
            }
        }
        return result
    }

    private mutating func cell() {
        guard let last = tables.indices.last else { return }
        tables[last].grid.addCell((tables[last].cell + words).string.trimmedText)
        tables[last].cell = []
        words = []
    }

    private mutating func close(_ table: (grid: TableGrid, cell: [UInt8])) throws(ReadFailure) {
        var grid = table.grid
        let rest = (table.cell + words).string.trimmedText
        if !rest.isEmpty { grid.addCell(rest) }
        words = []
        grid.endRow()
        if tables.isEmpty { try writer.table(grid) }
    }

    private mutating func environment(isEnd: Bool) throws(ReadFailure) -> Bool {
        guard let name = argument()?.string else { return false }
        let base = name.hasSuffix("*") ? String(name.dropLast()) : name
        switch base {
        case "document": return isEnd
        case "itemize", "enumerate", "description":
            endParagraph()
            skipOptional()
            if isEnd { _ = lists.popLast() } else if lists.count < 64 { lists.append(base == "enumerate" ? 1 : nil) }
        case "tabular", "tabularx", "longtable", "array", "tabu":
            endParagraph()
            if isEnd {
                if let table = tables.popLast() { try close(table) }
            } else {
                skipOptional()
                _ = argument()
                if base == "tabularx" { _ = argument() }
                if tables.count < 16 { tables.append((TableGrid(), [])) }
            }
        case "verbatim", "lstlisting", "minted", "Verbatim", "alltt":
            guard !isEnd else { return false }
            endParagraph()
            skipOptional()
            if base == "minted" { _ = argument() }
            var block: [ByteView] = []
            if text[index] == 0x0A { index += 1 }
            while index < text.count {
                let end = text.lineEnd(from: index)
                let line = text.slice(index, end)
                if line.trimmed.hasPrefix("\\end{") {
                    index = end
                    break
                }
                block.append(line)
                index = end + 1
            }
            writer.code(block)
        case "comment":
            guard !isEnd else { return false }
            index = text.firstIgnoringCase("\\end{comment}", from: index).map { $0 + 13 } ?? text.count
        case "equation", "align", "gather", "displaymath", "eqnarray", "multline", "math":
            endParagraph()
            guard !isEnd else { return false }
            var place = index
            while place < text.count, place < index + 8000, !text.hasPrefix("\\end{", at: place) { place += 1 }
            writer.add(plainFormula(text.slice(index, place)).filter { $0 != UInt8(ascii: "&") })
            writer.flush()
            index = place
        case "thebibliography", "minipage", "multicols", "adjustbox":
            endParagraph()
            if !isEnd {
                skipOptional()
                _ = argument()
            }
        default:
            endParagraph()
            if !isEnd { skipOptional() }
        }
        return false
    }
}

/// Letters with accents as one character each, for those that Latin has.
enum Precomposed {
    private static let table: [String: String] = {
        var result: [String: String] = [:]
        for value in UInt32(0xC0)...0x17F {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // Swift compares strings by canonical equivalence, which is what finds one by the other here.
            let one = String(scalar)
            result[one] = one
        }
        return result
    }()

    static func text(_ decomposed: String) -> String { table[decomposed] ?? decomposed }
}
