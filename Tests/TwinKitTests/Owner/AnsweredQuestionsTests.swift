import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit

@Suite struct `Answered questions that are kept in memory` {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    /// The questions that this one, which is none of them, comes near to.
    private func near(_ clearance: Clearance = .everything) throws -> [String] {
        try workspace.verifiedAnswers.matches("How do I paint the gearbox?", of: twin, clearance: clearance).map(\.question)
    }

    @Test func `what is added, removed or comes from another process is seen by the next question`() throws {
        #expect(try near().isEmpty)
        let first = try workspace.verifiedAnswers.add(
            .init(question: "How do I clean the gearbox?", answer: "With oil."), to: twin)
        #expect(try near() == ["How do I clean the gearbox?"])
        let other = try fixture.openedAgain()
        _ = try other.verifiedAnswers.add(.init(question: "How do I clean the gearboxes?", answer: "With oil."), to: twin)
        #expect(try near().count == 2)
        try other.verifiedAnswers.remove(first.id)
        #expect(try near() == ["How do I clean the gearboxes?"])
    }

    @Test func `what was read in a transaction that is undone is not remembered`() throws {
        _ = try workspace.verifiedAnswers.add(.init(question: "Who oils the north gate?", answer: "Anna."), to: twin)
        struct Undo: Error {}
        #expect(throws: Undo.self) {
            try workspace.database.write { connection in
                _ = try VerifiedAnswers.insert(
                    .init(question: "How do I clean the gearbox?", answer: "Never."), to: twin, clearance: .everything, by: nil,
                    on: connection)
                let match = try VerifiedAnswerMatch.find(
                    "How do I paint the gearbox?", twin: twin, clearance: .everything, on: connection)
                #expect(match.suggestions.count == 1)
                throw Undo()
            }
        }
        #expect(try near().isEmpty)
        _ = try workspace.verifiedAnswers.add(.init(question: "Where is the key of the boiler?", answer: "Here."), to: twin)
        #expect(try near().isEmpty)
    }

    @Test func `a group that may not get an answer does not come near it, whoever asked before`() throws {
        let answer = try workspace.verifiedAnswers.add(
            .init(question: "How do I clean the gearbox?", answer: "With oil."), to: twin)
        let group = try workspace.groups.create("partners", of: twin)
        #expect(try near().count == 1)
        #expect(try near(.group(group)).isEmpty)
        try workspace.permissions.grant(.verifiedAnswer, [answer.id], to: group)
        #expect(try near(.group(group)).count == 1)
        try workspace.permissions.revokeAll(from: group)
        #expect(try near(.group(group)).isEmpty)
    }
}
