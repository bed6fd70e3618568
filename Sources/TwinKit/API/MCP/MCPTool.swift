import TwinHTTP
import TwinSupport

/// A tool of the Model Context Protocol: what a model reads of it, and what calling it does.
struct MCPTool: Sendable {
    let name: String
    let title: String
    let description: String
    /// Members of the arguments, as JSON Schema.
    let properties: JSONObject
    let required: [String]
    var changes = false
    let call: @Sendable (MCPTools, MCPArguments) throws -> MCPResult

    var json: JSON {
        [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "inputSchema": [
                "type": "object", "properties": .object(properties), "required": .strings(required),
                "additionalProperties": false,
            ],
            "annotations": [
                "title": .string(title), "readOnlyHint": .bool(!changes), "destructiveHint": false, "openWorldHint": false,
            ],
        ]
    }
}

/// The arguments of a call. What is wrong with them is told to the model that wrote them, as the tool's result.
struct MCPArguments {
    let values: JSONObject

    /// Throws a `TwinError` for arguments that the tool does not have, and for those that are missing.
    init(_ values: JSONObject, of tool: MCPTool) throws {
        if let unknown = values.keys.first(where: { tool.properties[$0] == nil }) {
            throw TwinError(
                .invalid,
                "'\(tool.name)' takes no argument '\(unknown.prefix(100))', only \(tool.properties.keys.joined(separator: ", "))")
        }
        if let missing = tool.required.first(where: { values[$0]?.isNull ?? true }) {
            throw TwinError(.invalid, "'\(tool.name)' needs the argument '\(missing)'")
        }
        self.values = values
    }

    /// A text, empty where it is not given.
    func text(_ name: String, maximumBytes: Int = 200_000) throws -> String {
        guard let value = values[name], !value.isNull else { return "" }
        guard let text = value.stringValue else { throw TwinError(.invalid, "'\(name)' is a text") }
        guard text.utf8.count <= maximumBytes else {
            throw TwinError(.limitReached, "'\(name)' has more than \(maximumBytes) bytes; shorten it")
        }
        return text
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = values[name], !value.isNull else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            throw TwinError(.invalid, "'\(name)' is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws -> Bool {
        guard let value = values[name], !value.isNull else { return false }
        guard let flag = value.boolValue else { throw TwinError(.invalid, "'\(name)' is true or false") }
        return flag
    }
}

/// What a tool answers: for programs, and in words.
struct MCPResult {
    var structured: JSON
    /// What a model reads that looks at texts only; without it the JSON.
    var text: String?

    var json: JSONObject {
        [
            "content": [["type": "text", "text": .string(text ?? structured.text)]], "structuredContent": structured,
            "isError": false,
        ]
    }

    static func failure(_ message: String) -> JSONObject {
        ["content": [["type": "text", "text": .string(message)]], "isError": true]
    }
}
