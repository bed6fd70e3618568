import Testing
import TwinSearch

@testable import TwinKit

/// Which word of a question asks.
@Suite struct AnswerTypeTests {
    @Test(arguments: [
        ("when is the fair", AnswerType.date), ("since when is it open", .date), ("the fair begins when", .date),
        ("what do i need when i leave", .thing), ("how do i get in when i have no key", .manner),
        ("do they pay me out when i quit", .other), ("can i stay where i am", .other),
        ("who signs the letter when a town asks for help", .person), ("when the fair ends who cleans up", .person),
        ("to whom do i write", .person), ("is there somebody who can help", .other),
        ("why do people who travel pay less", .reason),
        ("biggest number in a tray", .number), ("what is the largest city", .thing),
        ("where do i go", .place), ("how many people come when it rains", .number), ("in which year did it open", .date),
    ])
    func `a word that only joins a clause does not ask`(question: String, type: AnswerType) {
        #expect(AnswerType(words: question.split(separator: " ").map(String.init)) == type, "\(question)")
    }

    @Test(arguments: [
        ("can i borrow the ladder without asking the desk", false), ("i have no key, how do i get in", false),
        ("which birds do not fly", true), ("who left without paying", true),
    ])
    func `what askers deny of themselves need not be denied by the text`(question: String, isNegated: Bool) {
        let statistics = TermStatistics(documentCount: 40) { _ in 3 }
        #expect(QuestionAnalysis(question, analyzer: Analyzer(), statistics: statistics).isNegated == isNegated, "\(question)")
    }
}
