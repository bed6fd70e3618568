import Testing

@testable import TwinKit

@Suite struct AnswerMetricsTests {
    /// The expected texts are those of SQuAD's published definition, computed with Python's `re` and `string`.
    @Test(arguments: [
        ("The  Norman's (10th-century) DUKES, a.k.a. an élite!", "normans 10thcentury dukes aka élite"),
        ("a–b the–end", "–b –end"),
        ("Theatre of the absurd", "theatre of absurd"),
        ("it's A. The.", "its"),
        ("", ""),
        ("the", ""),
        ("$1,299.99 — an offer_x", "129999 — offerx"),
        ("\u{A0}x\tthe\ny", "x y"),
    ])
    func `the normal form is that of SQuAD`(text: String, expected: String) {
        #expect(AnswerMetrics.normalized(text) == expected)
        #expect(AnswerMetrics.normalized(expected) == expected)
    }

    @Test func `exact match ignores articles, case and punctuation`() {
        #expect(AnswerMetrics.isExactMatch("The Dukes.", spans: ["the Earls", "dukes"]))
        #expect(!AnswerMetrics.isExactMatch("the Dukes of Normandy", spans: ["dukes"]))
    }

    @Test func `a question without an answer is matched by silence only`() {
        #expect(AnswerMetrics.isExactMatch("", spans: []))
        #expect(AnswerMetrics.f1("", spans: []) == 1)
        #expect(!AnswerMetrics.isExactMatch("Rollo", spans: []))
        #expect(AnswerMetrics.f1("Rollo", spans: []) == 0)
    }

    @Test(
        arguments: [
            ("in the 10th and 11th centuries", "10th and 11th centuries", 8.0 / 9),
            ("the cat sat on the cat", "cat cat cat", 4.0 / 7),
            ("no overlap", "nothing", 0.0),
            ("the", "a", 1.0),
            ("", "x", 0.0),
        ] as [(String, String, Double)])
    func `f1 counts shared words, each as often as both have it`(answer: String, span: String, expected: Double) {
        #expect(isClose(AnswerMetrics.f1(answer, spans: [span]), expected))
        #expect(isClose(AnswerMetrics.f1(answer, spans: ["zzz", span]), expected))
    }

    @Test func `containment needs the whole span and not a part of a longer word`() {
        #expect(AnswerMetrics.contains("Rollo was Normandy's first ruler.", anyOf: ["normandy"]))
        #expect(AnswerMetrics.contains("It cost\n $1,299.99 then.", anyOf: ["$1,299.99"]))
        #expect(AnswerMetrics.contains("It was signed by the U.S. senate", anyOf: ["the US Senate"]))
        #expect(!AnswerMetrics.contains("In 1934 it was known.", anyOf: ["3", "no", "193"]))
        #expect(!AnswerMetrics.contains("Rollo", anyOf: ["Rollo the Walker"]))
        #expect(!AnswerMetrics.contains("anything", anyOf: ["", "the"]))
        #expect(!AnswerMetrics.contains("", anyOf: ["x"]))
    }

    @Test func `an answer contains each run of its own words`() {
        let words = "when duke Rollo signed at Saint-Clair in 911 he became vassal".split(separator: " ")
        for start in words.indices {
            for end in start..<words.count {
                let span = words[start...end].joined(separator: " ")
                #expect(AnswerMetrics.contains(words.joined(separator: "  "), anyOf: [span]), "\(span)")
            }
        }
    }
}
