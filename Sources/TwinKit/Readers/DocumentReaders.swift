import TwinSupport

/// The door to all readers: bytes in, text with marks out. Nothing here keeps state, so any number of threads may read.
package enum DocumentReaders {
    /// Raised whenever the same bytes would give another text or other marks, so that stored sources can be read again.
    package static let version = 3

    /// The format of a document, or none when its bytes are of no kind that is read here. A `.gz` file is judged by what is in it.
    package static func detect(_ input: DocumentInput) -> DocumentFormat? {
        if Gzip.isGzip(input.bytes), input.format == nil {
            guard let head = try? Gzip.decompress(input.bytes, maximumBytes: 65_536, allowsTruncation: true) else { return nil }
            return head.withView { FormatDetection.detect(input, $0) }
        }
        return input.bytes.withView { FormatDetection.detect(input, $0) }
    }

    /// Reads a document. The same bytes, name and media type give the same result.
    package static func read(_ input: DocumentInput, limits: ReaderLimits = .init()) throws(ReadFailure) -> ExtractedDocument {
        try readAndDetect(input, limits: limits).document
    }

    /// The same, with the format that it was read as.
    static func readAndDetect(_ input: DocumentInput, limits: ReaderLimits) throws(ReadFailure)
        -> (document: ExtractedDocument, format: DocumentFormat)
    {
        guard input.bytes.count <= limits.maximumInputBytes else {
            throw .tooLarge(
                "\(ReaderLimits.size(input.bytes.count)) where at most \(ReaderLimits.size(limits.maximumInputBytes)) are read")
        }
        guard !input.bytes.isEmpty else { throw .empty("an empty file") }
        var input = input
        if Gzip.isGzip(input.bytes) {
            input.bytes = try Gzip.decompress(
                input.bytes, maximumBytes: limits.maximumUnpackedBytes, maximumRatio: limits.maximumRatio)
            input.path = nil
            guard !input.bytes.isEmpty else { throw .empty("an empty file") }
            guard !Gzip.isGzip(input.bytes) else { throw .unsupported("a file packed twice; unpack it first") }
        }
        let detected = input.bytes.withView { FormatDetection.detect(input, $0) }
        guard let format = detected else {
            throw .unsupported(input.bytes.withView { BinaryContent.reason($0) } ?? "of a kind that twin does not know")
        }
        var document = try read(input, as: format, limits: limits)
        guard !document.text.isEmpty else { throw .empty(emptyReason(format)) }
        document.title = ExportedName.without(document.title) ?? ExportedName.title(ofFile: input.name)
        return (document, format)
    }

    private static func emptyReason(_ format: DocumentFormat) -> String {
        format == .pdf
            ? "a PDF without text, probably scanned; run ocrmypdf on it first"
            : format == .audio ? "a recording in which nobody speaks" : "a \(format.name) file without any text"
    }

    private static func read(_ input: DocumentInput, as format: DocumentFormat, limits: ReaderLimits) throws(ReadFailure)
        -> ExtractedDocument
    {
        var input = input
        switch format {
        case .docx: return try WordReader.read(input.bytes, limits: limits)
        case .pptx: return try SlidesReader.read(input.bytes, limits: limits)
        case .xlsx: return try WorkbookReader.read(input.bytes, limits: limits)
        case .epub: return try BookReader.read(input.bytes, limits: limits)
        case .pdf: return try PDFReader.read(input, limits: limits)
        case .odt, .ods, .odp: return try OpenDocumentReader.read(input.bytes, limits: limits)
        case .doc, .xls, .ppt: return try LegacyReader.read(input, as: format, limits: limits)
        case .msg: return try OutlookReader.read(input.bytes, limits: limits)
        case .audio: return try RecordingReader.read(input, limits: limits)
        case .picture: return try PictureReader.read(input, limits: limits)
        case .zip: return try ArchiveReader.readZip(input.bytes, limits: limits)
        case .tar: return try ArchiveReader.readTar(input.bytes, limits: limits)
        case .rtf: return try input.bytes.withView { (view) throws(ReadFailure) in try RTFReader.read(view, limits: limits) }
        case .email: return try MailReader.read(input.bytes, limits: limits)
        case .mbox: return try MailReader.readMailbox(input.bytes, limits: limits)
        case .feed:
            return try FeedReader.read(
                input.bytes, charset: charset(input, format), isStated: input.charset != nil, limits: limits)
        default: break
        }
        guard input.bytes.count <= limits.maximumTextBytes else {
            throw .tooLarge(
                "\(ReaderLimits.size(input.bytes.count)) of text where at most \(ReaderLimits.size(limits.maximumTextBytes)) are read; split it"
            )
        }
        if input.format != nil, input.charset == nil,
            let reason = input.bytes.withView({ BinaryContent.reason($0, isNamedText: true) })
        {
            throw .unsupported(reason)
        }
        let isWide = charset(input, format).map {
            $0.lowercased().hasPrefix("utf") && !$0.contains("8") || $0.lowercased().hasPrefix("ucs")
        }
        let zeros = isWide == true ? 0 : input.bytes.withView { BinaryContent.strayZeros($0) }
        if zeros > 0 { input.bytes.removeAll { $0 == 0 } }
        let people = format == .json && input.people.isEmpty ? ChatPeople.besides(input.path) : input.people
        let decoded = TextDecoding.decode(input.bytes, charset: charset(input, format), isStated: input.charset != nil)
        var document = try decoded.bytes.withView { (text) throws(ReadFailure) in
            try readText(text, as: format, people: people, limits: limits)
        }
        if let notice = decoded.notice { document.notices.insert(notice, at: 0) }
        if zeros > 0 { document.notices.append("\(zeros) NUL bytes in the text were left out") }
        return document
    }

    private static func readText(
        _ text: ByteView, as format: DocumentFormat, people: [String: String], limits: ReaderLimits
    ) throws(ReadFailure) -> ExtractedDocument {
        switch format {
        case .markdown: try MarkdownReader.read(text, limits: limits)
        case .html: try HTMLReader.read(text, limits: limits)
        case .csv: try DelimitedReader.read(text, delimiter: nil, limits: limits)
        case .tsv: try DelimitedReader.read(text, delimiter: UInt8(ascii: "\t"), limits: limits)
        case .json: try JSONReader.read(text, people: people, limits: limits)
        case .jsonl: try JSONReader.readLines(text, limits: limits)
        case .srt, .vtt: try CaptionReader.read(text, limits: limits)
        case .org: try OrgReader.read(text, limits: limits)
        case .rst: try RSTReader.read(text, limits: limits)
        case .asciidoc: try AsciiDocReader.read(text, limits: limits)
        case .latex:
            // Only a program that runs its macros knows what they print.
            if let document = PandocReader.read(text, from: "latex", limits: limits) {
                document
            } else {
                try LaTeXReader.read(text, limits: limits)
            }
        default: try PlainTextReader.read(text, limits: limits)
        }
    }

    /// The character set that the transport or the document itself declares.
    private static func charset(_ input: DocumentInput, _ format: DocumentFormat) -> String? {
        if let charset = input.charset { return charset }
        if let type = input.mediaType, let name = MediaTypeParameters.value("charset", of: type) { return name }
        return format == .html || format == .feed ? CharacterSet.declared(in: input.bytes) : nil
    }
}
