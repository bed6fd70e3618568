/// What an element means for the text of a page.
enum HTMLElement {
    /// Part of a line: emphasis, links, everything unknown.
    case inline
    /// Begins and ends a paragraph.
    case block
    /// Begins and ends a line.
    case line
    case heading(Int)
    case preformatted
    case listItem
    case list
    case lineBreak
    case rule
    case table, row, cell, headerCell
    case title
    /// Above the line: an exponent, or the number of a note.
    case superscript
    /// A formula in MathML.
    case formula
    /// Its content is no text (`script`) and ends only at its own end tag.
    case raw
    /// Its content is not of the page's own text.
    case hidden
    /// Navigation and the like, dropped unless nothing else is there.
    case boilerplate
    /// Boilerplate outside of an article only.
    case pageHeader
    case main
    case void

    init(_ name: String) {
        switch name {
        case "p", "div", "section", "blockquote", "figure", "figcaption", "address", "details", "summary", "center", "dl",
            "fieldset", "body", "hgroup", "para", "article-title":
            self = .block
        case "dt", "dd", "caption", "legend", "option": self = .line
        case "h1": self = .heading(1)
        case "h2": self = .heading(2)
        case "h3": self = .heading(3)
        case "h4": self = .heading(4)
        case "h5": self = .heading(5)
        case "h6": self = .heading(6)
        case "pre", "listing", "xmp": self = .preformatted
        case "li": self = .listItem
        case "ul", "ol", "menu", "dir": self = .list
        case "br": self = .lineBreak
        case "hr": self = .rule
        case "table": self = .table
        case "tr": self = .row
        case "td": self = .cell
        case "th": self = .headerCell
        case "title": self = .title
        case "sup": self = .superscript
        case "math": self = .formula
        case "script", "style", "textarea", "iframe", "noframes", "noembed": self = .raw
        case "template", "svg", "object", "select", "button", "noscript", "canvas", "audio", "video", "datalist":
            self = .hidden
        case "nav", "aside", "form", "dialog", "search": self = .boilerplate
        case "header", "footer": self = .pageHeader
        case "main", "article": self = .main
        case "area", "base", "col", "embed", "img", "input", "link", "meta", "param", "source", "track", "wbr": self = .void
        default: self = .inline
        }
    }
}
