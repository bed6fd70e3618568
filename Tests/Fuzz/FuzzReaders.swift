@testable import TwinReaders
@testable import TwinSupport

/// The readers of documents. Of what they give, everything must hold that search and citations build on.
enum ReaderTarget: String, CaseIterable {
    case markdown, html, mail, mbox, jsondoc, jsonl, csv, tsv, srt, vtt, feed, text
    case org, rst, asciidoc, latex, rtf, tar, msg
    /// The parts of a container, each behind a line that names it; the archive around them is whole.
    case docx, pptx, xlsx, epub, odt
    /// Bytes of an archive, of a file packed with gzip, of what is detected by its content alone.
    case zip, gzip, detect
    /// What `pdftotext` writes; front matter; podcasts; captions as sites give them; answers to import; a reader's report;
    /// what `pandoc` makes of a document.
    case pages, front, podcast, captions, qna, wire, pandoc

    private static let limits: ReaderLimits = {
        var limits = ReaderLimits()
        limits.maximumTextBytes = 1 << 20
        limits.maximumUnpackedBytes = 1 << 20
        limits.maximumEntries = 200
        limits.maximumRowBytes = 1 << 16
        return limits
    }()

    func run(_ bytes: [UInt8]) {
        switch self {
        case .mail: read(bytes, .email)
        case .jsondoc: read(bytes, .json)
        case .markdown, .html, .mbox, .jsonl, .csv, .tsv, .srt, .vtt, .feed, .text, .org, .rst, .asciidoc, .latex, .rtf, .tar,
            .msg:
            read(bytes, DocumentFormat(rawValue: rawValue))
        case .docx: read(Self.archive(bytes, folder: "word/"), .docx)
        case .pptx: read(Self.archive(bytes, folder: "ppt/"), .pptx)
        case .xlsx: read(Self.archive(bytes, folder: "xl/"), .xlsx)
        case .epub: read(Self.archive(bytes, folder: ""), .epub)
        case .odt:
            var builder = ZipBuilder()
            builder.add("content.xml", bytes)
            read(builder.finished(), .odt)
        case .gzip, .detect: read(bytes, nil)
        case .zip:
            guard var archive = try? ZipArchive(bytes, limits: .init(maximumUnpackedBytes: 1 << 20)) else { return }
            for entry in archive.entries.prefix(200) { _ = try? archive.read(entry.name) }
            for format: DocumentFormat in [.docx, .pptx, .xlsx, .epub, .odt, .zip] { read(bytes, format) }
        case .pages:
            let text = TextDecoding.decode(bytes).bytes
            if let document = try? text.withView({ (view) throws(ReadFailure) in try PageText.document(view, limits: Self.limits)
            }) {
                check(document)
            }
        case .front:
            bytes.withView { view in
                guard let front = FrontMatter.parse(view) else { return }
                if front.end < 0 || front.end > view.count { report("front matter ends outside of the text") }
                _ = JSONWriter.bytes(.object(front.values))
            }
        case .podcast:
            guard let feed = try? PodcastFeed(bytes, limits: Self.limits) else { return }
            if PodcastFeed(feed.json) != feed { report("a feed changes on its way") }
        case .captions: if let document = try? CaptionTrack.read(bytes, limits: Self.limits) { check(document) }
        case .qna:
            for format: AnswerFile.Format in [.csv, .jsonl] {
                guard let file = try? AnswerFile(bytes, format: format) else { continue }
                if AnswerFile(file.json) != file { report("a file of answers changes on its way") }
                let entries = file.rows.map(VerifiedAnswers.Entry.init)
                let written = Array(VerifiedAnswerFile.write(entries, format: .jsonl).utf8)
                let read = (try? AnswerFile(written, format: .jsonl))?.rows.map(VerifiedAnswers.Entry.init) ?? []
                if read != entries { report("answers change when they are exported") }
            }
        case .pandoc:
            guard let json = try? JSONParser.parse(bytes) else { return }
            if let document = try? PandocReader.document(json, limits: Self.limits) { check(document) }
        case .wire:
            _ = try? ReadOrder(wire: bytes)
            guard let read = try? ReadReport(wire: bytes) else { return }
            if case .document(let document, _) = read.outcome {
                var last = 0
                for mark in document.marks {
                    if mark.offset < last || mark.offset > document.text.utf8.count { report("a mark outside of the text") }
                    last = mark.offset
                }
            }
            if (try? ReadReport(wire: read.wire)) != read { report("a report changes on its way") }
        }
    }

    private func read(_ bytes: [UInt8], _ format: DocumentFormat?) {
        let input = DocumentInput(name: "input", bytes: bytes, format: format)
        // These would be handed to a converter.
        if format == nil, let found = DocumentReaders.detect(input), [.pdf, .picture, .audio, .doc, .xls, .ppt].contains(found) {
            return
        }
        if let document = try? DocumentReaders.read(input, limits: Self.limits) { check(document) }
    }

    private func check(_ document: ExtractedDocument) {
        let bytes = Array(document.text.utf8)
        if bytes.contains(0) || bytes.contains(0x0D) { report("the text holds a NUL or a carriage return") }
        if !bytes.isEmpty, bytes.last != 0x0A || bytes.first == 0x0A { report("the text does not begin or end as it should") }
        var last = 0
        for mark in document.marks {
            guard mark.offset >= last, mark.offset < bytes.count else { report("a mark out of order or outside: \(mark)") }
            if bytes[mark.offset] & 0xC0 == 0x80 { report("a mark inside a character: \(mark)") }
            if case .time(let start, let end) = mark.kind, start < 0 || end < start { report("a time that goes back") }
            last = mark.offset
        }
        for target in [1000, 120] {
            var isCovered = [Bool](repeating: false, count: bytes.count)
            for chunk in Chunker(target: target, overlap: target / 5).chunks(of: document) {
                let range = chunk.range
                guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else {
                    report("a chunk outside: \(range)")
                }
                if bytes[range.lowerBound] & 0xC0 == 0x80 { report("a chunk begins inside a character") }
                if range.upperBound < bytes.count, bytes[range.upperBound] & 0xC0 == 0x80 {
                    report("a chunk ends inside a character")
                }
                for index in range { isCovered[index] = true }
            }
            if bytes.indices.contains(where: { !isCovered[$0] && !bytes[$0].isSpace }) { report("text in no chunk") }
        }
    }

    /// Makes an archive of parts: a line `#path` begins one, and what stands before the first is the main part of its kind.
    private static func archive(_ bytes: [UInt8], folder: String) -> [UInt8] {
        var builder = ZipBuilder()
        var name = folder + (["word/": "document.xml", "ppt/": "slides/s1.xml", "xl/": "worksheets/a.xml"][folder] ?? "a.xhtml")
        var content: [UInt8] = []
        var names: Set<String> = []
        func finish() { if names.insert(name).inserted { builder.add(name, content) } }
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.first == UInt8(ascii: "#") {
                finish()
                name = folder + String(decoding: line.dropFirst().prefix(60), as: UTF8.self)
                content = []
            } else {
                content += line + [0x0A]
            }
        }
        finish()
        for (path, text) in skeleton where path.hasPrefix(folder) && names.insert(path).inserted { builder.add(path, text) }
        return builder.finished()
    }

    /// The parts that lead to the main one.
    private static let skeleton: [(String, String)] = [
        ("ppt/presentation.xml", #"<p><sldIdLst><sldId id="256" r:id="r1"/></sldIdLst></p>"#),
        ("ppt/_rels/presentation.xml.rels", #"<R><Relationship Id="r1" Type="x/slide" Target="slides/s1.xml"/></R>"#),
        ("xl/workbook.xml", #"<w><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></w>"#),
        ("xl/_rels/workbook.xml.rels", #"<R><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/a.xml"/></R>"#),
        ("META-INF/container.xml", #"<c><rootfiles><rootfile full-path="b.opf"/></rootfiles></c>"#),
        ("b.opf", #"<p><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></p>"#),
    ]
}

/// What the file of answers is made of, without the database behind it.
package typealias VerifiedAnswer = VerifiedAnswers.Entry

package enum VerifiedAnswers {
    package struct Entry: Sendable, Equatable {
        package enum Visibility: String, Sendable { case `private`, `public` }
        package var question: String
        package var answer: String
        package var citations: [String]
        package var visibility: Visibility
    }
}
