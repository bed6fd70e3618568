import TwinSupport

/// A feed (RSS 2.0, RSS 1.0, Atom of RFC 4287): each item is a record under its title, with its date and address.
struct FeedReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var head = Item()
    private var count = 0

    private struct Item {
        var title = ""
        var link = ""
        var date = ""
        var author = ""
        var summary = ""
        var content = ""
        /// What else says what the item is: of Media RSS and of podcasts.
        var others: [String] = []
        var language = ""
    }

    static func read(
        _ bytes: [UInt8], charset: String?, isStated: Bool = false, limits: ReaderLimits
    ) throws(ReadFailure) -> ExtractedDocument {
        guard bytes.count <= limits.maximumTextBytes else { throw .tooLarge("\(ReaderLimits.size(bytes.count)) of feed") }
        let decoded = TextDecoding.decode(bytes, charset: charset, isStated: isStated)
        var reader = FeedReader(builder: DocumentBuilder(limits: limits), limits: limits)
        var damage: String?
        do throws(ReadFailure) {
            try decoded.bytes.withView { (view) throws(ReadFailure) in try reader.feed(view) }
        } catch {
            guard case .malformed(let reason) = error, !reader.builder.isEmpty else { throw error }
            damage = reason
        }
        let head = reader.head
        var document = try reader.builder.finish(title: Self.plain(head.title, limits))
        document.link = head.link.nonBlank
        document.author = head.author.nonBlank
        document.language = head.language.nonBlank
        document.publishedAt = StatedDate.rfc3339(head.date)
        if let notice = decoded.notice { document.notices.append(notice) }
        if let damage { document.notices.append("what stands behind a damaged place is missing: \(damage)") }
        return document
    }

    private init(builder: DocumentBuilder, limits: ReaderLimits) {
        self.builder = builder
        self.limits = limits
    }

    private mutating func feed(_ view: ByteView) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var item: Item?
        var isHeadWritten = false
        do throws(ReadFailure) { try items(&xml, &item, &isHeadWritten) } catch {
            // What was read of an item before the damage is said.
            if let item { try write(item) }
            throw error
        }
        if !isHeadWritten { try writeHead() }
    }

    private mutating func items(_ xml: inout XMLReader, _ item: inout Item?, _ isHeadWritten: inout Bool) throws(ReadFailure) {
        while let event = try xml.next(), !builder.isFull {
            switch event {
            case .text: break
            case .end:
                if xml.name == "item" || xml.name == "entry", let finished = item {
                    try write(finished)
                    item = nil
                }
            case .start:
                if xml.name == "item" || xml.name == "entry" {
                    if !isHeadWritten { try writeHead() }
                    isHeadWritten = true
                    item = Item()
                } else if item != nil {
                    var copy = item ?? Item()
                    try Self.field(&xml, &copy)
                    item = copy
                } else if xml.name != "image" {
                    try Self.field(&xml, &head)
                } else {
                    try xml.skipElement()
                }
            }
        }
    }

    /// Takes an element that says something of the feed or of an item; others are entered, so that nothing is missed.
    private static func field(_ xml: inout XMLReader, _ item: inout Item) throws(ReadFailure) {
        switch (xml.prefix, xml.name) {
        case ("", "title"): item.title = try xml.elementText()
        case ("", "link"), ("atom", "link"), ("a10", "link"):
            let relation = xml.attribute("rel") ?? "alternate"
            let target = xml.attribute("href")
            let text = try xml.elementText()
            if relation == "alternate", let address = target?.nonBlank ?? text.nonBlank, item.link.isEmpty { item.link = address }
        case ("", "pubDate"), ("", "published"), ("dc", "date"), ("dcterms", "created"): item.date = try xml.elementText()
        case ("", "updated"), ("", "lastBuildDate"), ("dcterms", "modified"):
            let text = try xml.elementText()
            if item.date.isEmpty { item.date = text }
        case ("", "name"), ("dc", "creator"), ("itunes", "author"), ("", "managingEditor"):
            let text = try xml.elementText()
            if item.author.isEmpty { item.author = text }
        case ("", "author"): break  // Atom's holds `name`, RSS's is an address that stays unread
        case ("", "language"): item.language = try xml.elementText()
        case ("", "description"), ("", "summary"), ("", "subtitle"): item.summary = try markup(&xml)
        case ("content", "encoded"), ("", "content"): item.content = try markup(&xml)
        case ("media", "description"), ("itunes", "summary"), ("itunes", "subtitle"), ("googleplay", "description"),
            ("dc", "description"), ("content", "description"):
            let text = try markup(&xml)
            if item.others.count < 8 { item.others.append(text) }
        default: break
        }
    }

    /// The element's content as markup: escaped, in a CDATA section, or real elements (Atom's type `xhtml`).
    private static func markup(_ xml: inout XMLReader) throws(ReadFailure) -> String {
        let outside = xml.depth - 1
        var output: [UInt8] = []
        let isMarkup = xml.attribute("type") != "text"
        while xml.depth > outside, let event = try xml.next() {
            switch event {
            case .text:
                if isMarkup { xml.appendText(to: &output) } else { xml.appendText(to: &output) }
            case .start: output += "<\(xml.name)>".utf8
            case .end: if xml.depth > outside { output += "</\(xml.name)>".utf8 }
            }
        }
        return output.string
    }

    private static func plain(_ text: String, _ limits: ReaderLimits) -> String {
        guard text.contains("<") || text.contains("&") else { return text.trimmedText }
        let document = try? Array(text.utf8).withView { (view) throws(ReadFailure) in try HTMLReader.read(view, limits: limits) }
        return document?.text.split(separator: "\n").joined(separator: " ") ?? text
    }

    private mutating func writeHead() throws(ReadFailure) { try write([head.summary] + head.others, headingShift: 0) }

    private func document(_ markup: String) throws(ReadFailure) -> ExtractedDocument {
        let limits = limits
        return try Array(markup.utf8).withView { (view) throws(ReadFailure) in
            if view.first(UInt8(ascii: "<"), from: 0) == nil {
                var plain = DocumentBuilder(limits: limits)
                plain.append(text: HTMLEntities.decoded(view))
                return try plain.finish()
            }
            return try HTMLReader.read(view, limits: limits)
        }
    }

    private mutating func write(_ item: Item) throws(ReadFailure) {
        count += 1
        builder.endParagraph()
        builder.mark(.record)
        let title = Self.plain(item.title, limits)
        if !title.isEmpty {
            builder.mark(.heading(level: 2))
            builder.append(text: title, onOneLine: true)
            builder.endParagraph()
        }
        var facts: [String] = []
        if let date = StatedDate.rfc3339(item.date) { facts.append("Published: \(date.prefix(10))") }
        if let author = item.author.nonBlank { facts.append("Author: \(author)") }
        if let link = item.link.nonBlank { facts.append("Link: \(link)") }
        if !facts.isEmpty {
            builder.append(text: facts.joined(separator: "; "), onOneLine: true)
            builder.endParagraph()
        }
        try write([item.summary, item.content] + item.others, headingShift: 2)
    }

    /// Writes what is said in several elements; what another one says as well is said once.
    private mutating func write(_ texts: [String], headingShift: Int) throws(ReadFailure) {
        var documents: [(document: ExtractedDocument, words: String)] = []
        for text in texts where !text.isEmpty {
            let document = try document(text)
            let words = Self.words(document.text)
            if words.isEmpty || documents.contains(where: { $0.words.contains(words) }) { continue }
            documents.removeAll { words.contains($0.words) }
            documents.append((document, words))
        }
        for one in documents { builder.append(one.document, headingShift: headingShift) }
    }

    /// Letters and digits only, so that an excerpt is found in what it is an excerpt of.
    private static func words(_ text: String) -> String {
        var view = text[...]
        for end in ["[\u{2026}]", "[...]", "\u{2026}", "..."] where view.trimmedSuffix.hasSuffix(end) {
            view = view.trimmedSuffix.dropLast(end.count)
        }
        return String(
            String.UnicodeScalarView(
                view.unicodeScalars.filter { $0.properties.isAlphabetic || UInt8(exactly: $0.value)?.isDigit == true }))
    }
}

extension Substring {
    fileprivate var trimmedSuffix: Substring {
        var result = self
        while let last = result.last, last.isWhitespace { result.removeLast() }
        return result
    }
}
