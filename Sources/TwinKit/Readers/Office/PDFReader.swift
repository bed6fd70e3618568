import Glibc
import TwinSupport

/// PDF through poppler's `pdftotext`, with its pages marked and its lines joined to paragraphs.
enum PDFReader {
    private static let install = "apt-get install poppler-utils"

    static func read(_ input: DocumentInput, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        guard let tool = Subprocess.find("pdftotext") else { throw .missingTool(tool: "pdftotext", install: install) }
        var file: TemporaryFile?
        let path: String
        if let given = input.path, !FilePath.isEscaped(given) {
            // A path that is not absolute could look like an option.
            path = given.hasPrefix("/") ? given : "./\(given)"
        } else {
            let written = try TemporaryFile(input.bytes)
            file = written
            path = written.path
        }
        defer { file?.remove() }
        let output = try run(tool, ["-enc", "UTF-8", "-eol", "unix", path, "-"], limits)
        guard output.status == 0 || !output.bytes.isEmpty else { throw failure(output) }
        let text = TextDecoding.decode(output.bytes).bytes
        var document = try text.withView { (view) throws(ReadFailure) in try PageText.document(view, limits: limits) }
        if document.text.isEmpty { document = try TextRecognition.pages(ofPDF: path, limits: limits) }
        if let tool = Subprocess.find("pdfinfo"), let facts = try? run(tool, ["-isodates", "-enc", "UTF-8", path], limits) {
            apply(TextDecoding.decode(facts.bytes).bytes, to: &document)
        }
        if document.title == nil { document.title = document.firstHeading }
        if output.status != 0 {
            document.notices.append("pdftotext ended with status \(output.status); the text may be incomplete")
        }
        return document
    }

    private static func run(_ tool: String, _ arguments: [String], _ limits: ReaderLimits) throws(ReadFailure)
        -> Subprocess.Output
    {
        try Converter(tool: "pdftotext", limits: limits).run(tool, arguments)
    }

    private static func failure(_ output: Subprocess.Output) -> ReadFailure {
        let errors = output.errors
        if errors.contains("Incorrect password") { return .unsupported("a PDF protected with a password; save it without one") }
        if errors.contains("Copying of text") { return .unsupported("a PDF whose author forbids taking its text") }
        let first = errors.split(separator: "\n").first.map(String.init) ?? "status \(output.status)"
        return .malformed("pdftotext cannot read this PDF (\(first.prefix(200)))")
    }

    /// Reads `Title: …` lines as `pdfinfo` writes them.
    private static func apply(_ facts: [UInt8], to document: inout ExtractedDocument) {
        for line in facts.string.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), let value = String(line[line.index(after: colon)...]).nonBlank else {
                continue
            }
            switch line[..<colon] {
            case "Title": document.title = isTitle(value) ? value : nil
            case "Author": document.author = value
            case "Subject": document.metadata["subject"] = .string(value)
            case "Keywords": document.metadata["keywords"] = .string(value)
            case "CreationDate": document.publishedAt = StatedDate.rfc3339(isoDate(value))
            case "Pages": if let pages = Int(value) { document.metadata["pages"] = .number(pages) }
            default: break
            }
        }
    }

    /// Programs that print put the name of their own file or "untitled" where a title belongs.
    private static func isTitle(_ text: String) -> Bool {
        let name = text.lowercased()
        return !name.hasPrefix("untitled") && !name.hasPrefix("microsoft word -") && !name.hasSuffix(".doc")
            && !name.hasSuffix(".docx")
            && !name.hasSuffix(".dvi") && !name.hasSuffix(".tex") && !name.hasSuffix(".pdf")
    }

    /// `2003-11-19T10:22:33+01` without the minutes of its offset becomes whole.
    private static func isoDate(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count == 22, bytes[19] == UInt8(ascii: "+") || bytes[19] == UInt8(ascii: "-") else { return text }
        return text + ":00"
    }
}
