import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct JSONTests {
    @Test func `a document keeps its order through parsing and writing`() throws {
        let text = #"{"b":1,"a":[true,null,-2.5e3,"x\ny"],"c":{}}"#
        #expect(try JSONParser.parse(text).text == #"{"b":1,"a":[true,null,-2500.0,"x\ny"],"c":{}}"#)
    }

    @Test(arguments: ["", "{", "[1,]", "01", "1.", "\"\u{1}\"", "{\"a\" 1}", "nul", "1 2", "\"\\x\"", "'a'", "[1", "+1", "1e999"])
    func `text that is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }

    @Test func `surrogate pairs decode and lone halves become the replacement character`() throws {
        #expect(try JSONParser.parse(#""\ud83d\ude00""#) == "😀")
        #expect(try JSONParser.parse(#""\ud83dx""#) == "\u{FFFD}x")
    }

    @Test func `nesting beyond the limit is refused and does not exhaust the stack`() {
        #expect(throws: JSONError.self) { try JSONParser.parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `random values survive a round trip`() throws {
        var generator = TestRandom()
        func random(_ depth: Int) -> JSON {
            switch Int.random(in: 0...(depth > 3 ? 4 : 6), using: &generator) {
            case 0: .null
            case 1: .bool(.random(using: &generator))
            case 2: .int(.random(in: .min ... .max, using: &generator))
            case 3: .double(.random(in: -1e6...1e6, using: &generator))
            case 4:
                .string(
                    String(
                        (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                            "aé\u{0}\"\\😀\n/".randomElement(using: &generator) ?? "x"
                        }))
            case 5: .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in random(depth + 1) })
            default: .object(JSONObject((0..<Int.random(in: 0...4, using: &generator)).map { ("k\($0)", random(depth + 1)) }))
            }
        }
        for _ in 0..<2000 {
            let value = random(0)
            #expect(try JSONParser.parse(value.text) == value)
            #expect(try JSONParser.parse(value.prettyText) == value)
        }
    }
}
