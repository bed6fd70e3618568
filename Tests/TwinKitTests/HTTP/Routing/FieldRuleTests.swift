import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

struct FieldRuleTests {
    private func isAccepted(_ rule: FieldRule<String>, _ text: String) -> Bool {
        var fields = FieldDecoder(["field": .string(text)])
        _ = fields.required("field", rule)
        return fields.issues.isEmpty
    }

    @Test func `text must not be blank and a line holds no control characters`() {
        #expect(isAccepted(.text(1...9), " a\n"))
        #expect(!isAccepted(.text(1...9), " \t\u{3000}"))
        #expect(!isAccepted(.text(1...9), ""))
        #expect(!isAccepted(.text(1...9), "0123456789"))
        #expect(isAccepted(.line(1...9), " Åsa "))
        for text in ["a\n", "a\u{0}", "\u{85}a", "   "] { #expect(!isAccepted(.line(1...9), text)) }
        #expect(FieldRule.line(1...9).schema["pattern"]?.stringValue != FieldRule.text(1...9).schema["pattern"]?.stringValue)
    }

    @Test func `the description says how many items a list has`() {
        let rule = FieldRule.list(of: FieldRule.uuid, count: 1...3)
        #expect(rule.schema["minItems"] == 1 && rule.schema["maxItems"] == 3)
    }

    @Test func `what may be missing may be null, and a change needs one member that is not`() {
        let input = JSONSchema.input(["name": JSONSchema.string, "note": JSONSchema.string], required: ["name"])
        #expect(input["properties"]?["name"] == JSONSchema.string)
        #expect(input["properties"]?["note"] == JSONSchema.nullable(JSONSchema.string))
        let change = JSONSchema.change(["name": JSONSchema.string])
        #expect(change["anyOf"]?[0]?["required"] == ["name"])
        #expect(change["anyOf"]?[0]?["properties"]?["name"] == JSONSchema.string)
    }
}
