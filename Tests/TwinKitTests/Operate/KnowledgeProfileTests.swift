import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit

@Suite struct KnowledgeProfileTests {
    let fixture: TwinFixture
    var workspace: Workspace { fixture.workspace }
    var twin: Twin { fixture.twin }

    init() throws {
        fixture = try TwinFixture()
    }

    private func add(_ name: String, _ text: String) throws {
        _ = try workspace.ingestion().one(IngestRequest(inputs: [.bytes(Array(text.utf8), name: name)]), into: twin)
    }

    @Test func `an empty twin has zeros and a neutral tone`() throws {
        let profile = try workspace.knowledge.profile(of: twin)
        #expect(
            profile.json == [
                "total_chunks": 0, "total_sources": 0, "fact_count": 0, "opinion_count": 0, "tone_distribution": [:],
                "top_tone": "Neutral",
                "sampled_chunks": 0,
            ])
    }

    @Test(arguments: [
        ("The pump moves forty litres a minute at a depth of nine metres.", false),
        ("I think that gear oil matters more than the gears.", true),
        ("In my opinion the second edition is better.", true),
        ("I’d argue that nobody needs it.", true),
        ("Between me and you: I. Think of a number.", false),
        ("The best filter is the worst choice, and better ones should be sold.", true),
        ("The shop has the best oil in stock at forty euros a litre since last November.", false),
    ]) func `who takes a stand is told from who states facts`(text: String, isOpinion: Bool) {
        #expect(StatementClassifier.classify(Array(text.utf8)).isOpinion == isOpinion)
    }

    @Test(arguments: [
        ("Whereas the parties hereby agree, the obligations shall be pursuant to clause nine.", "Formal"),
        ("Configure the server, then compile the module and query the database.", "Technical"),
        ("Die Pumpe fördert vierzig Liter in der Minute.", "Neutral"),
        ("", "Neutral"),
    ]) func `the tone is the one with the most words`(text: String, tone: String) {
        #expect(StatementClassifier.classify(Array(text.utf8)).tone.rawValue == tone)
    }

    @Test func `a group's profile counts what the group may read and nothing else`() throws {
        try add("fact.txt", "The pump moves forty litres a minute at a depth of nine metres.")
        try add("opinion.txt", "I think that gear oil matters more than the gears do.")
        let group = try workspace.groups.create("partners", of: twin)
        #expect(try workspace.knowledge.profile(of: twin, clearance: .group(group)).totalSources == 0)
        let opinion = try workspace.sources.find("opinion.txt")
        try workspace.permissions.grant(.source, [opinion.id], to: group)
        let partial = try workspace.knowledge.profile(of: twin, clearance: .group(group))
        #expect([partial.totalSources, partial.factCount, partial.opinionCount] == [1, 0, 1])
        let whole = try workspace.knowledge.profile(of: twin)
        #expect([whole.totalSources, whole.factCount, whole.opinionCount] == [2, 1, 1])
    }

    @Test func `of many chunks a thousand are looked at, spread over all sources`() throws {
        let fact = "The pump moves forty litres a minute at a depth of nine metres under the ground of the valley. "
        let view = "I think that gear oil matters more than all of the gears that anybody has ever put in. "
        for number in 0..<8 {
            try add(
                "\(number).txt",
                (0..<250).map { _ in String(repeating: number < 6 ? fact : view, count: 10) }.joined(separator: "\n\n"))
        }
        let profile = try workspace.knowledge.profile(of: twin)
        #expect(profile.totalChunks > 1_500)
        #expect(profile.sampledChunks == 1_000)
        #expect((200...300).contains(profile.opinionCount))
        #expect(profile.factCount + profile.opinionCount == 1_000)
    }
}
