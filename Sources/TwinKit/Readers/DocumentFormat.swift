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
    /// A text in OpenDocument (OASIS, ISO/IEC 26300).
    case odt
    /// Sheets in OpenDocument.
    case ods
    /// Slides in OpenDocument.
    case odp
    /// Rich Text Format.
    case rtf
    /// Org, as Emacs writes it.
    case org
    /// reStructuredText.
    case rst
    /// AsciiDoc.
    case asciidoc
    /// LaTeX, as far as its text goes.
    case latex
    /// A Word document of before 2007, read through an installed converter.
    case doc
    /// An Excel workbook of before 2007, read through an installed converter.
    case xls
    /// PowerPoint slides of before 2007, read through an installed converter.
    case ppt
    /// A mail message as Outlook saves it.
    case msg
    /// A picture, whose text `tesseract` recognizes when it is installed.
    case picture
    /// A recording or a video, of which what is said is written down.
    case audio
    /// A ZIP archive, as the folder that it was made of.
    case zip
    /// A tar archive, as the folder that it was made of.
    case tar

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
        case .odt: "OpenDocument text"
        case .ods: "OpenDocument workbook"
        case .odp: "OpenDocument slides"
        case .rtf: "Rich Text"
        case .org: "Org"
        case .rst: "reStructuredText"
        case .asciidoc: "AsciiDoc"
        case .latex: "LaTeX"
        case .doc: "Word 97 document"
        case .xls: "Excel 97 workbook"
        case .ppt: "PowerPoint 97 slides"
        case .msg: "Outlook message"
        case .picture: "picture"
        case .audio: "recording"
        case .zip: "ZIP archive"
        case .tar: "tar archive"
        }
    }

    /// What a citation of such a document has beside the document's title.
    package var kept: String {
        switch self {
        case .text: "paragraphs; of logs and chats the entry with its moment"
        case .markdown, .html, .docx, .odt, .rtf, .org, .rst, .asciidoc, .latex: "headings"
        case .csv, .tsv: "the row, each value under its column's name"
        case .xlsx, .ods, .xls: "the sheet and the row, each value under its column's name"
        case .json, .jsonl: "the record; of a notebook headings and code, of a chat's export the message with who and when"
        case .srt, .vtt: "the time"
        case .pptx, .odp: "the slide"
        case .epub: "the chapter and its headings"
        case .feed: "the entry"
        case .email, .msg: "headings; what is quoted of others, and signatures, apart"
        case .mbox: "the message; what is quoted of others, and signatures, apart"
        case .pdf: "the page and headings"
        case .doc, .ppt: "paragraphs; through LibreOffice also headings and slides"
        case .picture: "the text"
        case .audio: "the time"
        case .zip, .tar: "the file's path in it, and what its format keeps"
        }
    }

    /// What has to be installed for it, or makes more of it; none for what is read without.
    package var tools: String? {
        switch self {
        case .pdf: "pdftotext; tesseract and pdftoppm for scanned pages"
        case .doc: "LibreOffice, antiword or catdoc"
        case .xls: "LibreOffice or xls2csv (catdoc)"
        case .ppt: "LibreOffice or catppt (catdoc)"
        case .picture: "tesseract"
        case .audio: "a transcription endpoint, or whisper"
        case .latex: "pandoc, where it is installed: it runs macros"
        default: nil
        }
    }

    /// File name extensions, lower case and without the dot, the usual one first.
    package var fileExtensions: [String] {
        switch self {
        case .text: ["txt", "text", "log", "info", "nfo"]
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
        case .odt: ["odt", "ott"]
        case .ods: ["ods", "ots"]
        case .odp: ["odp", "otp"]
        case .rtf: ["rtf"]
        case .org: ["org"]
        case .rst: ["rst", "rest"]
        case .asciidoc: ["adoc", "asciidoc", "asc"]
        case .latex: ["tex", "latex", "ltx"]
        case .doc: ["doc", "dot"]
        case .xls: ["xls", "xlt"]
        case .ppt: ["ppt", "pps"]
        case .msg: ["msg"]
        case .picture: ["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "gif"]
        case .audio: ["mp3", "m4a", "wav", "ogg", "oga", "opus", "flac", "aac", "wma", "mp4", "m4v", "mov", "webm", "mkv"]
        case .zip: ["zip"]
        case .tar: ["tar", "tgz"]
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
        case .odt: ["application/vnd.oasis.opendocument.text"]
        case .ods: ["application/vnd.oasis.opendocument.spreadsheet"]
        case .odp: ["application/vnd.oasis.opendocument.presentation"]
        case .rtf: ["application/rtf", "text/rtf"]
        case .org: ["text/org"]
        case .rst: ["text/x-rst", "text/prs.fallenstein.rst"]
        case .asciidoc: ["text/asciidoc"]
        case .latex: ["application/x-latex", "application/x-tex", "text/x-tex"]
        case .doc: ["application/msword"]
        case .xls: ["application/vnd.ms-excel"]
        case .ppt: ["application/vnd.ms-powerpoint"]
        case .msg: ["application/vnd.ms-outlook"]
        case .picture: ["image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif"]
        case .audio:
            [
                "audio/mpeg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/ogg", "audio/opus", "audio/flac", "audio/aac",
                "audio/webm", "video/mp4", "video/webm", "video/quicktime", "video/x-matroska",
            ]
        case .zip: ["application/zip", "application/x-zip-compressed"]
        case .tar: ["application/x-tar"]
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
        case .docx, .pptx, .xlsx, .epub, .pdf, .odt, .ods, .odp, .doc, .xls, .ppt, .msg, .picture, .audio, .zip, .tar: false
        default: true
        }
    }

    /// Whether documents of it are ZIP archives with parts of their own.
    var isPackage: Bool {
        switch self {
        case .docx, .pptx, .xlsx, .epub, .odt, .ods, .odp: true
        default: false
        }
    }
}
