import Testing

@testable import TwinReaders
@testable import TwinSupport

@Suite struct AnswerFileTests {
    private func read(_ text: String, _ format: AnswerFile.Format? = nil) throws -> AnswerFile {
        let file = try AnswerFile(Array(text.utf8), format: format)
        #expect(AnswerFile(file.json) == file, "it arrives from a child as it was read")
        return file
    }

    @Test(arguments: [",", ";", "\t"]) func `a table is read with its delimiter, and its rows are known by their numbers`(
        delimiter: String
    ) throws {
        let d = delimiter
        let file = try read(
            "\u{FEFF}visibility\(d)Question\(d)answer\r\npublic\(d)\"One\(d) or \"\"two\"\"?\"\(d)\"Line\none\"\r\n\r\n\(d)'=Two?\(d)''-1\n\(d)Three?\n"
        )
        #expect(
            file.rows == [
                .init(place: "row 2", question: "One\(d) or \"two\"?", answer: "Line\none", visibility: "public"),
                .init(place: "row 4", question: "=Two?", answer: "'-1", visibility: ""),
            ])
        #expect(file.faults == [.init(place: "row 5", reason: "it has fewer columns than the first line")])
    }

    @Test func `lines are read one by one`() throws {
        let file = try read(
            "{\"question\": \"One?\", \"answer\": \"1\", \"citations\": [\"a\", 5], \"visibility\": \"public\"}\n\n[1]\n{\"question\": \"Two?\", \"answer\": 2}\n"
        )
        #expect(file.rows == [.init(place: "line 1", question: "One?", answer: "1", citations: ["a"], visibility: "public")])
        #expect(file.faults.map(\.place) == ["line 3", "line 4"])
    }

    @Test(arguments: ["", "\n", "Name,City\nIvy,Oslo\n", "question,answer\n", "question,answer\n\"Who?,I.\n", "\u{0}"])
    func `what is no such file is refused`(text: String) {
        #expect(throws: ReadFailure.self) { try read(text) }
    }

    @Test func `bytes that are no text, and too many rows, are refused`() {
        #expect(throws: ReadFailure.malformed("it is not UTF-8 text")) { try AnswerFile([0xFF], format: .csv) }
        let many = "question,answer\n" + String(repeating: "a,b\n", count: AnswerFile.maximumRows + 1)
        #expect(throws: ReadFailure.tooLarge("a file has at most 100000 entries; split it")) { try read(many) }
    }
}
