import Glibc
import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct SubprocessTests {
    private func run(_ script: String, seconds: Int = 120, outputBytes: Int = 1 << 20) throws(Subprocess.Failure)
        -> Subprocess.Output
    {
        try Subprocess("/bin/sh", ["-c", script], seconds: seconds, outputBytes: outputBytes).run()
    }

    @Test func `output, errors and status are collected, input is empty`() throws {
        let output = try run("cat; echo out; echo err >&2; exit 3")
        #expect(output.bytes == Array("out\n".utf8) && output.errors == "err\n" && output.status == 3)
        #expect(try run("kill -9 $$").status == 137)
    }

    @Test func `endless output is stopped at its limit`() {
        #expect(throws: Subprocess.Failure.outputTooLarge(bytes: 5000)) { try run("yes", outputBytes: 5000) }
    }

    @Test func `the whole group is killed when time is up`() throws {
        let file = "/tmp/twin-subprocess-\(getpid())"
        defer { unlink(file) }
        #expect(throws: Subprocess.Failure.timedOut(seconds: 1)) { try run("sleep 60 & echo $! > \(file); sleep 60", seconds: 1) }
        // A process that nobody has waited for yet is dead all the same: its state is Z.
        // A busy machine takes a moment to end it.
        let state = try run(
            """
            for i in $(seq 1000); do
                state=$(cut -d' ' -f3 /proc/$(cat \(file))/stat 2>/dev/null || echo gone)
                case $state in Z | gone) break ;; esac
                sleep 0.05
            done
            echo $state
            """
        ).bytes.string.trimmedText
        #expect(state == "Z" || state == "gone")
        #expect(throws: Subprocess.Failure.timedOut(seconds: 1)) { try run("exec >&- 2>&-; sleep 60", seconds: 1) }
    }

    @Test func `a program that is not there is a clear error`() {
        #expect(throws: Subprocess.Failure.notStarted("No such file or directory")) {
            try Subprocess("/nonexistent/tool", [], seconds: 1, outputBytes: 1).run()
        }
        #expect(Subprocess.find("no-such-tool-anywhere") == nil)
        #expect(Subprocess.find("../bin/sh") == nil)
    }

    @Test func `descriptors of this process are not handed on`() throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        #expect(try run("ls /proc/self/fd | wc -l").bytes.string.trimmedText == "4")
    }
}

@Suite struct PDFReaderTests {
    /// A PDF of one line a page, with the table of offsets left for the reader to repair.
    static func pdf(_ pages: [String]) -> [UInt8] {
        var body = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        body +=
            "2 0 obj<</Type/Pages/Count \(pages.count)/Kids[\(pages.indices.map { "\(10 + 2 * $0) 0 R" }.joined(separator: " "))]>>endobj\n"
        body += "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        for (index, text) in pages.enumerated() {
            let lines = text.split(separator: "\n").map { "(\($0)) Tj 0 -14 Td" }.joined(separator: " ")
            let stream = "BT /F1 12 Tf 50 700 Td \(lines) ET"
            body +=
                "\(10 + 2 * index) 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents \(11 + 2 * index) 0 R>>endobj\n"
            body += "\(11 + 2 * index) 0 obj<</Length \(stream.utf8.count)>>stream\n\(stream)\nendstream endobj\n"
        }
        return Array(
            (body + "4 0 obj<</Title(The Field Guide)/Author(Ada)>>endobj\ntrailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n").utf8)
    }

    @Test func `pages are marked and lines joined`() throws {
        let bytes = Self.pdf([
            "Good soil holds water and air in equal meas-\nures, which is what most of the plants here like.", "Second page.",
        ])
        guard Subprocess.find("pdftotext") != nil else {
            #expect(throws: ReadFailure.missingTool(tool: "pdftotext", install: "apt-get install poppler-utils")) {
                try DocumentReaders.read(DocumentInput(name: "-a.pdf", bytes: bytes))
            }
            return
        }
        let document = try DocumentReaders.read(DocumentInput(name: "-a.pdf", bytes: bytes))
        #expect(
            document.text
                == "Good soil holds water and air in equal measures, which is what most of the plants here like.\n\nSecond page.\n"
        )
        #expect(document.marks.map(\.kind) == [.page(1), .page(2)])
        #expect(document.title == "The Field Guide" && document.author == "Ada")
    }

    @Test func `a broken PDF is malformed`() {
        guard Subprocess.find("pdftotext") != nil else { return }
        #expect(throws: ReadFailure.self) {
            try DocumentReaders.read(DocumentInput(name: "a.pdf", bytes: Array("%PDF-1.4\nnothing".utf8)))
        }
    }

    @Test func `running heads go and paragraphs go on across pages`() throws {
        let topics = ["Rain", "Frost", "Wind", "Drought", "Hail"]
        let pages = topics.enumerated().map { (number, topic) in
            "The Guide\n\n\(number + 1). \(topic) in spring\n\nA first long line of the paragraph about \(topic) is here\nand goes on for \(topic)\n\n\(topic) again, in a line that is an end.\n\nPage \(number + 7) of 20"
        }
        let text = Array((pages.joined(separator: "\u{C}") + "\u{C}").utf8)
        let document = try text.withView { (view) throws(ReadFailure) in try PageText.document(view, limits: .init()) }
        #expect(document.text.hasPrefix("The Guide\n") && document.text.components("The Guide") == 2, "the first of them stays")
        #expect(!document.text.contains("of 20"))
        #expect(document.text.contains("about Rain is here and goes on for Rain"))
        #expect(document.headings.first == "1 1. Rain in spring")
        DocumentInvariants.check(document, "pages")
        let joined = Array("One line that is left open at the end of\u{C}its page and goes on.\u{C}".utf8)
        let open = try joined.withView { (view) throws(ReadFailure) in try PageText.document(view, limits: .init()) }
        #expect(open.text == "One line that is left open at the end of its page and goes on.\n")
        #expect(open.marks == [.init(offset: 0, kind: .page(1)), .init(offset: 41, kind: .page(2))])
    }
}

extension String {
    fileprivate func components(_ separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}
