import Testing
import TwinSearch

@testable import TwinKit

/// What has the kind of thing that is asked for goes before what only speaks of the same.
@Suite struct AskedKindTests {
    private static func select(_ question: String, _ texts: [String], heading: String = "Pumps") -> EvidenceSelection {
        let passages = texts.enumerated().map { place, text in
            var passage = Passage(
                chunk: Int64(place), source: Int64(place), range: 0..<text.utf8.count, text: text, score: 10 - Double(place))
            passage.headings = [heading]
            return passage
        }
        let statistics = TermStatistics(documentCount: 40) { _ in 3 }
        return EvidenceSelector(analyzer: Analyzer()).select(question: question, passages: passages, statistics: statistics)
    }

    @Test(arguments: [
        (
            "how often is the pump serviced",
            "The pump is serviced by people who know the pump well. Six of them share the work. A service is done every ninth week.",
            "every ninth week"
        ),
        (
            "how often is the pump cleaned",
            "The pump is cleaned by people who know the pump well. Six of them share the work. It is due after each shift.",
            "after each shift"
        ),
        (
            "how long does a pump service take",
            "A pump service is no small thing: a pump service takes patience and 3 spanners. Most are over in two hours.",
            "two hours"
        ),
        (
            "who invented the pump",
            "The pump was invented to drain mines, as pumps were. The Mining Office bought it. It goes back to Agnes Roth.",
            "Agnes Roth"
        ),
        (
            "when was the pump delivered",
            "The pump was delivered late, and the pump was delivered in parts. That was on Tuesday, 4 May 1954.", "1954"
        ),
        (
            "what is the maximum pressure of the pump", "The maximum pressure of the pump is set at the factory. It is 9 bar.",
            "9 bar"
        ),
        ("how old is the pump", "The pump is the pride of the pump house. It was cast in 1911.", "1911"),
        ("how old may pump masters be", "Pump masters may be of any pump house. They leave at the age of 60.", "age of 60"),
        ("how long is the pump rented out", "The pump is rented out as pumps are. It comes back by the end of June.", "June"),
        // An office that a mark parts from a name says who that is.
        (
            "who wrote the pump manual", "The pump manual was written for apprentices.\n\nAgnes Roth, Director of the Works",
            "Agnes Roth"
        ),
    ])
    func `a sentence with what was asked for is shown`(question: String, text: String, answer: String) {
        let selection = Self.select(question, [text])
        #expect(selection.sentences.contains { $0.text.contains(answer) }, "\(selection.sentences.map(\.text))")
        #expect(!selection.signals.lacksKind)
    }

    @Test(arguments: [
        ("how often is the pump serviced", "The pump is serviced by six people who know it well."),
        // "Weeks" has the stem of "weekly", and "each of them" says nothing of time.
        ("how often is the pump serviced", "The pump is serviced by people who learned it for weeks, each of them on the pump."),
        ("how long does a pump service take", "A pump service takes patience and 3 spanners."),
        ("when was the pump delivered", "The pump was delivered, and six weeks had gone by."),
        ("who invented the pump", "The pump was invented to drain mines, and the Mining Office bought it."),
        ("who is the director of the works", "The works are led by the Director and a Deputy Director."),
        ("who wrote the pump manual", "The pump manual was written for the Pump Service (PS), and for its directors."),
        ("how old is the pump", "The pump has four valves, and the pump is green."),
        ("how long is the pump rented out", "The pump is rented out, and in June it is washed."),
        ("how many pumps are there", "There are pumps in the cellar, and pumps in the yard."),
    ])
    func `its absence counts against an answer`(question: String, text: String) {
        #expect(Self.select(question, [text]).signals.lacksKind)
    }

    @Test func `an office is enough for who does something as a rule, and not for who did it`() {
        let text = "The log of the pump has to be signed by the mayor."
        #expect(!Self.select("who has to sign the log of the pump", [text]).signals.lacksKind)
        #expect(!Self.select("who signs the log of the pump", [text]).signals.lacksKind)
        #expect(Self.select("who signed the log of the pump", [text]).signals.lacksKind)
    }

    @Test func `which one of its numbers is asked for need not be said beside the number`() {
        let question = "biggest number of pumps in a shed"
        let found = Self.select(question, ["There are pumps in a shed, and pumps in the yard.", "A shed holds 8 pumps."])
        #expect(found.best?.text == "A shed holds 8 pumps.")
        #expect(found.answerability >= EvidenceSettings.standardThreshold)
    }

    @Test func `a list is quoted whole when several things are asked for, and a template is no sentence`() {
        let list = Self.select(
            "what should the pump report contain",
            ["The pump report should contain:\n\n- the date\n- the pressure at the pump, measured twice\n- a signature\n"])
        #expect(list.sentences.first?.text.hasSuffix("a signature") == true, "\(list.sentences.map(\.text))")
        let template = Self.select(
            "how do pumps start", ["{{#include pumps/start-pumps.txt}}\n\nPumps start when the valve opens.\n"])
        #expect(!template.sentences.contains { $0.text.contains("{{") })
    }
}
