import TwinSupport

/// What the styles and the numbering of a document say of a paragraph.
struct WordStyles {
    struct Style {
        var level: Int?
        var isTitle = false
        var isCode = false
        var numbering: String?
        fileprivate var base: String?
    }

    private var styles: [String: Style] = [:]
    /// The abstract numbering of each list, and the levels of each abstract numbering that count.
    private var abstract: [String: String] = [:]
    private var numbered: [String: Set<Int>] = [:]

    /// Broken parts are as good as missing ones: the text is still there.
    init(styles: [UInt8], numbering: [UInt8], limits: ReaderLimits) {
        styles.withView { try? readStyles(XMLReader($0, limits: limits)) }
        numbering.withView { try? readNumbering(XMLReader($0, limits: limits)) }
    }

    private mutating func readStyles(_ reader: XMLReader) throws(ReadFailure) {
        var xml = reader
        var id = ""
        var style = Style()
        while let event = try xml.next() {
            if event == .end, xml.name == "style" { styles[id] = style }
            guard event == .start else { continue }
            switch xml.name {
            case "style":
                id = xml.attribute("styleId") ?? ""
                style = Style()
            case "name":
                let name = (xml.attribute("val") ?? "").lowercased()
                if name.hasPrefix("heading "), let level = Int(name.dropFirst(8)), (1...9).contains(level) { style.level = level }
                style.isTitle = name == "title"
                style.isCode = name.contains("code") || name.contains("preformatted") || name == "source text"
            case "basedOn": style.base = xml.attribute("val")
            case "outlineLvl":
                if let level = xml.attribute("val").flatMap({ Int($0) }), (0...8).contains(level) {
                    style.level = style.level ?? level + 1
                }
            case "numId": style.numbering = xml.attribute("val").flatMap { $0 == "0" ? nil : $0 }
            default: break
            }
        }
    }

    private mutating func readNumbering(_ reader: XMLReader) throws(ReadFailure) {
        var xml = reader
        var current = ""
        var level = 0
        var list = ""
        while let event = try xml.next() {
            guard event == .start else { continue }
            switch xml.name {
            case "abstractNum": current = xml.attribute("abstractNumId") ?? ""
            case "lvl": level = xml.attribute("ilvl").flatMap { Int($0) } ?? 0
            case "numFmt":
                if let format = xml.attribute("val"), format != "bullet", format != "none" {
                    numbered[current, default: []].insert(level)
                }
            case "num": list = xml.attribute("numId") ?? ""
            case "abstractNumId": abstract[list] = xml.attribute("val") ?? ""
            default: break
            }
        }
    }

    func isNumbered(_ list: String, _ depth: Int) -> Bool { abstract[list].flatMap { numbered[$0] }?.contains(depth) ?? false }

    /// The style with what it inherits; a chain of styles is followed for ten steps.
    func style(_ id: String) -> Style {
        var result = styles[id] ?? Style()
        // Documents without a styles part still use the names.
        if styles.isEmpty, id.hasPrefix("Heading"), let level = Int(id.dropFirst(7)), (1...9).contains(level) {
            result.level = level
        }
        if styles.isEmpty, id == "Title" { result.isTitle = true }
        var base = result.base
        for _ in 0..<10 {
            guard let id = base, let style = styles[id] else { break }
            result.level = result.level ?? style.level
            result.numbering = result.numbering ?? style.numbering
            result.isCode = result.isCode || style.isCode
            base = style.base
        }
        return result
    }
}
