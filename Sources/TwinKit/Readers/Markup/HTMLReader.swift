import TwinSupport

/// HTML becomes the text that the page is about: its main part or article when it names one, without scripts, navigation
/// and forms; headings, lists, tables and code keep their structure. Broken markup is read as far as it makes sense.
struct HTMLReader {
    let text: ByteView
    let limits: ReaderLimits
    var builder: DocumentBuilder
    /// The words of the block that is open.
    var line: [UInt8] = []
    /// What has to stand before the next block: 0 nothing, 1 a line's end, 2 a blank line.
    var gap = 0
    var heading = 0
    var itemPrefix: [UInt8] = []
    var lists: [Int?] = []
    var preformatted = 0
    var tables: [HTMLTable] = []
    /// Elements inside which text is dropped: the name and how often it is open.
    private var skipping: (name: String, depth: Int, isBoilerplate: Bool)?
    private var skippedText = 0
    private var mainDepth = 0
    private var mainStart = 0
    private var mainRanges: [Range<Int>] = []
    private var mainName = ""
    private let keepsBoilerplate: Bool
    private var head = HTMLHead()
    /// Where in the open block an exponent began, and whether a link stands in it.
    var superscript: Int?
    private var isNote = false

    /// What the markup is of.
    enum Kind {
        /// A page, of which the part that it is about is read.
        case page
        /// A part of a book or another document, all of which is text.
        case part
        /// A mail, in which others are quoted.
        case mail
    }

    /// What passages are called that a mail quotes of others.
    static let quotedPart = "Quoted text"

    private var kind = Kind.page
    /// Quotations that are open in a mail.
    private var quotations = 0

    static func read(_ text: ByteView, as kind: Kind = .page, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        if kind != .page {
            var reader = HTMLReader(text, limits: limits, keepsBoilerplate: true)
            reader.kind = kind
            try reader.run()
            return try reader.finish()
        }
        var reader = HTMLReader(text, limits: limits, keepsBoilerplate: false)
        try reader.run()
        // Some pages put everything into one form or never close their navigation.
        if reader.skipping != nil || reader.skippedText > 4 * reader.builder.offset + 200 {
            var second = HTMLReader(text, limits: limits, keepsBoilerplate: true)
            try second.run()
            if reader.skipping != nil || reader.builder.offset < 200 { reader = second }
        }
        return try reader.finish()
    }

    private init(_ text: ByteView, limits: ReaderLimits, keepsBoilerplate: Bool) {
        self.text = text
        self.limits = limits
        self.keepsBoilerplate = keepsBoilerplate
        builder = DocumentBuilder(limits: limits, capacity: text.count / 2)
    }

    private mutating func run() throws(ReadFailure) {
        var index = 0
        while index < text.count, !builder.isFull {
            let next = text.first(UInt8(ascii: "<"), from: index) ?? text.count
            if next > index { append(text.slice(index, next)) }
            guard next < text.count else { break }
            guard let tag = HTMLTag.read(text, at: next) else {
                append(text.slice(next, next + 1))
                index = next + 1
                continue
            }
            index = tag.end
            if tag.name.isEmpty { continue }
            index = try handle(tag)
        }
        try closeTables()
        flush()
        if mainDepth > 0 { mainRanges.append(extent(mainStart, builder.offset)) }
    }

    /// Gives the place where reading goes on.
    private mutating func handle(_ tag: HTMLTag) throws(ReadFailure) -> Int {
        let element = HTMLElement(tag.name)
        if case .raw = element, !tag.isEnd, !tag.isSelfClosing { return endOfRaw(tag) }
        if case .title = element, !tag.isEnd, skipping == nil, head.title == nil {
            let close = text.firstIgnoringCase("</title", from: tag.end, to: tag.end + 4096)
            let end = close ?? tag.end
            head.title = HTMLEntities.decoded(text.slice(tag.end, end))
            return end
        }
        if let open = skipping {
            if tag.name == open.name, !tag.isSelfClosing {
                let depth = open.depth + (tag.isEnd ? -1 : 1)
                skipping = depth == 0 ? nil : (open.name, depth, open.isBoilerplate)
                if depth == 0 { breakBlock(2) }
            }
            return tag.end
        }
        if !tag.isEnd, isSkipped(element, tag) {
            flush()
            if !tag.isSelfClosing { skipping = (tag.name, 1, true) }
            return tag.end
        }
        if case .formula = element, !tag.isEnd, !tag.isSelfClosing {
            let end = text.firstIgnoringCase("</math", from: tag.end) ?? text.count
            appendFormula(MathText.plain(text.slice(tag.end, end)))
            return end
        }
        try open(element, tag)
        return tag.end
    }

    private mutating func appendFormula(_ formula: [UInt8]) {
        if let last = line.last, !last.isSpace, last != UInt8(ascii: "("), preformatted == 0 { line.append(0x20) }
        line += formula
    }

    /// `10<sup>6</sup>` is `10^6`; the number of a note, which is a link, stands in brackets; `1<sup>st</sup>` stays as it is.
    private mutating func setSuperscript(_ tag: HTMLTag) {
        guard tag.isEnd else {
            superscript = line.count
            isNote = false
            return
        }
        defer { superscript = nil }
        guard let start = superscript, start > 0, start < line.count else { return }
        let inside = line[start...]
        let before = line[start - 1]
        if isNote, inside.first != UInt8(ascii: "["), inside.allSatisfy({ $0.isAlphanumeric }) {
            line.insert(UInt8(ascii: "["), at: start)
            line.append(UInt8(ascii: "]"))
        } else if !isNote, Superscript.isExponent(inside), before.isAlphanumeric || before == UInt8(ascii: ")") || before >= 0x80
        {
            line.insert(UInt8(ascii: "^"), at: start)
        }
    }

    /// What a picture shows stands in the line: a sign is a part of it, words are told from those around them.
    private mutating func appendPicture(_ words: String) {
        guard preformatted == 0 else { return }
        let isSign = words.unicodeScalars.count <= 2 && !words.contains(where: \.isLetter)
        if !isSign, let last = line.last, !last.isSpace { line.append(0x20) }
        line += (isSign ? words : PictureText.line(words) + " ").utf8
    }

    /// A quotation in a mail is a part of its own, so that it is not taken for the sender's words.
    private mutating func quote(_ tag: HTMLTag) {
        flush()
        if tag.isEnd {
            guard quotations > 0 else { return }
            quotations -= 1
            if quotations == 0 { builder.mark(.part("")) }
        } else {
            quotations += 1
            if quotations == 1 {
                builder.endParagraph()
                builder.mark(.part(HTMLReader.quotedPart))
            }
        }
    }

    private mutating func open(_ element: HTMLElement, _ tag: HTMLTag) throws(ReadFailure) {
        if kind == .mail, tag.name == "blockquote" { quote(tag) }
        switch element {
        case .inline: if tag.name == "a", !tag.isEnd, superscript != nil { isNote = true }
        case .superscript: setSuperscript(tag)
        case .formula: break
        case .void:
            head.read(tag, text)
            if tag.name == "img", let words = PictureText.words(tag.attribute("alt", in: text)) { appendPicture(words) }
        case .block:
            // The first paragraph of a list item stands behind the item's mark.
            breakBlock(itemPrefix.isEmpty || tag.isEnd ? 2 : 1)
        case .line: breakBlock(1)
        case .heading(let level):
            breakBlock(2)
            heading = tag.isEnd ? 0 : level
        case .preformatted:
            breakBlock(2)
            setPreformatted(!tag.isEnd)
        case .list: setList(tag)
        case .listItem:
            breakBlock(1)
            if !tag.isEnd { startItem() }
        case .lineBreak: breakLine()
        case .rule: breakBlock(2)
        case .table, .row, .cell, .headerCell: try table(element, tag)
        case .main, .pageHeader:
            breakBlock(2)
            if case .main = element { setMain(tag) }
        case .boilerplate: breakBlock(2)
        case .title, .raw, .hidden: breakBlock(1)
        }
        if tag.name == "html", !tag.isEnd {
            head.language = tag.attribute("lang", in: text) ?? tag.attribute("xml:lang", in: text)
        }
    }

    /// Only the outermost of nested `main` and `article` elements counts.
    private mutating func setMain(_ tag: HTMLTag) {
        if mainDepth == 0 {
            guard !tag.isEnd else { return }
            mainName = tag.name
            mainStart = builder.offset
        }
        guard tag.name == mainName else { return }
        mainDepth += tag.isEnd ? -1 : 1
        if mainDepth == 0 { mainRanges.append(extent(mainStart, builder.offset)) }
    }

    private func endOfRaw(_ tag: HTMLTag) -> Int {
        var search = tag.end
        while let close = text.first(UInt8(ascii: "<"), from: search) {
            if text[close + 1] == UInt8(ascii: "/"),
                let end = HTMLTag.read(text.slice(0, min(text.count, close + 80)), at: close),
                end.name == tag.name
            {
                return text.first(UInt8(ascii: ">"), from: close).map { $0 + 1 } ?? text.count
            }
            search = close + 1
        }
        return text.count
    }

    /// Notes stand in an element that pages use for what is beside the matter (Digital Publishing WAI-ARIA 1.1).
    private func isNote(_ tag: HTMLTag) -> Bool {
        let role = (tag.attribute("role", in: text) ?? "") + " " + (tag.attribute("epub:type", in: text) ?? "")
        return role.contains("note") || role.contains("doc-tip")
    }

    private func isSkipped(_ element: HTMLElement, _ tag: HTMLTag) -> Bool {
        switch element {
        case .hidden: return true
        case .boilerplate where tag.name == "aside" && isNote(tag): return false
        case .boilerplate: return !keepsBoilerplate
        case .pageHeader: return !keepsBoilerplate && mainDepth == 0
        case .void, .lineBreak, .rule, .title, .raw: return false
        default: break
        }
        guard !keepsBoilerplate, !tag.attributes.isEmpty, tag.attributes.count > 6 else { return false }
        switch tag.name {
        case "html", "body", "main", "article": return false
        default: return HTMLBoilerplate.isMarked(tag, in: text)
        }
    }

    // MARK: Text

    private mutating func append(_ run: ByteView) {
        if let open = skipping {
            if open.isBoilerplate { skippedText += run.trimmed.count }
            return
        }
        if preformatted > 0 {
            appendPreformatted(run)
            return
        }
        var index = 0
        var start = 0
        while index < run.count {
            let byte = run[index]
            if byte > 0x20, byte != UInt8(ascii: "&"), byte != 0xC2 {
                index += 1
                continue
            }
            if byte == 0x20, index > start || !line.isEmpty && line.last != 0x20, run[index + 1] > 0x20 {
                index += 1
                continue
            }
            if byte == 0xC2, run[index + 1] != 0xA0, run[index + 1] != 0xAD {
                index += 2
                continue
            }
            line.append(run.slice(start, index))
            if byte == UInt8(ascii: "&") {
                let length = HTMLEntities.decode(run, at: index, into: &line)
                if length == 0 { line.append(byte) }
                index += max(length, 1)
            } else {
                if let last = line.last, last != 0x20, !(byte == 0xC2 && run[index + 1] == 0xAD) { line.append(0x20) }
                index += byte == 0xC2 ? 2 : 1
            }
            start = index
        }
        line.append(run.slice(start, run.count))
    }

    private mutating func appendPreformatted(_ run: ByteView) {
        var index = 0
        while let ampersand = run.first(UInt8(ascii: "&"), from: index) {
            line.append(run.slice(index, ampersand))
            let length = HTMLEntities.decode(run, at: ampersand, into: &line)
            if length == 0 { line.append(UInt8(ascii: "&")) }
            index = ampersand + max(length, 1)
        }
        line.append(run.slice(index, run.count))
    }

    private consuming func finish() throws(ReadFailure) -> ExtractedDocument {
        let (head, ranges) = (head, mainRanges)
        let inside = kind == .page ? ranges.reduce(0) { $0 + $1.count } : 0
        // A `main` that holds next to nothing is a shell that a script would fill; then the whole page is better.
        if inside >= 200 || inside * 4 >= builder.offset, inside > 0 { builder.keep(ranges) }
        var document = try builder.finish(title: head.title)
        head.apply(to: &document)
        return document
    }
}
