import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct TwinSettingsTests {
    private func error(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? TwinError)?.message }
    }

    @Test(arguments: [
        ("answer.treshold", "answer.threshold"), ("answr.threshold", "answer.threshold"), ("threshold", "answer.threshold"),
        ("temprature", "temperature"), ("system_promt", "system_prompt"), ("escalation.enable", "escalation.enabled"),
        ("answer.max_tokens", "'twin config list"), ("search.lang", "'twin config list"),
        ("answer.sentences.most", "answer.sentences"), ("qna.xyz", "'twin config list"),
    ])
    func `a misspelt name is refused with the one that was meant, in text and in JSON alike`(name: String, advice: String) throws
    {
        var settings = TwinSettings()
        let asText = error { try settings.set(name, parsing: "0.5") }
        #expect(settings.object.isEmpty)
        if advice.hasPrefix("'") {
            #expect(asText?.contains(advice) == true, "\(asText ?? "it was taken")")
        } else {
            #expect(asText?.contains("did you mean '\(advice)'?") == true, "\(asText ?? "it was taken")")
        }
        var nested = JSON.double(0.5)
        for part in name.split(separator: ".").reversed() { nested = .object([String(part): nested]) }
        let asJSON = error { _ = try TwinSettings.checked(nested.objectValue ?? [:]) }
        #expect((asJSON == nil) == (asText == nil), "\(asJSON ?? "taken") or \(asText ?? "taken")")
    }

    @Test(arguments: ["theme", "name", "handle", "persona", "model", "ui.color", "avatar_url", "widget.theme", "voice.language"])
    func `a name of a client's own is kept`(name: String) throws {
        var settings = TwinSettings()
        try settings.set(name, parsing: "dark")
        #expect(settings.value(name) == "dark")
        #expect(try TwinSettings.checked(settings.object) == settings)
    }

    @Test(arguments: ["", ".", "..", "a..b", ".answer", "answer."]) func `a name that is none stops nobody`(name: String) throws {
        var settings = TwinSettings()
        #expect(error { try settings.set(name, 1) } != nil)
        #expect(throws: Never.self) { _ = try? TwinSettings.checked([name: 1, "x": [name: 1]]) }
    }

    @Test func `a dotted key in JSON and a family that is no object are refused with the form that works`() {
        #expect(
            error { _ = try TwinSettings.checked(["answer.threshold": 0.5]) }?.contains("{\"answer\": {\"threshold\": …}}")
                == true)
        #expect(error { _ = try TwinSettings.checked(["answer": 5]) }?.contains("answer.threshold") == true)
    }

    @Test func `what was stored before the check can be kept and taken out`() throws {
        let earlier = TwinSettings(["answer": ["treshold": 0.3], "temprature": 1])
        #expect(try TwinSettings.checked(earlier.object, earlier: earlier) == earlier)
        #expect(error { _ = try TwinSettings.checked(["answer": ["treshold": 0.4]], earlier: earlier) } != nil)
        var mended = earlier
        try mended.set("answer.treshold", nil)
        try mended.set("temprature", nil)
        #expect(mended.object.isEmpty)
    }

    @Test func `values are read in their type, else the default is in force`() throws {
        var settings = TwinSettings(["temperature": nil, "answer": ["sentences": 2]])
        #expect(settings[TwinSettings.answerSentences] == 2)
        #expect(settings[TwinSettings.temperature] == 0)
        #expect(settings[TwinSettings.answerThreshold] == nil)
        #expect(settings[TwinSettings.asksOwner])
        #expect(error { try settings.set("answer.sentences", parsing: "2.5") }?.contains("whole number from 1 to 4") == true)
        #expect(error { try settings.set("clarifications.enabled", parsing: "no") }?.contains("true or false") == true)
        for definition in TwinSettings.definitions where !definition.fallback.isNull {
            #expect(throws: Never.self) { try definition.check(definition.fallback) }
        }
    }
}
