import TwinSupport

/// Which format a document has: what the caller forces, then signatures that leave no doubt, then the file's name, then
/// the media type, then a look at the text.
enum FormatDetection {
    static func detect(_ input: DocumentInput, _ bytes: ByteView) -> DocumentFormat? {
        if let format = input.format { return format }
        if bytes[0..<1024].first(UInt8(ascii: "%"), from: 0) != nil, isPDF(bytes) { return .pdf }
        let byName = DocumentFormat(fileExtension: fileExtension(input.name))
        if bytes.hasPrefix("PK\u{3}\u{4}") || bytes.hasPrefix("PK\u{5}\u{6}") { return container(bytes, byName) }
        if bytes.hasPrefix("{\\rtf") { return .rtf }
        if bytes.hasPrefix("ustar", at: 257) { return .tar }
        if let format = compound(bytes, byName) { return format }
        if isPicture(bytes) { return .picture }
        if isRecording(bytes) { return .audio }
        let isText = byName?.isTextual == true
        if input.charset == nil, BinaryContent.reason(bytes, isNamedText: isText) != nil { return nil }
        let byType = input.mediaType.flatMap { DocumentFormat(mediaType: $0) }
        if let format = byType, format != .text, format.isTextual { return refine(format, bytes) }
        if let format = byName, format.isTextual { return refine(format, bytes) }
        // A text that calls itself a PDF or an archive is read as what it is.
        return sniff(bytes)
    }

    /// The extension in lower case, without a `.gz` behind it; empty when the name has none.
    static func fileExtension(_ name: String) -> String {
        var parts = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last == "gz" { parts.removeLast() }
        return parts.count > 1 ? String(parts.last ?? "") : ""
    }

    private static func isPDF(_ bytes: ByteView) -> Bool {
        for index in extent(0, min(1024, bytes.count)) where bytes[index] == UInt8(ascii: "%") {
            if bytes.hasPrefix("%PDF-", at: index) {
                return index == 0 || !bytes.slice(0, index).contents.allSatisfy { $0 >= 0x20 }
                    || bytes.slice(0, index).trimmed.isEmpty
            }
        }
        return false
    }

    /// An Office file or a book is known by the names of its first members, which stand readable in the archive.
    private static func container(_ bytes: ByteView, _ byName: DocumentFormat?) -> DocumentFormat? {
        if bytes.hasPrefix("mimetypeapplication/epub+zip", at: 30) { return .epub }
        for (type, format): (StaticString, DocumentFormat) in [("text", .odt), ("spreadsheet", .ods), ("presentation", .odp)]
        where bytes.hasPrefix("mimetypeapplication/vnd.oasis.opendocument.", at: 30) && bytes.hasPrefix(type, at: 73) {
            return format
        }
        if let byName, byName.isPackage { return byName }
        guard let entries = try? ZipArchive.directory(bytes, limits: .init()) else { return byName == .zip ? .zip : nil }
        for entry in entries.prefix(1000) {
            if entry.name == "word/document.xml" { return .docx }
            if entry.name == "ppt/presentation.xml" { return .pptx }
            if entry.name == "xl/workbook.xml" { return .xlsx }
            if entry.name == "META-INF/container.xml" { return .epub }
            // Programs are archives too.
            if entry.name == "META-INF/MANIFEST.MF" || entry.name.hasSuffix(".dex")
                || entry.name == "manifest.json" && byName == nil
            {
                return nil
            }
        }
        return byName == nil || byName == .zip ? .zip : nil
    }

    /// An Office file of before 2007, or a message of Outlook: one container for all, which its streams' names tell apart (MS-CFB).
    private static func compound(_ bytes: ByteView, _ byName: DocumentFormat?) -> DocumentFormat? {
        guard bytes[0] == 0xD0, bytes.hasPrefix("\u{11}", at: 2), bytes[1] == 0xCF, bytes[3] == 0xE0 else { return nil }
        switch byName {
        case .doc, .xls, .ppt, .msg: return byName
        default: return CompoundFile.kind(bytes)
        }
    }

    private static func isPicture(_ bytes: ByteView) -> Bool {
        if bytes.hasPrefix("GIF8") || bytes.hasPrefix("PNG\r\n", at: 1) && bytes[0] == 0x89 { return true }
        if bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF { return true }
        if bytes.hasPrefix("II*\0") || bytes.hasPrefix("MM\0*") { return true }
        return bytes.hasPrefix("RIFF") && bytes.hasPrefix("WEBP", at: 8)
    }

    private static func isRecording(_ bytes: ByteView) -> Bool {
        if bytes.hasPrefix("ID3") || bytes.hasPrefix("OggS") || bytes.hasPrefix("fLaC") { return true }
        // A frame of MPEG audio: eleven bits that are set, and a layer.
        if bytes[0] == 0xFF, [0xFB, 0xF3, 0xF2, 0xFA].contains(bytes[1]) { return true }
        if bytes.hasPrefix("RIFF") { return bytes.hasPrefix("WAVE", at: 8) || bytes.hasPrefix("AVI ", at: 8) }
        if bytes[0] == 0x1A, bytes[1] == 0x45, bytes[2] == 0xDF, bytes[3] == 0xA3 { return true }
        // Pictures use the same boxes (HEIF, AVIF).
        return bytes.hasPrefix("ftyp", at: 4) && !bytes.hasPrefix("hei", at: 8) && !bytes.hasPrefix("avi", at: 8)
            && !bytes.hasPrefix("mif1", at: 8)
    }

    /// JSON of one value a line is often named `.json`, feeds and pages are often served as the other.
    private static func refine(_ format: DocumentFormat, _ bytes: ByteView) -> DocumentFormat {
        switch format {
        case .json: isJSONLines(bytes) ? .jsonl : .json
        case .html: isFeed(bytes) ? .feed : .html
        case .feed: isFeed(bytes) || !looksLikeHTML(bytes) ? .feed : .html
        default: format
        }
    }

    static func sniff(_ bytes: ByteView) -> DocumentFormat {
        let start = bytes.hasPrefix("\u{FEFF}") ? 3 : 0
        let text = bytes.slice(start, min(bytes.count, start + 4096)).trimmed
        if isFeed(bytes) { return .feed }
        if looksLikeHTML(bytes) { return .html }
        if text.hasPrefix("WEBVTT") { return .vtt }
        if text.hasPrefix("From "), let next = text.first(0x0A, from: 0), isHeaderLine(text.slice(next + 1, text.count)) {
            return .mbox
        }
        if isMail(text) { return .email }
        if text[0] == UInt8(ascii: "{"), isJSONLines(bytes) { return .jsonl }
        return .text
    }

    private static func looksLikeHTML(_ bytes: ByteView) -> Bool {
        var text = bytes[0..<4096].trimmed
        if text.hasPrefix("\u{FEFF}") { text = text.slice(3, text.count).trimmed }
        // An XML declaration and comments may stand before the page itself.
        for _ in 0..<16 {
            guard text.hasPrefix("<?") || text.hasPrefix("<!--") else { break }
            guard let end = text.first(UInt8(ascii: ">"), from: 0) else { return false }
            text = text.slice(end + 1, text.count).trimmed
        }
        return text.hasPrefixIgnoringCase("<!doctype html") || text.hasPrefixIgnoringCase("<html")
            || text.hasPrefixIgnoringCase("<head>")
            || text.hasPrefixIgnoringCase("<body")
    }

    private static func isFeed(_ bytes: ByteView) -> Bool {
        let text = bytes[0..<4096]
        var index = 0
        while let open = text.first(UInt8(ascii: "<"), from: index) {
            index = open + 1
            let next = text[index]
            if next == UInt8(ascii: "?") || next == UInt8(ascii: "!") { continue }
            let isRDF = text.hasPrefix("rdf:RDF", at: index) && text.firstIgnoringCase("purl.org/rss", from: index) != nil
            let isAtom = text.hasPrefix("feed", at: index) && !text[index + 4].isAlphanumeric
            return isAtom || isRDF || (text.hasPrefix("rss", at: index) && !text[index + 3].isAlphanumeric)
        }
        return false
    }

    /// The first two lines that say anything are JSON objects or lists of their own.
    private static func isJSONLines(_ bytes: ByteView) -> Bool {
        var index = 0
        var found = 0
        while index < bytes.count, found < 2 {
            let end = bytes.lineEnd(from: index)
            let line = bytes.slice(index, end).trimmed
            index = end + 1
            if line.isEmpty { continue }
            let closes = line[0] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
            guard line[0] == UInt8(ascii: "{") || line[0] == UInt8(ascii: "["), line[line.count - 1] == closes,
                line.count <= 1 << 20,
                (try? JSONParser.parse(line.contents)) != nil
            else { return false }
            found += 1
        }
        return found == 2
    }

    private static func isHeaderLine(_ text: ByteView) -> Bool {
        guard let colon = text.first(UInt8(ascii: ":"), from: 0, to: 60), colon > 1 else { return false }
        for index in extent(0, colon) where text[index] <= 0x20 || text[index] >= 0x7F { return false }
        return true
    }

    /// Header lines of which at least two are typical of mail.
    private static func isMail(_ text: ByteView) -> Bool {
        var typical = 0
        var index = 0
        while index < text.count {
            let end = text.lineEnd(from: index)
            let line = text.slice(index, end)
            index = end + 1
            if line.trimmed.isEmpty { break }
            if line[0].isSpace { continue }
            guard isHeaderLine(line) else { return false }
            for name: StaticString in ["from:", "received:", "return-path:", "message-id:", "mime-version:", "delivered-to:"]
            where line.hasPrefixIgnoringCase(name) { typical += 1 }
        }
        return typical >= 2
    }
}
