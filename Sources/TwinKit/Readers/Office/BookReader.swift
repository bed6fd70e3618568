import TwinSupport

/// An electronic book (EPUB 3.3, and 2.0.1): the chapters in reading order, each a part named as the table of contents
/// names it.
struct BookReader {
    private var package: PackageReader
    /// Files of which the table of contents names several places, so that none of the names is that of the whole.
    private var shared: Set<String> = []
    private var manifest: [String: (path: String, properties: String)] = [:]
    private var spine: [String] = []
    private var contents = ""
    private var metadata: [String: String] = [:]

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = BookReader(package: try PackageReader(bytes, limits: limits))
        return try reader.read(limits)
    }

    private init(package: PackageReader) { self.package = package }

    private mutating func read(_ limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        let root = try rootFile(limits)
        try readPackage(root, limits)
        let names = try chapterNames(limits)
        var builder = DocumentBuilder(limits: limits)
        var notices: [String] = []
        for id in spine where !builder.isFull {
            guard let item = manifest[id], !item.properties.contains("nav"), let bytes = try package.part(item.path) else {
                continue
            }
            let chapter: ExtractedDocument
            do {
                chapter = try bytes.withView { (view) throws(ReadFailure) in try HTMLReader.read(view, as: .part, limits: limits)
                }
            } catch {
                notices.append("the chapter \(item.path.prefix(100)) was left out: \(error.message)")
                continue
            }
            if chapter.text.isEmpty { continue }
            builder.endParagraph()
            builder.mark(.part(String((partName(of: chapter, at: item.path, names) ?? "").prefix(200))))
            builder.append(chapter)
        }
        var document = try builder.finish(title: metadata["title"])
        document.author = metadata["creator"]?.nonBlank
        document.language = metadata["language"]?.nonBlank
        document.publishedAt = metadata["date"].flatMap(StatedDate.rfc3339)
        for name in ["publisher", "description", "identifier", "subject"] {
            if let value = metadata[name]?.nonBlank { document.metadata[name] = .string(value) }
        }
        document.notices = notices + package.notices
        return document
    }

    /// The name of a file's text as a part; none when it holds several chapters, whose own headings then name them.
    private func partName(of chapter: ExtractedDocument, at path: String, _ names: [String: String]) -> String? {
        let levels = chapter.marks.compactMap { if case .heading(let level) = $0.kind { level } else { nil } }
        if let top = levels.min(), levels.count(where: { $0 == top }) > 1 { return nil }
        if shared.contains(path), !levels.isEmpty { return nil }
        return names[path] ?? chapter.firstHeading
    }

    private mutating func rootFile(_ limits: ReaderLimits) throws(ReadFailure) -> String {
        if package.contains("META-INF/encryption.xml"), package.contains("META-INF/rights.xml") {
            throw .unsupported("a copy-protected book")
        }
        let container = try package.required("META-INF/container.xml")
        let path = try container.withView { (view) throws(ReadFailure) -> String? in
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                if event == .start, xml.name == "rootfile", let path = xml.attribute("full-path") { return path }
            }
            return nil
        }
        guard let path else { throw .malformed("the book does not say where its contents are") }
        return path
    }

    private mutating func readPackage(_ path: String, _ limits: ReaderLimits) throws(ReadFailure) {
        let bytes = try package.required(path)
        let folder = PackageReader.split(path).folder
        var (items, order, values, toc) = ([String: (path: String, properties: String)](), [String](), [String: String](), "")
        try bytes.withView { (view) throws(ReadFailure) in
            var xml = XMLReader(view, limits: limits)
            while let event = try xml.next() {
                guard event == .start else { continue }
                switch xml.name {
                case "item":
                    guard let id = xml.attribute("id"), let reference = xml.attribute("href") else { continue }
                    let item = (
                        path: PackageReader.resolve(reference, from: folder), properties: xml.attribute("properties") ?? ""
                    )
                    items[id] = item
                    if item.properties.contains("nav") { toc = item.path }
                    if toc.isEmpty, xml.attribute("media-type") == "application/x-dtbncx+xml" { toc = item.path }
                case "itemref": if let id = xml.attribute("idref") { order.append(id) }
                default:
                    if xml.prefix == "dc", values[xml.name] == nil {
                        let name = xml.name
                        values[name] = try xml.elementText()
                    }
                }
            }
        }
        (manifest, spine, metadata, contents) = (items, order, values, toc)
    }

    /// The names of chapters by the path of their file, from the navigation document or the older NCX. A book whose table of
    /// contents is broken is still a book.
    private mutating func chapterNames(_ limits: ReaderLimits) throws(ReadFailure) -> [String: String] {
        guard !contents.isEmpty, let bytes = try package.part(contents) else { return [:] }
        let folder = PackageReader.split(contents).folder
        let (names, shared) = bytes.withView { view -> ([String: String], Set<String>) in
            var names: [String: String] = [:]
            var shared: Set<String> = []
            var xml = XMLReader(view, limits: limits)
            var label = ""
            func add(_ reference: String, _ name: String) {
                let path = PackageReader.resolve(reference, from: folder)
                let name = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if let known = names[path] {
                    if known != name { shared.insert(path) }
                } else if !name.isEmpty {
                    names[path] = name
                }
            }
            do {
                while let event = try xml.next() {
                    guard event == .start else { continue }
                    switch xml.name {
                    case "text": label = try xml.elementText()
                    case "content": if let reference = xml.attribute("src") { add(reference, label) }
                    case "a": if let reference = xml.attribute("href") { add(reference, try xml.elementText()) }
                    default: break
                    }
                }
            } catch {}
            return (names, shared)
        }
        self.shared = shared
        return names
    }
}
