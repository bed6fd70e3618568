import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

@Suite struct AnswerStyleTests {
    @Test func `overrides stand above the group's settings, and those above the twin's`() throws {
        let fixture = try TwinFixture(settings: ["tone": "dry", "temperature": 0.1, "max_tokens": 100])
        let (twin, groups) = (fixture.twin, fixture.workspace.groups)
        let group = try groups.create("partners", of: twin, settings: ["temperature": 0.2, "max_tokens": 200])
        try groups.setOverride(.maximumTokens, 300, of: group)
        try groups.setOverride(.toolAccess, ["allowed_tools": ["search"]], of: group)
        let style = AnswerStyle(twin, group: group, overrides: try groups.overrides(of: group))
        #expect(style.tone == "dry")
        #expect(style.temperature == 0.2)
        #expect(style.maximumTokens == 300)
        try groups.setOverride(.maximumTokens, nil, of: group)
        #expect(AnswerStyle(twin, group: group, overrides: try groups.overrides(of: group)).maximumTokens == 200)
        #expect(throws: TwinError.self) { try groups.setOverride(.temperature, 9, of: group) }
        #expect(throws: TwinError.self) { try groups.setOverride(.toolAccess, [1], of: group) }
    }
}
