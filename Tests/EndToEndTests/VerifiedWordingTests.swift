import Testing
import TwinSupport

/// A verified answer and the ways in which its question is put.
@Suite struct VerifiedWordingTests {
    private let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.twin("twins", "create", "shop")
        for (question, answer) in [
            ("How do I get a refund?", "Send it back."), ("When does the shop open?", "At nine."),
            ("Can I pay in instalments?", "Yes, in three."), ("How do I verify my identity?", "Show a passport."),
            ("Is delivery to Norway free?", "Yes."), ("Which batteries fit the M70 lamp?", "Two of AA."),
        ] { try scene.twin("qna", "add", question, answer) }
    }

    private func ask(_ question: String) throws -> JSON { try scene.twin("chat", question, "--json").json() }

    @Test(arguments: [
        ("hi, could you tell me how do i get a refnd please?", "Send it back."), ("how do i get refund", "Send it back."),
        ("Good morning! I would like to know when does the shop open. Thanks", "At nine."),
        ("when does teh shop opne", "At nine."),
        ("can i pay in installments", "Yes, in three."), ("which baterries fit the m70 lamp", "Two of AA."),
    ]) func `courtesies, slips of the pen and missing small words do not matter`(question: String, answer: String) throws {
        let found = try ask(question)
        #expect(found["status"] == "verified")
        #expect(found["answer"]?.stringValue == answer)
    }

    @Test(arguments: [
        ("I cannot verify my identity", "How do I verify my identity?"),
        ("Is delivery to Sweden free?", "Is delivery to Norway free?"),
        ("Which batteries fit the M90 lamp?", "Which batteries fit the M70 lamp?"),
        ("When do I get a refund?", "How do I get a refund?"),
        ("Is delivery to Norway not free?", "Is delivery to Norway free?"),
        ("the refund that I wanted to get", "How do I get a refund?"),
    ]) func `another name, number, denial or question word makes a suggestion`(question: String, suggestion: String) throws {
        let found = try ask(question)
        #expect(found["status"] != "verified")
        let suggested = found["suggestions"]?.arrayValue?.compactMap { $0["question"]?.stringValue } ?? []
        #expect(suggested.contains(suggestion), "\(suggested)")
    }

    @Test(arguments: ["What is the weather tomorrow?", "Who won the election?", "Tell me a joke about penguins"])
    func `nothing is suggested for what has nothing to do with it`(question: String) throws {
        #expect(try ask(question)["suggestions"] == [])
    }
}
