import Testing

@testable import TwinKit

/// A model's sentence against the passage that it cites: what is true passes, what was altered in one point does not.
@Suite struct SupportCheckTests {
    private struct Case {
        var passage: String
        /// Other words for what it says.
        var supported: [String]
        /// What differs from it in a number, a unit, a name, a denial or a comparison.
        var altered: [String]

        init(_ passage: String, _ supported: [String], altered: [String]) {
            (self.passage, self.supported, self.altered) = (passage, supported, altered)
        }
    }

    private static let cases = [
        Case(
            "The M70 pump costs 410 euros and weighs 12 kilograms.",
            ["The M70 pump costs 410 euros.", "It weighs 12 kg.", "The pump weighs twelve kilograms and costs 410 euros."],
            altered: [
                "The M70 pump costs 9,999 euros.", "The M70 pump costs 410 dollars.", "The M90 pump costs 410 euros.",
                "The M70 pump does not cost 410 euros.", "The M70 pump is made of pure gold.", "It weighs 12 tons.",
            ]),
        Case(
            "Employees get 25 days of vacation, and must request them at least two weeks before they leave.",
            [
                "You get 25 days of vacation.", "Vacation must be requested two weeks before you leave.",
                "Employees get 25 vacation days.",
            ],
            altered: [
                "You get 30 days of vacation.", "Vacation must be requested two weeks after you leave.",
                "Vacation must be requested two months before you leave.", "Employees do not get 25 days of vacation.",
                "Employees never get vacation days.",
            ]),
        Case(
            "Anna Berg founded the mill in Graz in 1890. It was closed in 1954.",
            ["The mill was founded by Anna Berg in 1890.", "Anna Berg founded it in Graz.", "The mill closed in 1954."],
            altered: [
                "The mill was founded by Otto Kern in 1890.", "Anna Berg founded the mill in Vienna.",
                "Anna Berg founded the mill in 1980.",
                "The mill was opened in 1954.", "The mill was not closed in 1954.",
            ]),
        Case(
            "Visitors must not feed the animals. Dogs are prohibited inside the park.",
            ["Animals must not be fed by visitors.", "Dogs are not allowed inside the park."],
            altered: [
                "Visitors must feed the animals.", "Dogs are allowed inside the park.", "Dogs are prohibited outside the park.",
            ]),
        Case(
            "The north route is longer than the south route, but trains run earlier there.",
            ["The north route is longer than the south route.", "Trains run earlier on the north route."],
            altered: ["The north route is shorter than the south route.", "Trains run later on the north route."]),
        Case(
            "Our warranty lasts two years. Batteries are excluded from it.",
            [
                "The warranty lasts 2 years.", "Batteries are excluded from the warranty.",
                "The warranty does not include batteries.",
            ],
            altered: ["The warranty lasts three years.", "The warranty lasts two months.", "The warranty includes batteries."]),
        Case(
            "Prices increase by 3 percent each spring; the maximum discount is 15 percent.",
            ["Each spring prices increase by 3 percent.", "The maximum discount is 15 percent."],
            altered: [
                "Each spring prices decrease by 3 percent.", "The minimum discount is 15 percent.",
                "The maximum discount is 50 percent.",
                "Prices increase by 3 euros each spring.",
            ]),
    ]

    private func fault(_ sentence: String, _ passage: String, question: String = "") -> SupportCheck.Fault? {
        SupportCheck.fault(
            of: sentence, by: [SupportCheck.Passage(ModelEvidence.citation(1, passage, title: "Notes"))], question: question)
    }

    @Test func `a true sentence passes and one altered in a single point is withheld`() {
        for test in Self.cases {
            for sentence in test.supported { #expect(fault(sentence, test.passage) == nil, "\(sentence)") }
            for sentence in test.altered { #expect(fault(sentence, test.passage) != nil, "\(sentence)") }
        }
    }

    @Test func `a name may come from the question, a number may not`() {
        let passage = "She sold the mill to Otto Kern."
        #expect(
            fault("She, Anna Berg, sold the mill to Otto Kern.", passage, question: "To whom did Anna Berg sell the mill?") == nil
        )
        #expect(fault("She, Anna Berg, sold the mill to Otto Kern.", passage) == .name)
        #expect(fault("She sold the mill in 1901.", passage, question: "Was the mill sold in 1901?") == .number)
    }

    @Test func `a sentence in another language is held to its numbers`() {
        #expect(fault("Die Pumpe kostet 410 Euro.", "The pump costs 410 euros.") == nil)
        #expect(fault("Die Pumpe kostet 420 Euro.", "The pump costs 410 euros.") == .number)
    }
}
