import TwinSupport

/// Office files of before 2007, through whichever converter is installed: `antiword` or `catdoc` and its kin for their text, LibreOffice
/// for all of it.
enum LegacyReader {
    static func read(_ input: DocumentInput, as format: DocumentFormat, limits: ReaderLimits) throws(ReadFailure)
        -> ExtractedDocument
    {
        let file = try TemporaryFile(input.bytes)
        defer { file.remove() }
        if let office = Subprocess.find("soffice") ?? Subprocess.find("libreoffice") {
            do { return try converted(file.path, office, as: format, limits) } catch {
                // A smaller program may still read it.
                guard tool(for: format) != nil else { throw error }
            }
        }
        guard let (name, path, arguments) = tool(for: format) else {
            throw .missingTool(
                tool: format == .doc ? "antiword, catdoc or LibreOffice" : "LibreOffice or catdoc",
                install: format == .doc ? "apt-get install antiword" : "apt-get install catdoc")
        }
        let output = try Converter(tool: name, limits: limits).run(path, arguments + [file.path])
        guard output.status == 0, !output.bytes.isEmpty else {
            let reason = output.errors.split(separator: "\n").first.map(String.init) ?? "status \(output.status)"
            throw .malformed("\(name) cannot read it (\(reason.prefix(200)))")
        }
        let text = TextDecoding.decode(output.bytes).bytes
        var document = try text.withView { (view) throws(ReadFailure) in
            format == .xls ? try sheets(view, limits) : try PlainTextReader.read(view, limits: limits)
        }
        document.notices.append("read through \(name), which gives the text without headings, notes and merged cells")
        return document
    }

    /// Sheets as values with commas, parted by form feeds: each has names of its own.
    private static func sheets(_ text: ByteView, _ limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var builder = DocumentBuilder(limits: limits, capacity: text.count)
        var index = 0
        var number = 0
        while index < text.count {
            let end = text.first(0x0C, from: index) ?? text.count
            let sheet = text.slice(index, end)
            index = end + 1
            number += 1
            guard !sheet.trimmed.isEmpty else { continue }
            builder.endParagraph()
            builder.mark(.part("Sheet \(number)"))
            builder.append(try DelimitedReader.read(sheet, delimiter: UInt8(ascii: ","), limits: limits))
        }
        return try builder.finish()
    }

    private static func tool(for format: DocumentFormat) -> (name: String, path: String, arguments: [String])? {
        let choices: [(String, [String])] =
            switch format {
            case .doc: [("antiword", ["-w", "0", "-m", "UTF-8.txt"]), ("catdoc", ["-w", "-d", "utf-8"])]
            case .xls: [("xls2csv", ["-d", "utf-8", "-q", "1"])]
            default: [("catppt", ["-d", "utf-8"])]
            }
        for (name, arguments) in choices { if let path = Subprocess.find(name) { return (name, path, arguments) } }
        return nil
    }

    /// Through LibreOffice into the newer form, with a profile of its own, so that an open window is not in the way.
    private static func converted(
        _ path: String, _ office: String, as format: DocumentFormat, _ limits: ReaderLimits
    ) throws(ReadFailure) -> ExtractedDocument {
        let kind = format == .doc ? "docx" : format == .xls ? "xlsx" : "pptx"
        let own = try TemporaryFolder()
        defer { own.remove(limits) }
        let folder = own.path
        let output = try Converter(tool: "LibreOffice", limits: limits).run(
            office,
            [
                "-env:UserInstallation=file://\(folder)/profile", "--headless", "--norestore", "--convert-to", kind, "--outdir",
                folder, path,
            ])
        let result = "\(folder)/\(path.split(separator: "/").last ?? "").\(kind)"
        guard let contents = try? FileContents.read(result, maximumBytes: limits.maximumInputBytes) else {
            let reason = output.errors.split(separator: "\n").last.map(String.init) ?? "status \(output.status)"
            throw .toolFailed("LibreOffice could not convert it (\(reason.prefix(200)))")
        }
        return switch format {
        case .doc: try WordReader.read(contents.bytes, limits: limits)
        case .xls: try WorkbookReader.read(contents.bytes, limits: limits)
        default: try SlidesReader.read(contents.bytes, limits: limits)
        }
    }
}
