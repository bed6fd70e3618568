import TwinSupport

/// A feed in JSON (https://www.jsonfeed.org/version/1.1), item by item as those in XML.
enum JSONFeedReader {
    static func read(_ feed: JSON, _ items: [JSON], _ limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var builder = DocumentBuilder(limits: limits)
        if let words = feed["description"]?.stringValue?.nonBlank { builder.append(text: words) }
        for item in items where !builder.isFull {
            builder.endParagraph()
            builder.mark(.record)
            if let title = item["title"]?.stringValue?.nonBlank {
                builder.mark(.heading(level: 2))
                builder.append(text: title, onOneLine: true)
                builder.endParagraph()
            }
            var facts: [String] = []
            if let date = item["date_published"]?.stringValue.flatMap(StatedDate.rfc3339) {
                facts.append("Published: \(date.prefix(10))")
            }
            let authors = (item["authors"]?.arrayValue ?? [item["author"] ?? .null]).compactMap {
                $0["name"]?.stringValue?.nonBlank
            }
            if !authors.isEmpty { facts.append("Author: \(authors.joined(separator: ", "))") }
            if let link = item["url"]?.stringValue?.nonBlank { facts.append("Link: \(link)") }
            if !facts.isEmpty {
                builder.append(text: facts.joined(separator: "; "), onOneLine: true)
                builder.endParagraph()
            }
            if let page = item["content_html"]?.stringValue?.nonBlank {
                let document = try Array(page.utf8).withView { (view) throws(ReadFailure) in
                    try HTMLReader.read(view, as: .part, limits: limits)
                }
                builder.append(document, headingShift: 2)
            } else if let text = item["content_text"]?.stringValue?.nonBlank ?? item["summary"]?.stringValue?.nonBlank {
                builder.append(text: text)
            }
        }
        var document = try builder.finish(title: feed["title"]?.stringValue?.nonBlank)
        document.link = feed["home_page_url"]?.stringValue?.nonBlank
        document.language = feed["language"]?.stringValue?.nonBlank
        let authors = feed["authors"]?.arrayValue ?? [feed["author"] ?? .null]
        document.author = authors.lazy.compactMap { $0["name"]?.stringValue?.nonBlank }.first
        return document
    }
}
