import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSearch
@testable import TwinSupport

/// What a citation is checked against before it is shown.
@Suite struct PassageQuoteTests {
    private static let text = "Bin ich Käse? 🐝 Nein, sagt der Imker."

    private func passage(at start: Int) -> StoredPassage {
        StoredPassage(
            passage: Passage(
                chunk: 1, source: 1, range: start..<start + Self.text.utf8.count, text: Self.text, title: "t", headings: [],
                score: 1), sourceID: "s", locator: "l", version: 1, page: nil, time: nil)
    }

    @Test(arguments: [0, 7, 1_000]) func `each place within the passage gives its very bytes, and every other place none`(
        start: Int
    ) {
        let bytes = Array(Self.text.utf8)
        let passage = passage(at: start)
        for lower in -3...bytes.count + 3 {
            for upper in lower...bytes.count + 3 {
                let isInside = lower >= 0 && upper <= bytes.count
                let expected = isInside ? String(validating: bytes[lower..<upper], as: UTF8.self) : nil
                #expect(passage.quote(start + lower..<start + upper) == expected, "\(lower)..<\(upper)")
            }
        }
    }
}
