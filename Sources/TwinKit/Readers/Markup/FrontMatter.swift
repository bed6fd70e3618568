import TwinSupport

/// What a Markdown file says of itself before its text: YAML between `---` lines or TOML between `+++` lines. Of YAML, the
/// part that front matter uses is read: scalars, quoted scalars, block scalars, and lists in either style.
struct FrontMatter {
    var values = JSONObject()
    /// Where the text begins.
    var end = 0

    /// Values past this number of bytes are no front matter.
    private static let maximumBytes = 64 << 10

    static func parse(_ text: ByteView) -> FrontMatter? {
        let isTOML = text.hasPrefix("+++")
        guard isTOML || text.hasPrefix("---"), text.slice(0, text.lineEnd(from: 0)).trimmed.count == 3 else { return nil }
        var lines: [ByteView] = []
        var index = text.lineEnd(from: 0) + 1
        guard !text.slice(index, text.lineEnd(from: index)).trimmed.isEmpty else { return nil }
        var result = FrontMatter()
        while index < text.count, index < maximumBytes {
            let line = text.slice(index, text.lineEnd(from: index))
            index += line.count + 1
            let bare = line.trimmed
            if bare.count == 3, bare.hasPrefix(isTOML ? "+++" : "---") || (!isTOML && bare.hasPrefix("...")), !line[0].isSpace {
                result.end = min(index, text.count)
                break
            }
            lines.append(line)
        }
        guard result.end > 0, result.read(lines, separator: UInt8(ascii: isTOML ? "=" : ":")) else { return nil }
        return result
    }

    /// Reads `key: value` lines. False when the first line that says anything is none, so that this was a rule and text.
    private mutating func read(_ lines: [ByteView], separator: UInt8) -> Bool {
        var key: String?
        var list: [JSON] = []
        var block: [String]?
        func store(_ values: inout JSONObject) {
            guard let key else { return }
            if let block {
                values[key] = .string(block.joined(separator: " ").trimmedText)
            } else if !list.isEmpty {
                values[key] = .array(list)
            }
        }
        for line in lines {
            let bare = line.trimmed
            if bare.isEmpty || (bare[0] == UInt8(ascii: "#") && block == nil) { continue }
            if line[0].isSpace || (bare[0] == UInt8(ascii: "-") && key != nil) {
                if block != nil {
                    block?.append(bare.string)
                } else if key != nil, bare[0] == UInt8(ascii: "-"), bare[1].isSpace || bare.count == 1 {
                    list.append(Self.scalar(bare.slice(1, bare.count).trimmed))
                }
                continue
            }
            if bare[0] == UInt8(ascii: "["), separator == UInt8(ascii: "=") { continue }
            guard let place = bare.first(separator, from: 0), place > 0, place < 80,
                separator == UInt8(ascii: "=") || place + 1 == bare.count || bare[place + 1].isSpace
            else {
                if key == nil { return false }
                continue
            }
            store(&values)
            let name = bare.slice(0, place).trimmed.string
            let value = bare.slice(place + 1, bare.count).trimmed
            key = name
            list = []
            block = nil
            if value.count <= 2, value[0] == UInt8(ascii: "|") || value[0] == UInt8(ascii: ">") {
                block = []
            } else if value[0] == UInt8(ascii: "["), value[value.count - 1] == UInt8(ascii: "]") {
                values[name] = .array(Self.items(value.slice(1, value.count - 1)))
            } else if !value.isEmpty {
                values[name] = Self.scalar(value)
            }
        }
        store(&values)
        return key != nil
    }

    private static func items(_ list: ByteView) -> [JSON] {
        list.contents.split(separator: UInt8(ascii: ",")).compactMap { part in
            let value = ByteView(UnsafeBufferPointer(rebasing: part)).trimmed
            return value.isEmpty ? nil : scalar(value)
        }
    }

    private static func scalar(_ value: ByteView) -> JSON {
        let quote = value[0]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), value.count >= 2, value[value.count - 1] == quote {
            if quote == UInt8(ascii: "\""), let text = try? JSONParser.parse(value.contents) { return text }
            return .string(value.slice(1, value.count - 1).string)
        }
        var end = value.count
        var search = 0
        while let hash = value.first(UInt8(ascii: "#"), from: search) {
            if hash > 0, value[hash - 1].isSpace {
                end = hash
                break
            }
            search = hash + 1
        }
        let text = value.slice(0, end).trimmed.string
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null", "~", "": return .null
        default: return .string(text)
        }
    }

    /// Gives the document what its front matter says of it; everything stays in the metadata as well.
    func apply(to document: inout ExtractedDocument) {
        document.metadata = values
        func text(_ names: String...) -> String? {
            for name in names {
                if let value = values[name]?.stringValue?.nonBlank { return value }
                let list = values[name]?.arrayValue?.compactMap(\.stringValue) ?? []
                if !list.isEmpty { return list.joined(separator: ", ") }
            }
            return nil
        }
        document.title = text("title", "Title") ?? document.title
        document.author = text("author", "authors", "Author", "by") ?? document.author
        document.publishedAt =
            text("date", "published", "publishedAt", "pubDate", "Date").flatMap(StatedDate.rfc3339) ?? document.publishedAt
        document.language = text("lang", "language", "locale") ?? document.language
        document.link =
            text("canonical", "canonical_url", "url", "link").flatMap { $0.hasPrefix("http") ? $0 : nil } ?? document.link
    }
}
