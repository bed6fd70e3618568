import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct ArchiveReaderTests {
    private func read(_ bytes: [UInt8], _ name: String) throws -> ExtractedDocument {
        try DocumentReaders.read(DocumentInput(name: name, bytes: bytes))
    }

    private static let files = [
        ("docs/rope.md", "# Rope\n\nIt is blue."), ("docs/prices.csv", "Item,Price\nTar,3\n"), ("docs/.hidden.txt", "no"),
        ("node_modules/x/readme.md", "no"), ("inner.zip", "no"),
    ]
    private static let text = "Item: Tar; Price: 3\n\nRope\n\nIt is blue.\n"

    private func tar(_ files: [(String, String)]) -> [UInt8] {
        var result: [UInt8] = []
        for (name, content) in files {
            var head = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at place: Int) {
                for (offset, byte) in text.utf8.enumerated() { head[place + offset] = byte }
            }
            put(name, at: 0)
            put(String(content.utf8.count, radix: 8), at: 124)
            put("0", at: 156)
            put("ustar", at: 257)
            result += head + Array(content.utf8) + [UInt8](repeating: 0, count: (512 - content.utf8.count % 512) % 512)
        }
        return result + [UInt8](repeating: 0, count: 1024)
    }

    @Test func `an archive is read as the folder that it was made of`() throws {
        let zip = try read(ZipBuilder.archive(Self.files), "a.zip")
        let tape = try read(tar(Self.files.sorted { $0.0 < $1.0 }), "a.tar")
        for document in [zip, tape] {
            #expect(document.text == Self.text)
            #expect(Chunker().chunks(of: document).map { $0.headings.first } == ["docs/prices.csv", "docs/rope.md"])
            #expect(
                Set(document.notices) == [
                    "1 left out: hidden files", "1 left out: files of dependencies (node_modules)",
                    "1 left out: archives inside of the archive",
                ])
        }
    }

    @Test func `a broken tape is damaged and none of its bytes are trusted`() {
        var broken = tar(Self.files)
        for (offset, byte) in "77777777777".utf8.enumerated() { broken[124 + offset] = byte }
        #expect(throws: ReadFailure.malformed("its directory is broken; the archive may be cut off")) {
            try read(broken, "a.tar")
        }
    }

    @Test func `seeded mutations never break the invariants`() {
        for (number, sample) in [("a.zip", ZipBuilder.archive(Self.files)), ("a.tar", tar(Self.files))].enumerated() {
            var random = SeededRandom(seed: UInt64(300 + number))
            for round in 0..<200 {
                DocumentInvariants.tryReading(Mutation.mutate(sample.1, using: &random), name: sample.0, "\(sample.0) \(round)")
            }
        }
    }
}
