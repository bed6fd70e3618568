import TwinSupport

/// What a page says of itself in its head.
struct HTMLHead {
    var title: String?
    var language: String?
    private var author: String?
    private var publishedAt: String?
    private var link: String?
    private var description: String?

    /// Reads a `meta` or `link` element.
    mutating func read(_ tag: HTMLTag, _ text: ByteView) {
        if tag.name == "link" {
            if tag.attribute("rel", in: text)?.lowercased() == "canonical", let target = tag.attribute("href", in: text),
                target.hasPrefix("http://") || target.hasPrefix("https://")
            {
                link = target
            }
            return
        }
        guard tag.name == "meta", let content = tag.attribute("content", in: text), !content.isEmpty, content.utf8.count <= 2000,
            let name = tag.attribute("name", in: text) ?? tag.attribute("property", in: text)
                ?? tag.attribute("itemprop", in: text)
        else { return }
        switch name.lowercased() {
        case "author", "dc.creator", "dcterms.creator", "citation_author": author = author ?? content
        case "article:author" where !content.hasPrefix("http"): author = author ?? content
        case "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "citation_publication_date",
            "dcterms.created",
            "pubdate", "publish_date", "sailthru.date":
            publishedAt = publishedAt ?? StatedDate.rfc3339(content)
        case "og:url" where content.hasPrefix("http"): link = link ?? content
        case "og:title", "twitter:title": if title?.nonBlank == nil { title = content }
        case "description", "og:description": description = description ?? content
        default: break
        }
    }

    func apply(to document: inout ExtractedDocument) {
        document.title = title.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }?.nonBlank
        if document.title == nil { document.title = document.firstHeading }
        document.author = author
        document.publishedAt = publishedAt
        document.language = language?.nonBlank
        document.link = link
        if let description { document.metadata["description"] = .string(description) }
    }
}

extension ExtractedDocument {
    /// The text of the first heading.
    var firstHeading: String? {
        for mark in marks {
            if case .heading = mark.kind {
                return text.withView { $0.slice(mark.offset, $0.lineEnd(from: mark.offset)).string }.nonBlank
            }
        }
        return nil
    }
}

/// Elements that say in their attributes that they are not of the page's own text.
enum HTMLBoilerplate {
    private static let roles: Set<String> = [
        "navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar",
    ]
    private static let classes: Set<String> = [
        "nav", "navbar", "navigation", "navheader", "navfooter", "navlinks", "sidebar", "sphinxsidebar", "related", "breadcrumb",
        "breadcrumbs",
        "headerlink", "footer", "site-footer", "site-header", "page-footer", "cookie", "cookie-banner", "cookie-notice", "social",
        "share",
        "sharing", "advertisement", "ads", "skip-link", "skiplink", "mw-editsection", "mw-jump-link", "noprint", "toc-backref",
        "permalink", "sr-only", "visually-hidden", "navpane", "clipboard-copy", "anchorjs-link", "menu", "header-anchor",
        "headeranchor",
    ]

    static func isMarked(_ tag: HTMLTag, in text: ByteView) -> Bool {
        if let role = tag.attribute("role", in: text), roles.contains(role.lowercased()) { return true }
        if tag.attribute("hidden", in: text) != nil { return true }
        if tag.attribute("aria-hidden", in: text) == "true", tag.name != "a" { return true }
        if let style = tag.attribute("style", in: text)?.lowercased(),
            style.contains("display:none") || style.contains("display: none")
        {
            return true
        }
        guard let names = tag.attribute("class", in: text) ?? tag.attribute("id", in: text) else { return false }
        if classes.contains(names) { return true }
        return names.split(separator: " ").contains { classes.contains($0.lowercased()) }
    }
}
