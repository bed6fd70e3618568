import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct `Sentence segmentation` {
    private func units(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SentenceSegmenter().sentences(in: text).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test func `sentences end at full stops, question and exclamation marks`() {
        #expect(units("It rains. Does it? It does! Good.") == ["It rains.", "Does it?", "It does!", "Good."])
    }

    @Test func `abbreviations, initials and decimals do not end a sentence`() {
        #expect(
            units("Dr. Lee paid $3.50, e.g. for No. 5. Then she left.") == [
                "Dr. Lee paid $3.50, e.g. for No. 5.", "Then she left.",
            ])
        #expect(units("The U.S. Army met J. R. Smith. He waved.") == ["The U.S. Army met J. R. Smith.", "He waved."])
        #expect(units("It was built in the U.S. The cost was high.") == ["It was built in the U.S.", "The cost was high."])
        #expect(units("She takes vitamin C. It helps.") == ["She takes vitamin C.", "It helps."])
        #expect(units("Acme Inc. Holdings paid. See Fig. 3 for more.") == ["Acme Inc. Holdings paid.", "See Fig. 3 for more."])
    }

    @Test func `an ellipsis goes on before a small letter and ends before a capital`() {
        #expect(units("Wait... there is more. And then… It ended.") == ["Wait... there is more.", "And then…", "It ended."])
    }

    @Test func `closing quotes, brackets and note marks belong to the sentence`() {
        #expect(
            units("He said \"Go.\" She went (fast.) Done.[12] Next.") == [
                "He said \"Go.\"", "She went (fast.)", "Done.[12]", "Next.",
            ])
        #expect(units("“Why?” he asked. “Well.” So be it.") == ["“Why?” he asked.", "“Well.”", "So be it."])
    }

    @Test func `hard-wrapped lines are one sentence`() {
        let text = "The quick brown fox jumps over the lazy dog and then\nruns away from Mr.\nSmith. It hides."
        #expect(units(text) == ["The quick brown fox jumps over the lazy dog and then\nruns away from Mr.\nSmith.", "It hides."])
    }

    @Test func `headings, list items and blank lines separate`() {
        let text =
            "Storage\nKeep the bottles in a cool and dark place at all times.\n\n- First item\n- Second item. With more\n3. Third"
        #expect(
            units(text) == [
                "Storage", "Keep the bottles in a cool and dark place at all times.", "- First item", "- Second item.",
                "With more", "3. Third",
            ])
        #expect(units("# Title\nText goes here.") == ["# Title", "Text goes here."])
    }

    @Test func `a record, a table row and a line of code are whole units`() {
        #expect(
            units("Name: Widget. Large; Price: 5.00\nName: Bolt; Price: 1.20") == [
                "Name: Widget. Large; Price: 5.00", "Name: Bolt; Price: 1.20",
            ])
        #expect(units("| a. B | c |\n| d | e |") == ["| a. B | c |", "| d | e |"])
        #expect(units("```\nlet x = a. B\nrun()\n```\nProse here.") == ["```", "let x = a. B", "run()", "```", "Prose here."])
    }

    @Test func `full stops of Chinese and Japanese need no space`() {
        #expect(units("今日は雨です。明日は晴れます！そうですか？") == ["今日は雨です。", "明日は晴れます！", "そうですか？"])
    }

    @Test func `empty and blank text has no units`() {
        #expect(units("").isEmpty)
        #expect(units(" \n\t\n").isEmpty)
    }

    @Test func `units are in order, trimmed, on character borders, and hold everything that is not white space`() {
        let pieces = [
            "a", "B", ".", "!", "?", " ", "\n", "\n\n", "é", "漢", "。", "…", "\"", "”", "[1]", "- ", "3. ", "Dr.", "U.S.", "#",
            "|", ";", ":",
            "```", "    ", "Word", "x=1;",
        ]
        for seed in 0..<300 {
            var random = SeededGenerator(seed: UInt64(seed))
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
            let bytes = Array(text.utf8)
            var end = 0
            var rest: [UInt8] = []
            for range in SentenceSegmenter().sentences(in: text) {
                #expect(range.lowerBound >= end && !range.isEmpty, "seed \(seed)")
                rest += bytes[end..<range.lowerBound]
                let unit = Array(bytes[range])
                #expect(Array(String(decoding: unit, as: UTF8.self).utf8) == unit, "seed \(seed)")
                #expect(unit.first?.isSpace == false && unit.last?.isSpace == false, "seed \(seed)")
                end = range.upperBound
            }
            rest += bytes[end...]
            let isBlank = rest.allSatisfy { $0.isSpace }
            #expect(isBlank, "seed \(seed)")
        }
    }
}
