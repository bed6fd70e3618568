import TwinSupport

/// Footnotes, endnotes and comments of a word-processing document, which stand in parts of their own.
enum WordNotes {
    /// The texts of notes or comments by their number; a comment says whose it is. Those without a type are the writer's own.
    static func read(_ view: ByteView, isComment: Bool, _ limits: ReaderLimits) throws(ReadFailure)
        -> [String: String]
    {
        var xml = XMLReader(view, limits: limits)
        var result: [String: String] = [:]
        var (id, author, type) = ("", "", "")
        var text: [UInt8] = []
        var isText = false
        while let event = try xml.next() {
            switch (event, xml.name) {
            case (.start, "footnote"), (.start, "endnote"), (.start, "comment"):
                id = xml.attribute("id") ?? ""
                author = xml.attribute("author") ?? ""
                type = xml.attribute("type") ?? "normal"
                text = []
            case (.start, "del"), (.start, "moveFrom"), (.start, "Fallback"), (.start, "instrText"): try xml.skipElement()
            case (.start, "t"): isText = true
            case (.start, "tab"), (.start, "br"): text.append(0x20)
            case (.text, _): if isText { xml.appendText(to: &text) }
            case (.end, "t"): isText = false
            case (.end, "p"): text.append(0x20)
            case (.end, "footnote"), (.end, "endnote"), (.end, "comment"):
                guard type == "normal", let words = text.string.nonBlank else { continue }
                let name =
                    isComment
                    ? author.isEmpty ? "Comment" : "Comment by \(author)" : xml.name == "endnote" ? "Endnote" : "Footnote"
                result[id] = "\(name): \(words)"
            default: break
            }
        }
        return result
    }
}
