import TwinSupport

/// Text in pictures, through `tesseract`, and in scanned PDF, whose pages `pdftoppm` draws for it.
enum TextRecognition {
    static let install = "apt-get install tesseract-ocr"
    /// Pages of one document that are recognized; each takes seconds.
    private static let maximumPages = 500

    static func pages(ofPDF path: String, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        guard let tesseract = Subprocess.find("tesseract") else {
            throw .missingTool(tool: "tesseract (for a PDF without text, probably scanned)", install: install)
        }
        guard let painter = Subprocess.find("pdftoppm") else {
            throw .missingTool(tool: "pdftoppm", install: "apt-get install poppler-utils")
        }
        let end = Clock.monotonicNanoseconds + UInt64(max(10, limits.maximumSeconds - 20)) * 1_000_000_000
        var text: [UInt8] = []
        var number = 1
        var isCutOff = false
        while number <= maximumPages {
            guard Clock.monotonicNanoseconds < end else {
                isCutOff = true
                break
            }
            let drawn = try Converter(tool: "pdftoppm", limits: limits).run(
                painter, ["-png", "-gray", "-r", "200", "-f", String(number), "-l", String(number), path])
            // Past the last page nothing is drawn.
            guard drawn.status == 0, !drawn.bytes.isEmpty else { break }
            text += try recognize(drawn.bytes, tesseract, limits)
            text.append(0x0C)
            number += 1
        }
        if number > maximumPages { isCutOff = true }
        var document = try TextDecoding.decode(text).bytes.withView { (view) throws(ReadFailure) in
            try PageText.document(view, limits: limits)
        }
        document.notices.append("the text was recognized in pictures of the pages by tesseract and may hold mistakes")
        if isCutOff {
            document.notices.append(
                "only the first \(number - 1) pages were recognized in the time there is; run ocrmypdf on it for all")
        }
        return document
    }

    /// A picture's text. Throws `unsupported` without `tesseract`: most pictures hold none.
    static func picture(_ input: DocumentInput, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        guard let tesseract = Subprocess.find("tesseract") else {
            let kind =
                input.bytes.withView { BinaryContent.kind($0) }?.split(separator: ";").first.map(String.init) ?? "a picture"
            throw .unsupported("\(kind); its text is read where tesseract is installed (\(install))")
        }
        let text = TextDecoding.decode(try recognize(input.bytes, tesseract, limits)).bytes
        // A few letters in a photograph are no text.
        guard text.count(where: \.isAlphanumeric) >= 12 else { throw .empty("a picture without text") }
        var document = try text.withView { (view) throws(ReadFailure) in try PageText.document(view, limits: limits) }
        document.marks.removeAll { if case .page = $0.kind { true } else { false } }
        document.notices.append("the text was recognized in a picture by tesseract and may hold mistakes")
        return document
    }

    private static func recognize(_ picture: [UInt8], _ tesseract: String, _ limits: ReaderLimits) throws(ReadFailure) -> [UInt8]
    {
        let file = try TemporaryFile(picture)
        defer { file.remove() }
        let output = try Converter(tool: "tesseract", limits: limits).run(tesseract, [file.path, "stdout"])
        guard output.status == 0 else {
            let reason = output.errors.split(separator: "\n").last.map(String.init) ?? "status \(output.status)"
            throw .toolFailed("tesseract cannot read the picture (\(reason.prefix(200)))")
        }
        return output.bytes.filter { $0 != 0x0C }
    }
}

/// A picture as a document.
enum PictureReader {
    static func read(_ input: DocumentInput, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        try TextRecognition.picture(input, limits: limits)
    }
}
