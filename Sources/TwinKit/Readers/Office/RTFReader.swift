import TwinSupport

/// Rich Text Format (specification 1.9.1): paragraphs with headings by their styles, tables, notes. Pictures and programs' own
/// destinations are left out.
struct RTFReader {
    private struct State {
        var skips = false
        var isHidden = false
        var isRaised = false
        var font = 0
        var unicodeSkip = 1
        /// What text in this group is for.
        var purpose = Purpose.body
    }

    private enum Purpose { case body, fontTable, styles, note, title, author, comment, edge(String) }

    private let text: ByteView
    private let limits: ReaderLimits
    private var builder: DocumentBuilder
    private var states: [State] = []
    private var state = State()
    private var paragraph: [UInt8] = []
    /// Bytes in the character set of the font, until they are decoded.
    private var pending: [UInt8] = []
    private var codePage = "windows-1252"
    private var fonts: [Int: String] = [:]
    private var styleLevels: [Int: Int] = [:]
    private var style = 0
    private var styleName: [UInt8] = []
    private var level: Int?
    private var isInTable = false
    private var grid: TableGrid?
    /// How the cells of the row's definition go on from others, that of the one being defined, and how many were written.
    private var merges: [Merge] = []
    private var merge = Merge.none
    private var cellNumber = 0

    private enum Merge { case none, left, above }
    private var note: [UInt8] = []
    private var beside: [String] = []
    private var edges: [String] = []
    private var facts: [String: [UInt8]] = [:]
    private var commentAuthor = ""
    private var raisedFrom: Int?
    private var lastWasItem = false
    private var hiddenCount = 0
    private var pictureCount = 0

    static func read(_ text: ByteView, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = RTFReader(text, limits)
        try reader.run()
        let (facts, hidden, pictures) = (reader.facts, reader.hiddenCount, reader.pictureCount)
        for line in reader.edges {
            reader.builder.endParagraph()
            reader.builder.append(text: line, onOneLine: true)
        }
        var document = try reader.builder.finish(title: facts["title"]?.string)
        document.author = facts["author"]?.string.nonBlank
        if hidden > 0 { document.notices.append("hidden text was left out (\(hidden) places)") }
        if pictures > 0 { document.notices.append("pictures were not read: \(pictures)") }
        return document
    }

    private init(_ text: ByteView, _ limits: ReaderLimits) {
        self.text = text
        self.limits = limits
        builder = DocumentBuilder(limits: limits, capacity: text.count / 2)
    }

    private mutating func run() throws(ReadFailure) {
        guard text.trimmed.hasPrefix("{\\rtf") else { throw .malformed("it does not begin as RTF does") }
        var index = 0
        while index < text.count, !builder.isFull {
            switch text[index] {
            case UInt8(ascii: "{"):
                guard states.count < max(limits.maximumDepth, 16) * 4 else {
                    throw .tooLarge("its groups are nested deeper than \(limits.maximumDepth * 4)")
                }
                decodePending()
                states.append(state)
                index += 1
            case UInt8(ascii: "}"):
                decodePending()
                closeGroup()
                index += 1
            case UInt8(ascii: "\\"): index = try control(index + 1)
            case 0x0A, 0x0D, 0x00: index += 1
            default:
                add(text[index])
                index += 1
            }
        }
        decodePending()
        isInTable = false
        try endParagraph()
    }

    private mutating func closeGroup() {
        guard let outer = states.popLast() else { return }
        switch (state.purpose, outer.purpose) {
        case (.note, .note), (.comment, .comment), (.edge, .edge): break
        case (.note, _):
            if let words = note.string.nonBlank { beside.append("Footnote: \(words)") }
            note = []
        case (.comment, _):
            if let words = note.string.nonBlank {
                beside.append("Comment\(commentAuthor.isEmpty ? "" : " by \(commentAuthor)"): \(words)")
            }
            (note, commentAuthor) = ([], "")
        case (.edge(let name), _):
            let line = "\(name): \(note.string.trimmedText)"
            if note.contains(where: \.isLetter), !edges.contains(line), edges.count < 20 { edges.append(line) }
            note = []
        case (.styles, .styles):
            let name = styleName.string.lowercased().trimmedText
            if name.hasPrefix("heading "), let level = Int(name.dropFirst(8).prefix { $0.isNumber }), (1...9).contains(level) {
                styleLevels[style] = level
            }
            if name.hasPrefix("title;") { styleLevels[style] = 1 }
            styleName = []
        default: break
        }
        if state.isRaised, !outer.isRaised { raise() }
        state = outer
    }

    /// `10` and a raised `6` are `10^6`.
    private mutating func raise() {
        decodePending()
        defer { raisedFrom = nil }
        guard let start = raisedFrom, start > 0, start < paragraph.count,
            Superscript.isExponent(paragraph[extent(start, paragraph.count)]),
            paragraph[start - 1].isAlphanumeric || paragraph[start - 1] == UInt8(ascii: ")")
        else { return }
        paragraph.insert(UInt8(ascii: "^"), at: start)
    }

    private mutating func add(_ byte: UInt8) {
        guard !state.skips else { return }
        if state.isHidden { return }
        pending.append(byte)
    }

    private mutating func add(_ text: String) {
        decodePending()
        guard !state.skips, !state.isHidden else { return }
        store(Array(text.utf8))
    }

    private mutating func decodePending() {
        guard !pending.isEmpty else { return }
        let bytes = pending
        pending.removeAll(keepingCapacity: true)
        if bytes.allSatisfy({ $0 < 0x80 }) { return store(bytes) }
        store(TextDecoding.decode(bytes, charset: fonts[state.font] ?? codePage, isStated: true).bytes)
    }

    private mutating func store(_ bytes: [UInt8]) {
        switch state.purpose {
        case .body: paragraph += bytes
        case .note, .comment, .edge: note += bytes
        case .title: facts["title", default: []] += bytes
        case .author: facts["author", default: []] += bytes
        case .styles: styleName += bytes
        case .fontTable: break
        }
    }

    // MARK: Controls

    private mutating func control(_ start: Int) throws(ReadFailure) -> Int {
        var index = start
        let first = text[index]
        guard first.isLetter else {
            index += 1
            switch first {
            case UInt8(ascii: "'"):
                guard let high = text[index].hexValue, let low = text[index + 1].hexValue else { return index }
                add(high << 4 | low)
                return index + 2
            case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): add(first)
            case UInt8(ascii: "~"): add("\u{A0}")
            case UInt8(ascii: "_"): add(UInt8(ascii: "-"))
            case UInt8(ascii: "*"): isOptional = true
            case 0x0A, 0x0D: try endParagraph()
            default: break
            }
            return index
        }
        while text[index].isLetter, index - start < 40 { index += 1 }
        let word = text.slice(start, index).string
        let numberStart = index
        if text[index] == UInt8(ascii: "-") { index += 1 }
        while text[index].isDigit, index - numberStart < 11 { index += 1 }
        let number = Int(text.slice(numberStart, index).string)
        if text[index] == 0x20 { index += 1 }
        let wasOptional = isOptional
        isOptional = false
        return try perform(word, number, next: index, isOptional: wasOptional)
    }

    private var isOptional = false

    private mutating func perform(_ word: String, _ number: Int?, next: Int, isOptional: Bool) throws(ReadFailure) -> Int {
        switch word {
        case "par", "sect", "page":
            decodePending()
            if case .body = state.purpose { try endParagraph() } else { store([0x20]) }
        case "line": add("\n")
        case "tab": add(" ")
        case "cell", "nestcell":
            decodePending()
            guard case .body = state.purpose else { break }
            if grid == nil { grid = TableGrid() }
            switch word == "cell" && merges.indices.contains(cellNumber) ? merges[cellNumber] : .none {
            case .left: grid?.repeatCell()
            case .above: grid?.addCell(paragraph.string.trimmedText, goesOn: true)
            case .none: grid?.addCell(paragraph.string.trimmedText)
            }
            cellNumber += 1
            paragraph = []
            raisedFrom = nil
        case "row", "nestrow":
            decodePending()
            grid?.endRow()
            cellNumber = 0
        case "trowd":
            isInTable = true
            (merges, merge) = ([], .none)
        case "intbl": isInTable = true
        case "clvmrg": merge = .above
        case "clmrg": merge = .left
        case "cellx":
            if merges.count < 1000 { merges.append(merge) }
            merge = .none
        case "pard":
            decodePending()
            isInTable = false
            level = nil
            style = 0
        case "plain":
            decodePending()
            state.isHidden = false
            if state.isRaised { raise() }
            state.isRaised = false
        case "s":
            if case .styles = state.purpose {
                style = number ?? 0
            } else {
                style = number ?? 0
                level = styleLevels[style]
            }
        case "outlinelevel": if let number, (0...8).contains(number), case .body = state.purpose { level = number + 1 }
        case "u":
            guard let number else { break }
            decodePending()
            let value = UInt32(truncatingIfNeeded: number < 0 ? number + 65_536 : number)
            unicode(value)
            return skipped(state.unicodeSkip, from: next)
        case "uc": state.unicodeSkip = max(0, min(number ?? 1, 16))
        case "f":
            decodePending()
            state.font = number ?? 0
        case "fcharset": if case .fontTable = state.purpose, let set = Self.charset(number ?? 0) { fonts[state.font] = set }
        case "ansicpg": codePage = number == 65001 ? "utf-8" : "windows-\(number ?? 1252)"
        case "mac": codePage = "macintosh"
        case "pc": codePage = "cp437"
        case "pca": codePage = "cp850"
        case "v":
            decodePending()
            state.isHidden = number != 0
            if state.isHidden { hiddenCount += 1 }
        case "deleted":
            decodePending()
            state.isHidden = number != 0
        case "super", "up":
            decodePending()
            if !state.isRaised { raisedFrom = paragraph.count }
            state.isRaised = true
        case "nosupersub":
            if state.isRaised { raise() }
            state.isRaised = false
        case "fonttbl": state.purpose = .fontTable
        case "stylesheet": state.purpose = .styles
        case "footnote": state.purpose = .note
        case "annotation": state.purpose = .comment
        case "atnauthor":
            let end = text.first(UInt8(ascii: "}"), from: next) ?? text.count
            commentAuthor = text.slice(next, min(end, next + 200)).string.trimmedText
            state.skips = true
        case "title": if isInInfo { state.purpose = .title }
        case "author": if isInInfo { state.purpose = .author }
        case "info": isInInfo = true
        case "header", "headerl", "headerr", "headerf": state.purpose = .edge("Page header")
        case "footer", "footerl", "footerr", "footerf": state.purpose = .edge("Page footer")
        case "pict", "objdata":
            if word == "pict", !state.skips { pictureCount += 1 }
            state.skips = true
        case "bin": return min(text.count, next + max(0, min(number ?? 0, text.count)))
        case "colortbl", "fldinst", "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "themedata",
            "colorschememapping",
            "latentstyles", "datastore", "filetbl", "revtbl", "operator", "creatim", "revtim", "printim", "keywords", "subject",
            "company",
            "doccomm", "nextfile", "template", "atnid", "atnref", "atndate", "atrfstart", "atrfend", "bkmkstart", "bkmkend",
            "nonshppict":
            state.skips = true
        case "listtext", "pntext":
            // The mark of an item, as a program without lists shows it.
            state.skips = true
            isItem = true
        case "emdash": add("\u{2014}")
        case "endash": add("\u{2013}")
        case "bullet": add("\u{2022}")
        case "lquote": add("\u{2018}")
        case "rquote": add("\u{2019}")
        case "ldblquote": add("\u{201C}")
        case "rdblquote": add("\u{201D}")
        case "emspace", "enspace", "qmspace": add(" ")
        case "shpinst", "shptxt", "shprslt", "fldrslt", "shppict": break
        default: if isOptional { state.skips = true }
        }
        return next
    }

    private var isInInfo = false
    private var isItem = false
    private var highSurrogate: UInt32 = 0

    private mutating func unicode(_ value: UInt32) {
        if (0xD800...0xDBFF).contains(value) {
            highSurrogate = value
            return
        }
        var scalar = value
        if (0xDC00...0xDFFF).contains(value), highSurrogate > 0 {
            scalar = 0x10000 + (highSurrogate - 0xD800) << 10 + (value - 0xDC00)
        }
        highSurrogate = 0
        add(String(Unicode.Scalar(scalar) ?? "\u{FFFD}"))
    }

    /// The place behind what stands for a character in programs without Unicode: bytes, or bytes in hexadecimal.
    private func skipped(_ count: Int, from start: Int) -> Int {
        var index = start
        for _ in extent(0, count) {
            if text[index] == UInt8(ascii: "\\") {
                guard text[index + 1] == UInt8(ascii: "'") else { return index }
                index += 4
            } else if text[index] == UInt8(ascii: "{") || text[index] == UInt8(ascii: "}") || index >= text.count {
                return min(index, text.count)
            } else {
                index += 1
            }
        }
        return min(index, text.count)
    }

    private static func charset(_ number: Int) -> String? {
        [
            77: "macintosh", 128: "shift_jis", 129: "euc-kr", 134: "gb2312", 136: "big5", 161: "windows-1253",
            162: "windows-1254", 163: "windows-1258",
            177: "windows-1255", 178: "windows-1256", 186: "windows-1257", 204: "windows-1251", 222: "windows-874",
            238: "windows-1250",
        ][number]
    }

    // MARK: Writing

    private mutating func endTable() throws(ReadFailure) {
        guard let finished = grid else { return }
        grid = nil
        try finished.write(into: &builder, limits: limits)
        lastWasItem = false
    }

    private mutating func endParagraph() throws(ReadFailure) {
        if isInTable {
            // A cell of several paragraphs.
            if let last = paragraph.last, !last.isSpace { paragraph.append(0x20) }
            return
        }
        defer {
            paragraph.removeAll(keepingCapacity: true)
            raisedFrom = nil
            isItem = false
        }
        try endTable()
        let words = paragraph.string.trimmedText
        if !words.isEmpty {
            if let level {
                builder.endParagraph()
                builder.mark(.heading(level: max(1, min(level, 6))))
                builder.append(text: words, onOneLine: true)
                builder.endParagraph()
                lastWasItem = false
            } else {
                if isItem, lastWasItem { builder.startLine() } else { builder.endParagraph() }
                if isItem { builder.append("- ") }
                builder.append(text: words)
                builder.startLine()
                lastWasItem = isItem
            }
        }
        for text in beside {
            builder.endParagraph()
            builder.append(text: text, onOneLine: true)
            builder.startLine()
            lastWasItem = false
        }
        beside = []
    }
}
