import Testing

@testable import TwinReaders
@testable import TwinSupport

/// What repeats on pages goes only when it says nothing.
@Suite struct PageTextTests {
    private func read(_ pages: [String]) throws -> ExtractedDocument {
        try Array(pages.map { $0 + "\u{C}" }.joined().utf8).withView { (view) throws(ReadFailure) in
            try PageText.document(view, limits: ReaderLimits())
        }
    }

    @Test func `lines whose digits say something stay on every page`() throws {
        let text = try read((1...5).map { "Invoice \($0)\nClient X\nWinch repaired.\nTotal due: \($0)00 euros" }).text
        for number in 1...5 {
            #expect(text.contains("Invoice \(number)\n") && text.contains("Total due: \(number)00 euros"), "\(number)")
        }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("Client X") } == 5)
        // Numbers that do not count up with the pages are none of theirs.
        let amounts = try read(["12", "7", "30", "4"].map { "Paid in full for the quarter\n\nNo \($0) was paid.\n\n\($0)" }).text
        for amount in ["12", "7", "30", "4"] { #expect(amounts.contains("was paid.\n\n\(amount)\n"), "\(amounts)") }
    }

    @Test(arguments: ["%", "- % -", "Page %", "% of 40", "Seite % von 40", "%/40"]) func `page numbers go`(form: String) throws {
        let pages = (1...6).map {
            "Pier \($0 * 3) is closed.\n\n"
                + form.split(separator: "%", omittingEmptySubsequences: false).joined(separator: String($0 + 8))
        }
        let document = try read(pages)
        #expect(document.text == (1...6).map { "Pier \($0 * 3) is closed.\n" }.joined(separator: "\n"), "\(form)")
    }

    @Test func `the first of a running head stays and the log says how many went`() throws {
        let document = try read((1...6).map { "Harbour report 2024\n\nThe tern is at pier \($0 * 7).\n\nConfidential\n\($0)" })
        for head in ["Harbour report 2024", "Confidential"] {
            #expect(document.text.split(separator: "\n").count { $0 == head } == 1, "\(document.text)")
        }
        #expect(
            document.notices == [
                "10 repetitions of lines at the head or foot of pages were left out, such as 'Harbour report 2024'"
            ])
    }
}
