import TwinSupport

/// What the styles of an OpenDocument file say about its text, by their names.
struct OpenDocumentStyles {
    /// Text, tables and sheets that are not shown.
    private(set) var hidden: Set<String> = []
    /// Text that stands above its line.
    private(set) var raised: Set<String> = []
    private(set) var numberedLists: Set<String> = []

    mutating func read(_ view: ByteView, _ limits: ReaderLimits) throws(ReadFailure) {
        var xml = XMLReader(view, limits: limits)
        var (style, list) = ("", "")
        while let event = try xml.next() {
            guard event == .start else { continue }
            switch (xml.prefix, xml.name) {
            case ("office", "body"): return
            case ("style", "style"): style = xml.attribute("name") ?? ""
            case ("style", "table-properties"): if xml.attribute("display") == "false" { hidden.insert(style) }
            case ("style", "text-properties"):
                if xml.attribute("display") == "none" { hidden.insert(style) }
                if xml.attribute("text-position")?.hasPrefix("super") == true
                    || xml.attribute("text-position").map({ ($0.first?.isNumber ?? false) && $0 != "0% 100%" }) == true
                {
                    raised.insert(style)
                }
            case ("text", "list-style"): list = xml.attribute("name") ?? ""
            case ("text", "list-level-style-number"):
                if xml.attribute("num-format")?.isEmpty == false { numberedLists.insert(list) }
            default: break
            }
        }
    }
}
