import TwinSupport

/// What a document's bytes are, which decides who reads them.
package enum DocumentFormat: String, Sendable, CaseIterable {
    /// Plain text in UTF-8, UTF-16 with a byte-order mark, or a legacy eight-bit set.
    case text
    /// Markdown, as CommonMark with tables and front matter.
    case markdown
    /// HTML or XHTML; the main text without navigation.
    case html
    /// Comma-separated values (RFC 4180), also with `;` or `|`.
    case csv
    /// Tab-separated values.
    case tsv
    /// One JSON value (RFC 8259).
    case json
    /// One JSON value a line.
    case jsonl
    /// SubRip subtitles.
    case srt
    /// WebVTT captions.
    case vtt
    /// A word-processing document in Office Open XML (ECMA-376).
    case docx
    /// Slides in Office Open XML (ECMA-376).
    case pptx
    /// A workbook in Office Open XML (ECMA-376).
    case xlsx
    /// An electronic book (EPUB 2 or 3).
    case epub
    /// An RSS 2.0, RSS 1.0 or Atom (RFC 4287) feed.
    case feed
    /// One mail message (RFC 5322).
    case email
    /// A mailbox of messages (RFC 4155).
    case mbox
    /// A PDF file, read through `pdftotext`.
    case pdf

    /// What people call it.
    package var name: String {
        switch self {
        case .text: "plain text"
        case .markdown: "Markdown"
        case .html: "HTML"
        case .csv: "CSV"
        case .tsv: "TSV"
        case .json: "JSON"
        case .jsonl: "JSON Lines"
        case .srt: "SubRip subtitles"
        case .vtt: "WebVTT captions"
        case .docx: "Word document"
        case .pptx: "PowerPoint slides"
        case .xlsx: "Excel workbook"
        case .epub: "EPUB book"
        case .feed: "RSS or Atom feed"
        case .email: "mail message"
        case .mbox: "mailbox"
        case .pdf: "PDF"
        }
    }

    /// File name extensions, lower case and without the dot, the usual one first.
    package var fileExtensions: [String] {
        switch self {
        case .text: ["txt", "text", "log", "rst", "adoc", "asciidoc", "org", "tex", "info", "nfo"]
        case .markdown: ["md", "markdown", "mdown", "mkd", "mkdn", "mdx", "qmd", "rmd"]
        case .html: ["html", "htm", "xhtml", "xht", "shtml"]
        case .csv: ["csv"]
        case .tsv: ["tsv", "tab"]
        case .json: ["json", "ipynb", "geojson", "webmanifest"]
        case .jsonl: ["jsonl", "ndjson"]
        case .srt: ["srt"]
        case .vtt: ["vtt"]
        case .docx: ["docx", "docm", "dotx"]
        case .pptx: ["pptx", "pptm", "ppsx"]
        case .xlsx: ["xlsx", "xlsm", "xltx"]
        case .epub: ["epub"]
        case .feed: ["rss", "atom", "rdf"]
        case .email: ["eml"]
        case .mbox: ["mbox", "mbx"]
        case .pdf: ["pdf"]
        }
    }

    /// Media types without parameters, the registered one first.
    package var mediaTypes: [String] {
        switch self {
        case .text: ["text/plain"]
        case .markdown: ["text/markdown", "text/x-markdown"]
        case .html: ["text/html", "application/xhtml+xml"]
        case .csv: ["text/csv", "application/csv"]
        case .tsv: ["text/tab-separated-values"]
        case .json: ["application/json", "text/json", "application/ld+json"]
        case .jsonl: ["application/jsonl", "application/x-ndjson", "application/x-jsonlines"]
        case .srt: ["application/x-subrip", "text/srt"]
        case .vtt: ["text/vtt"]
        case .docx: ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]
        case .pptx: ["application/vnd.openxmlformats-officedocument.presentationml.presentation"]
        case .xlsx: ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
        case .epub: ["application/epub+zip"]
        case .feed: ["application/rss+xml", "application/atom+xml", "application/rdf+xml"]
        case .email: ["message/rfc822"]
        case .mbox: ["application/mbox"]
        case .pdf: ["application/pdf", "application/x-pdf"]
        }
    }

    private static let byExtension: [String: DocumentFormat] = {
        var result: [String: DocumentFormat] = [:]
        for format in allCases { for name in format.fileExtensions { result[name] = format } }
        return result
    }()

    private static let byMediaType: [String: DocumentFormat] = {
        var result: [String: DocumentFormat] = [:]
        for format in allCases { for name in format.mediaTypes { result[name] = format } }
        return result
    }()

    /// The format that a file name extension (in any case, without its dot) stands for.
    package init?(fileExtension: String) {
        guard let format = Self.byExtension[fileExtension.lowercased()] else { return nil }
        self = format
    }

    /// The format that a media type stands for; parameters such as `charset` are left aside.
    package init?(mediaType: String) {
        let type = mediaType.prefix { $0 != ";" }
        guard let format = Self.byMediaType[String(type).trimmedText.lowercased()] else { return nil }
        self = format
    }

    /// Whether the bytes are text in some character set rather than a container of their own.
    var isTextual: Bool {
        switch self {
        case .docx, .pptx, .xlsx, .epub, .pdf: false
        default: true
        }
    }
}
