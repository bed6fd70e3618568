import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct MailPartsTests {
    private func multipart(_ type: String, _ parts: String...) -> String {
        "From: ada@example.org\nSubject: Keys\nContent-Type: multipart/\(type); boundary=b\n\n"
            + parts.map { "--b\n\($0)\n" }.joined() + "--b--\n"
    }

    @Test func `a sentence that begins with From begins no message`() throws {
        let box =
            "From ada@example.org Tue Jan  2 10:00:00 2024\nSubject: One\n\nOpening hours.\n\nFrom May on we close at noon.\n\n"
            + "From here: there\n\nFrom ben@example.org Wed Jan  3 10:00:00 2024\nSubject: Two\n\nBody two.\n"
        let document = try read(box, "a.mbox")
        #expect(document.text.contains("From May on we close at noon.") && document.text.contains("From here: there"))
        let parts = document.marks.compactMap { if case .part(let name) = $0.kind { name } else { nil } }
        #expect(parts == ["One", "Two"])
    }

    @Test func `the part that says more is read`() throws {
        let stub = multipart(
            "alternative",
            "Content-Type: text/plain\n\nView this in a browser: https://example.org/a/very/long/address/of/a/page",
            "Content-Type: text/html\n\n<p>The keys of the boat house hang behind the door of the workshop, under the oilskins, "
                + "and the spare ones are with the harbour master.</p><p>Please put them back in the evening.</p>")
        let text = try read(stub, "a.eml").text
        #expect(text.contains("under the oilskins") && !text.contains("View this"))
        let same = multipart(
            "alternative", "Content-Type: text/plain\n\nThe keys hang behind the door.",
            "Content-Type: text/html\n\n<p>The keys hang <b>behind</b> the door.</p>")
        #expect(try read(same, "a.eml").text.components("The keys hang behind the door.") == 2)
    }

    @Test func `attached messages and documents are read as parts of the mail`() throws {
        let mail = multipart(
            "mixed", "Content-Type: text/plain\n\nSee below.",
            "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=a.eml\n\nSubject: inner\n\nThe inner words.",
            "Content-Type: text/csv; name=prices.csv\nContent-Disposition: attachment; filename=prices.csv\n\nItem,Price\nRope,12",
            "Content-Type: text/plain; name=notes.txt\nContent-Disposition: attachment; filename=notes.txt\n\nNotes of Monday.",
            "Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=")
        let document = try read(mail, "a.eml")
        for words in ["See below.", "The inner words.", "Attachment: prices.csv", "Item: Rope; Price: 12", "Notes of Monday."] {
            #expect(document.text.contains(words), "\(words)")
        }
        #expect(document.notices == ["attachments were not read: a.png"])
        let damaged = multipart(
            "mixed", "Content-Type: application/pdf; name=a.docx\nContent-Transfer-Encoding: base64\n\nUEsDBGJyb2tlbg==")
        let notices = try read(damaged, "a.eml").notices
        #expect(notices.contains { $0.contains("a.docx was left out") }, "\(notices)")
    }

    @Test func `flowed text is joined within the words of one writer`() throws {
        let mail =
            "From: a@example.org\nContent-Type: text/plain; format=flowed\n\n> The ferry leaves \n> at eight.\n>> And the last \n>> at ten.\nThank \nyou.\n-- \nAda\n"
        let document = try read(mail, "a.eml")
        #expect(
            document.text.contains("> The ferry leaves at eight.\n>> And the last at ten.\n\nThank you.\n\nAda"),
            "\(document.text)")
        let parts = document.marks.compactMap { if case .part(let name) = $0.kind { name } else { nil } }
        #expect(parts == ["Quoted text", "", "Signature"])
    }

    @Test func `what is quoted of others is told from what the sender says`() throws {
        let reply =
            "From: ada@example.org\nSubject: Rope\n\nThe rope is blue.\n\nOn Mon, 1 Jan 2024, Ben wrote:\n> The rope is red, and it was red when we bought it of the\n> chandler in May.\n\nThat was the other one.\n-- \nAda, harbour office\n"
        let document = try read(reply, "a.eml")
        func headings(_ words: String) -> [String] {
            let text = Array(document.text.utf8)
            let start = text.indices.first { text[$0...].starts(with: words.utf8) } ?? -1
            return Chunker().chunks(of: document).first { $0.range.contains(start) }?.headings ?? ["not found"]
        }
        #expect(headings("The rope is blue.") == [] && headings("That was the other one.") == [])
        #expect(headings("> The rope is red") == ["Quoted text: On Mon, 1 Jan 2024, Ben wrote:"])
        #expect(document.text.contains("of the chandler in May.") && headings("Ada, harbour office") == ["Signature"])
        let page = try read(
            "From: ada@example.org\nContent-Type: text/html\n\n<p>The rope is blue.</p><blockquote>The rope is red.</blockquote><p>So it is.</p>",
            "a.eml")
        let chunks = Chunker().chunks(of: page)
        #expect(chunks.map(\.headings) == [[], ["Quoted text"], []], "\(page.text)")
    }

    @Test func `an empty part is none, wherever it stands`() throws {
        for lineEnd in ["\n", "\r\n"] {
            let text = multipart("mixed", "", "Content-Type: text/plain\n\nWords.", "", "").replacing("\n", with: lineEnd)
            #expect(try read(text, "a.eml").text.contains("Words."))
        }
        for text in ["Subject: x\r\nFrom: y@z\r\n\r", "Subject: x\nFrom: y@z\n\n"] {
            #expect(try read(text, "a.eml").title == "x")
        }
        #expect(throws: ReadFailure.self) { try read("From a@b Tue ", "a.mbox") }
        for text in ["---", "---\n", "---\r\n---"] { #expect(throws: ReadFailure.self) { try read(text, "a.md") } }
        for text in ["+++", "+++\n+++", "+++\r\n"] { #expect(try read(text, "a.md").text.hasPrefix("+++")) }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}
