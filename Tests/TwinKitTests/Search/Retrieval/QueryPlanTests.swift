import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct QueryPlanTests {
    private func terms(_ question: String, _ language: Language = .english) -> [String] {
        QueryPlan(question, language: language).query.terms.map(\.term)
    }

    @Test func `function words are left out where content remains`() {
        #expect(terms("Please give me the reasons why the dukes might have signed it.") == ["reason", "duke", "sign"])
        #expect(terms("What is used within the reactors?") == ["reactor"])
    }

    @Test func `a question of function words keeps what it can`() {
        // "may" and "us" are function words but no stop words.
        #expect(terms("What may we ask us?") == ["ask"])
        #expect(terms("May us?") == ["may", "us"])
        #expect(terms("Who are you?") == ["who", "are", "you"])
        #expect(terms("") == [])
        #expect(terms("?!…") == [])
    }

    @Test func `a repeated term weighs the square root of its count`() {
        let plan = QueryPlan("wing flow, wings and flows of a wing in a slipstream wing")
        #expect(plan.query.terms.map(\.term) == ["wing", "flow", "slipstream"])
        #expect(plan.query.terms.map(\.weight) == [2, 2.0.squareRoot(), 1])
        #expect(plan.sequence == [0, 1, 0, 1, 0, 2, 0])
        #expect(plan.contentCount == 3)
    }

    @Test func `a compound is searched for and its parts keep the order`() {
        let plan = QueryPlan("ISO-9001 audit")
        #expect(plan.query.terms.map(\.term) == ["iso-9001", "iso", "9001", "audit"])
        #expect(plan.sequence == [1, 2, 3])
    }

    @Test func `other languages leave nothing out and stem nothing`() {
        #expect(terms("Where are the Häuser", .none) == ["where", "are", "the", "hauser"])
    }

    @Test func `a very long question keeps its first terms`() {
        let plan = QueryPlan((0..<1000).map { "word\($0)" }.joined(separator: " "))
        #expect(plan.query.terms.count == QueryPlan.maximumTerms)
        #expect(plan.query.terms.first?.term == "word0")
        #expect(plan.sequence.allSatisfy { $0 < QueryPlan.maximumTerms })
    }
}
