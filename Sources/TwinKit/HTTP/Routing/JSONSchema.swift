import TwinSupport

/// Short forms for the JSON Schemas (2020-12, the dialect of OpenAPI 3.1) that routes are documented with.
package enum JSONSchema {
    package static let string: JSON = ["type": "string"]
    package static let integer: JSON = ["type": "integer"]
    package static let number: JSON = ["type": "number"]
    package static let boolean: JSON = ["type": "boolean"]
    package static let object: JSON = ["type": "object"]
    package static let uuid: JSON = ["type": "string", "format": "uuid"]
    package static let dateTime: JSON = ["type": "string", "format": "date-time"]
    package static let binary: JSON = ["type": "string", "format": "binary"]

    /// A list of any length whose items are all of one schema.
    package static func array(_ items: JSON) -> JSON { ["type": "array", "items": items] }
    /// A string that is one of these words.
    package static func oneOf(_ words: [String]) -> JSON { ["type": "string", "enum": .strings(words)] }
    /// What `schema` allows, or `null`: for a field that is there and has no value. One that may be missing is not `required`
    /// instead.
    package static func nullable(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }
    /// A schema of the document's `components`, by name. `OpenAPI.schemas` must have it.
    package static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// An object with these members, of which the `required` ones are always there; all of them when none is named.
    package static func object(_ members: JSONObject, required: [String]? = nil) -> JSON {
        ["type": "object", "properties": .object(members), "required": .strings(required ?? members.keys)]
    }
}
