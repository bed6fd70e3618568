import TwinSupport

/// A document that is a ZIP archive of XML parts: Office Open XML (ECMA-376 part 2) and EPUB (OCF).
struct PackageReader {
    private var archive: ZipArchive
    /// What the source's log should say of its parts.
    private(set) var notices: [String] = []
    let limits: ReaderLimits

    init(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) {
        self.limits = limits
        do {
            archive = try ZipArchive(
                bytes,
                limits: .init(
                    maximumEntries: limits.maximumEntries, maximumUnpackedBytes: limits.maximumUnpackedBytes,
                    maximumRatio: limits.maximumRatio))
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: ZipArchive.Failure) -> ReadFailure {
        switch error {
        case .damaged(let reason): .malformed("as an archive: \(reason)")
        case .tooLarge(let reason): .tooLarge(reason)
        case .unsupported(let reason): .unsupported(reason)
        }
    }

    /// The names of all parts, in their order.
    var names: [String] { archive.entries.map(\.name) }

    func contains(_ name: String) -> Bool { archive.contains(name) }

    /// A part's bytes as clean UTF-8, none when there is no such part.
    mutating func part(_ name: String) throws(ReadFailure) -> [UInt8]? {
        do {
            return try archive.read(name).map { bytes in
                let decoded = TextDecoding.decode(bytes, charset: CharacterSet.declared(in: bytes))
                if let notice = decoded.notice, notices.count < 20 { notices.append("\(name.prefix(100)): \(notice)") }
                return decoded.bytes
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// A part's bytes as they are.
    mutating func data(_ name: String) throws(ReadFailure) -> [UInt8]? {
        do { return try archive.read(name) } catch { throw Self.failure(error) }
    }

    /// A part without which there is no document.
    mutating func required(_ name: String) throws(ReadFailure) -> [UInt8] {
        guard let bytes = try part(name) else { throw .malformed("its part \(name.prefix(100)) is missing") }
        return bytes
    }

    struct Relationship {
        var target: String
        var type: String
    }

    /// What the relationships of a part refer to, by identifier (ECMA-376 part 2, section 6.5).
    mutating func relationships(of name: String) throws(ReadFailure) -> [String: Relationship] {
        let (folder, file) = Self.split(name)
        guard let bytes = try part("\(folder)_rels/\(file).rels") else { return [:] }
        let limits = limits
        return try bytes.withView { (view) throws(ReadFailure) in
            var result: [String: Relationship] = [:]
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                guard event == .start, xml.name == "Relationship", xml.attribute("TargetMode") != "External",
                    let id = xml.attribute("Id"),
                    let target = xml.attribute("Target")
                else { continue }
                let type = xml.attribute("Type").map { String($0.split(separator: "/").last ?? "") } ?? ""
                result[id] = Relationship(target: Self.resolve(target, from: folder), type: type)
            }
            return result
        }
    }

    /// Title, author, date and language from the core properties (ECMA-376 part 2, section 8).
    mutating func applyProperties(to document: inout ExtractedDocument) throws(ReadFailure) {
        guard let bytes = try part("docProps/core.xml") else { return }
        let limits = limits
        var values: [String: String] = [:]
        try bytes.withView { (view) throws(ReadFailure) in
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                if event == .start, xml.depth == 2 { values[xml.name] = try xml.elementText() }
            }
        }
        document.notices += notices
        document.title = values["title"]?.nonBlank ?? document.title
        document.author = values["creator"]?.nonBlank
        document.publishedAt = values["created"].flatMap(StatedDate.rfc3339)
        document.language = values["language"]?.nonBlank
        for name in ["subject", "description", "keywords", "category"] {
            if let value = values[name]?.nonBlank { document.metadata[name] = .string(value) }
        }
    }

    // MARK: Names of parts

    /// The folder with its final slash, and the file.
    static func split(_ name: String) -> (folder: String, file: String) {
        guard let slash = name.lastIndex(of: "/") else { return ("", name) }
        return (String(name[...slash]), String(name[name.index(after: slash)...]))
    }

    /// A reference inside the archive as the name of a part: relative to `folder`, `..` resolved, without fragment.
    static func resolve(_ reference: String, from folder: String) -> String {
        let path = percentDecoded(String(reference.prefix { $0 != "#" && $0 != "?" }))
        var parts: [Substring] = path.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in path.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    private static func percentDecoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return text.withView { view in
            var output: [UInt8] = []
            var index = 0
            while index < view.count {
                if view[index] == UInt8(ascii: "%"), let high = view[index + 1].hexValue, let low = view[index + 2].hexValue {
                    output.append(high << 4 | low)
                    index += 3
                } else {
                    output.append(view[index])
                    index += 1
                }
            }
            return output.string
        }
    }
}
