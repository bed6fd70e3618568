import TestSupport
import Testing
import TwinDatabase
import TwinHTTP
import TwinSupport

@testable import TwinKit

/// Documents that contradict each other: the owner is asked, and what the owner says holds.
struct ContradictionTests {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture() }

    private func put(_ name: String, _ text: String) throws {
        let request = IngestRequest(inputs: [.bytes(Array(text.utf8), name: name)], actor: "test")
        _ = try workspace.ingestion().one(request, into: twin)
        try workspace.learn(twin)
    }

    private func remove(_ name: String) throws {
        try workspace.sources.remove([try workspace.sources.find(name, twin: twin)], by: "test")
        try workspace.learn(twin)
    }

    private func pending() throws -> [Clarification] { try workspace.clarifications.list(of: twin) }

    private func employers() throws -> [String] {
        try workspace.graph.node("linda brandt", of: twin, for: .everything).relations.filter { $0.type == "works_for" }
            .map(\.to).sorted()
    }

    private static let acme = "Linda Brandt, chief executive of Acme Foundation, spoke."
    private static let harbour = "Linda Brandt, chief executive of Harbour Press Inc., left."
    private static let nordlund = "Linda Brandt, chief executive of Nordlund Timber Ltd., came."

    @Test func `two employers are a question, and the answer puts one aside until what holds is said no more`() throws {
        try put("one", Self.acme)
        #expect(try pending() == [])
        try put("two", Self.harbour)
        let question = try #require(try pending().first)
        #expect(
            question.question
                == "It is said: “Linda Brandt works for Acme Foundation.” and “Linda Brandt works for Harbour Press Inc.” "
                + "Which of these holds?")
        #expect(question.options.map(\.label) == ["Acme Foundation", "Harbour Press Inc.", "Both"])
        // Both stand until then, and it is asked once.
        #expect(try employers() == ["Acme Foundation", "Harbour Press Inc."])
        try put("three", Self.harbour)
        #expect(try pending().count == 1)
        let resolved = try workspace.clarifications.resolve(
            question.id, of: twin, answer: "Harbour Press Inc.", option: "Harbour Press Inc.", by: "test")
        #expect(resolved.memory.value == "Linda Brandt works for Harbour Press Inc.")
        #expect(try employers() == ["Harbour Press Inc."])
        // It holds though the document comes again, and not for what nobody was asked.
        try remove("one")
        try put("one", Self.acme)
        #expect(try employers() == ["Harbour Press Inc."])
        #expect(try pending() == [])
        try put("four", Self.nordlund)
        #expect(try pending().map { $0.options.map(\.label) } == [["Harbour Press Inc.", "Nordlund Timber Ltd.", "Both"]])
        // Nothing was deleted: without what was chosen, the other is said again.
        try remove("four")
        #expect(try pending() == [])
        #expect(try workspace.clarifications.list(of: twin, status: .expired).count == 1)
        try remove("two")
        try remove("three")
        #expect(try employers() == ["Acme Foundation"])
    }

    @Test(arguments: [
        // One document tells a history; a longer name, a year and its day, a city and its region agree.
        [
            "Linda Brandt, chief executive of Acme Foundation, was once secretary. Linda Brandt, director of Harbour Press Inc., left."
        ],
        ["Linda Brandt was born in 1971.", "Linda Brandt was born on 3 May 1971."],
        ["Peter Holm, 50, of Bethany, Conn., was heard.", "Peter Holm, 50, of Bethany, left."],
        ["I prefer short letters.", "I can't stand long letters."],
    ])
    func `what agrees is no question`(documents: [String]) throws {
        for (index, text) in documents.enumerated() { try put("doc\(index)", text) }
        #expect(try pending() == [])
    }

    @Test func `another answer than one of the two leaves both, and is not asked for again`() throws {
        try put("one", "Linda Brandt was born on 3 May 1971.")
        try put("two", "Linda Brandt was born on 9 June 1972.")
        let question = try #require(try pending().first)
        _ = try workspace.clarifications.resolve(question.id, of: twin, answer: "Nobody knows", by: "test")
        try put("three", "Linda Brandt was born on 9 June 1972. She wrote.")
        #expect(try pending() == [])
        let dates = try workspace.graph.node("linda brandt", of: twin, for: .everything).relations.map(\.to)
        #expect(Set(dates) == ["3 May 1971", "9 June 1972"])
    }

    @Test func `a preference against an aversion is a question, and the answer approves one and rejects the other`() throws {
        try put("one", "I prefer instant coffee.")
        try put("two", "I can't stand instant coffee.")
        let question = try #require(try pending().first)
        #expect(question.options.map(\.label) == ["I can't stand instant coffee.", "I prefer instant coffee."])
        _ = try workspace.clarifications.resolve(
            question.id, of: twin, answer: "-", option: "I can't stand instant coffee.", by: "test")
        let candidates = try workspace.candidates.list(of: twin, for: .everything, status: nil).candidates
        #expect(
            Set(candidates.map { "\($0.content) \($0.status.rawValue)" }) == [
                "I prefer instant coffee. rejected", "I can't stand instant coffee. approved",
            ])
        #expect(try workspace.memories.list(of: twin).map(\.value) == ["I can't stand instant coffee."])
    }

    @Test func `however much contradicts, a bounded number of questions waits`() throws {
        let names = ["Brandt", "Holm", "Chen", "Quist", "Sand", "Lund"]
        let given = ["Linda", "Peter", "Sarah", "Robert", "Anna", "Thomas"]
        let people = given.flatMap { first in names.map { "\(first) \($0)" } }
        try put("one", people.map { "\($0), chief executive of Acme Foundation, spoke." }.joined(separator: "\n\n"))
        try put("two", people.map { "\($0), chief executive of Harbour Press Inc., spoke." }.joined(separator: "\n\n"))
        #expect(try pending().count == 25)
    }
}
