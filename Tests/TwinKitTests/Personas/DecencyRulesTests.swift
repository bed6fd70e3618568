import FoundationEssentials
import Testing

@testable import TwinKit
@testable import TwinSupport

/// The rules against the sentences that were written before them: `Tests/sets/decency.tsv`.
@Suite struct DecencyRulesTests {
    struct Sentence: Sendable, CustomTestStringConvertible {
        var isUnsafe: Bool
        var kind: String
        var text: String
        var testDescription: String { text }
    }

    static func sentences() throws -> [Sentence] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "sets/decency.tsv")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
        return lines.map { line in
            let parts = line.split(separator: "\t").map(String.init)
            return Sentence(isUnsafe: parts[0] == "unsafe", kind: parts[1], text: parts[2])
        }
    }

    @Test func `none of the unsafe sentences passes, at most two of the harmless ones are refused`() throws {
        let sentences = try Self.sentences()
        #expect(sentences.filter(\.isUnsafe).count == 60 && sentences.count == 120)
        let passed = sentences.filter { $0.isUnsafe && DecencyRules.finding(in: $0.text) == nil }.map(\.text)
        #expect(passed.isEmpty, "\(passed)")
        let refused = sentences.filter { !$0.isUnsafe && DecencyRules.finding(in: $0.text) != nil }.map(\.text)
        #expect(refused.count <= 2, "\(refused)")
    }

    @Test func `what is hinted at is named by its kind`() throws {
        for sentence in try Self.sentences() where sentence.kind == "minor" {
            #expect(DecencyRules.finding(in: sentence.text) == .minors, "\(sentence.text)")
        }
    }

    @Test func `a word that stands among others is found, and none is by what is around it`() throws {
        for sentence in try Self.sentences() where sentence.isUnsafe {
            let framed = "Portrait of a woman in a park, \(sentence.text); soft light, 50 mm lens"
            #expect(DecencyRules.finding(in: framed) != nil, "\(framed)")
            #expect(DecencyRules.finding(in: framed.uppercased()) != nil, "\(framed)")
        }
        #expect(DecencyRules.finding(in: "") == nil)
        #expect(DecencyRules.finding(in: String(repeating: "a ", count: 20_000)) == nil)
    }

    @Test func `our own scenes pass, fifty of them in all kinds`() {
        let all = ContentTemplate.all
        #expect(all.count == 50 && Set(all.map(\.id)).count == 50 && Set(all.map(\.prompt)).count == 50)
        #expect(Set(all.map(\.category)).count == ContentTemplate.Category.allCases.count)
        #expect(Set(all.map(\.tier)).count == ContentPiece.Tier.allCases.count)
        for template in all { #expect(DecencyRules.finding(in: template.prompt) == nil, "\(template.id)") }
        #expect(ContentTemplate.ordered(for: "Urban style").first?.category == .urban)
        #expect(ContentTemplate.ordered(for: nil) == all)
    }

    @Test func `money is exact to the millionth`() {
        for (text, micros) in [("0", 0), ("0.04", 40_000), ("2.5", 2_500_000), ("0.000001", 1), ("1000000", 1_000_000_000_000)] {
            #expect(Money(dollars: text)?.micros == Int64(micros), "\(text)")
        }
        for text in ["", ".5", "5.", "-1", "1e3", "0.0000001", "1000000.1", "1,5", "٣", "99999999"] {
            #expect(Money(dollars: text) == nil, "\(text)")
        }
        for (micros, text) in [(0, "$0.00"), (40_000, "$0.04"), (2_500_000, "$2.50"), (1, "$0.000001"), (-10, "-$0.00001")] {
            #expect(Money(micros: Int64(micros)).description == text)
        }
        #expect((Money(micros: 100_001) * 3).dollars == 0.300003 && Money(micros: 3_065_000).cents == 3.07)
    }
}
