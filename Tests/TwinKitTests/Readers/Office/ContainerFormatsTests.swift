import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct ContainerFormatsTests {
    private func read(_ bytes: [UInt8], _ name: String, limits: ReaderLimits = .init()) throws(ReadFailure) -> ExtractedDocument {
        try DocumentReaders.read(DocumentInput(name: name, bytes: bytes), limits: limits)
    }

    private func failure(_ bytes: [UInt8], _ name: String) -> ReadFailure? {
        do {
            _ = try read(bytes, name, limits: .small)
            return nil
        } catch { return error }
    }

    @Test func `a Word document keeps headings, lists and tables`() throws {
        let document = try read(Samples.docx, "a.docx")
        #expect(document.text == "Soil\n\nRye & oats\n\n1. dig\n2. sow\n  - dot\n\nPlant: Rye; Depth: 3 cm\n\nEnd\nline\n")
        #expect(document.headings == ["1 Soil"])
        #expect(document.title == "The Field" && document.author == "Ada")
        #expect(document.publishedAt == "2024-01-02T03:04:05.000Z")
    }

    @Test func `slides are parts in their order with title and notes`() throws {
        let document = try read(Samples.pptx, "a.pptx")
        #expect(document.text == "First\n\nSecond\n\n- One\n  - Two\n\nNotes: Say hello\n")
        let chunks = Chunker().chunks(of: document)
        #expect(chunks.map(\.headings) == [["Slide 1", "First"], ["Slide 2", "Second"]])
        #expect(chunks.map(\.page) == [1, 2])
    }

    @Test func `sheets are parts, rows are records, dates and percentages read as such`() throws {
        let document = try read(Samples.xlsx, "a.xlsx")
        #expect(
            document.text == "My beds\n\nPlant: Rye; Sown: 2024-03-05; 0.3; Share: 12.5%\nSown: 2024-03-05 12:00; Share: yes\n")
        #expect(Chunker().chunks(of: document).map(\.headings) == [["Beds"]])
        #expect(document.notices == ["the hidden sheet Secret was left out"])
    }

    @Test func `a book's chapters stand in reading order under their names`() throws {
        let document = try read(Samples.epub, "book")
        #expect(document.text == "About Rain\n\nIt rains.\n\nSun\n\nIt shines.\n")
        #expect(Chunker().chunks(of: document).map(\.headings) == [["Rain", "About Rain"], ["Sun"]])
        #expect(document.title == "Field Book" && document.publishedAt == "2020-05-06")
    }

    @Test func `Office files are known without their extension, other archives are refused`() {
        #expect(DocumentReaders.detect(DocumentInput(name: "x", bytes: Samples.docx)) == .docx)
        #expect(DocumentReaders.detect(DocumentInput(name: "x.bin", bytes: Samples.xlsx)) == .xlsx)
        let program = ZipBuilder.archive([("META-INF/MANIFEST.MF", "a"), ("a.txt", "a")])
        #expect(failure(program, "a.jar") == .unsupported("a program or another archive that holds no documents"))
    }

    // MARK: Archives made to do harm

    /// `count` zeros as a deflate stream: one literal, then matches of length 258 at distance 1, in fixed Huffman codes.
    private static func deflatedZeros(_ matches: Int) -> [UInt8] {
        var bits: [UInt8] = [1, 1, 0]
        bits += [0, 0, 1, 1, 0, 0, 0, 0]  // the literal 0
        for _ in 0..<matches { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }  // length 258, distance 1
        bits += [0, 0, 0, 0, 0, 0, 0]
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].enumerated().reduce(UInt8(0)) { $0 | $1.element << UInt8($1.offset) }
        }
    }

    @Test func `a member that unpacks to far more than its size is refused by its ratio`() {
        let packed = Self.deflatedZeros(8000)
        var builder = ZipBuilder()
        builder.add("word/document.xml", [UInt8](repeating: 0, count: 8000 * 258 + 1), packed: packed)
        guard case .tooLarge(let reason)? = failure(builder.finished(), "a.docx") else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("100 times"))
    }

    @Test func `a member whose directory lies about its size is damaged`() {
        var builder = ZipBuilder()
        builder.add(
            "word/document.xml", [UInt8](repeating: 0, count: 258_001), packed: Self.deflatedZeros(1000), claimedSize: 100)
        #expect(failure(builder.finished(), "a.docx") == .malformed("as an archive: a member is longer than its directory says"))
    }

    @Test func `overlapping members and absurd counts are refused`() {
        var builder = ZipBuilder()
        builder.add("a", "some text")
        builder.add("b", Array("other".utf8), offset: 0)
        #expect(failure(builder.finished(), "a.docx")?.message.contains("overlap") == true)
        var many = ZipBuilder()
        for index in 0..<101 { many.add("m\(index)", "x") }
        guard case .tooLarge? = failure(many.finished(), "a.docx") else {
            Issue.record("not refused")
            return
        }
        var lying = ZipBuilder()
        lying.add("a", "x")
        #expect(failure(lying.finished(claimedCount: 5), "a.docx") == .malformed("as an archive: its directory is broken"))
    }

    @Test func `XML nested past the limit is refused and declared entities never expand`() throws {
        let deep = String(repeating: "<a>", count: 5000)
        #expect(
            failure(ZipBuilder.archive([("word/document.xml", deep)]), "a.docx") == .tooLarge("its XML is nested deeper than 256")
        )
        let laughs = #"<!DOCTYPE x [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;">]><w:d><w:p><w:t>&b; stays</w:t></w:p></w:d>"#
        #expect(try read(ZipBuilder.archive([("word/document.xml", laughs)]), "a.docx").text == "&b; stays\n")
    }

    @Test func `gzip files are read as what is in them and bombs are refused`() throws {
        func gzip(_ deflated: [UInt8], _ content: [UInt8]) -> [UInt8] {
            let checksum = content.withView { Zlib.crc32($0) } ?? 0
            func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
            return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + deflated + number(Int(checksum)) + number(content.count)
        }
        let text = Array("# Title\n\nPacked text.\n".utf8)
        let stored: [UInt8] = [1, UInt8(text.count), 0, UInt8(255 - text.count), 255] + text
        let document = try read(gzip(stored, text), "notes.md.gz")
        #expect(document.title == "Title" && document.text == "Title\n\nPacked text.\n")
        #expect(try read(gzip(stored, text) + gzip(stored, text), "a.txt.gz").text.contains("Packed text.\n# Title"))
        #expect(DocumentReaders.detect(DocumentInput(name: "notes.md.gz", bytes: gzip(stored, text))) == .markdown)
        guard case .tooLarge? = failure(gzip(Self.deflatedZeros(20_000), []), "a.txt.gz") else {
            Issue.record("not refused")
            return
        }
        guard case .malformed? = failure(Array(gzip(stored, text).prefix(20)), "a.txt.gz") else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `seeded mutations of every container format never break the invariants`() {
        for (number, sample) in [
            ("a.docx", Samples.docx), ("a.pptx", Samples.pptx), ("a.xlsx", Samples.xlsx), ("a.epub", Samples.epub),
        ].enumerated() {
            var random = SeededRandom(seed: UInt64(number))
            for round in 0..<250 {
                DocumentInvariants.tryReading(
                    Mutation.mutate(sample.1, using: &random), name: sample.0, "\(sample.0), seed \(number), round \(round)")
            }
        }
    }

    @Test func `seeded mutations inside of the parts never break the invariants`() {
        for (number, sample) in [
            ("a.docx", Samples.docx), ("a.pptx", Samples.pptx), ("a.xlsx", Samples.xlsx), ("a.epub", Samples.epub),
        ].enumerated() {
            var random = SeededRandom(seed: UInt64(100 + number))
            guard let names = try? ZipArchive(sample.1).entries.map(\.name) else {
                Issue.record("\(sample.0) is broken")
                continue
            }
            for round in 0..<250 {
                guard var archive = try? ZipArchive(sample.1), let chosen = names.randomElement(using: &random) else { continue }
                var builder = ZipBuilder()
                for name in names {
                    let content = (try? archive.read(name)) ?? []
                    builder.add(name, name == chosen ? Mutation.mutate(content, using: &random) : content)
                }
                DocumentInvariants.tryReading(
                    builder.finished(), name: sample.0, "\(sample.0), seed \(100 + number), round \(round)")
            }
        }
    }
}
