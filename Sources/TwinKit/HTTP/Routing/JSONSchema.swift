/// Short forms for the JSON Schemas (2020-12, the dialect of OpenAPI 3.1) that routes are documented with.
public enum JSONSchema {
    public static let string: JSON = ["type": "string"]
    public static let integer: JSON = ["type": "integer"]
    public static let number: JSON = ["type": "number"]
    public static let boolean: JSON = ["type": "boolean"]
    public static let object: JSON = ["type": "object"]
    public static let uuid: JSON = ["type": "string", "format": "uuid"]
    public static let dateTime: JSON = ["type": "string", "format": "date-time"]
    public static let binary: JSON = ["type": "string", "format": "binary"]

    public static func array(_ items: JSON) -> JSON { ["type": "array", "items": items] }
    public static func oneOf(_ words: [String]) -> JSON { ["type": "string", "enum": .strings(words)] }
    public static func nullable(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }
    public static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// An object with these members, of which the `required` ones are always there; all of them when none is named.
    public static func object(_ members: JSONObject, required: [String]? = nil) -> JSON {
        ["type": "object", "properties": .object(members), "required": .strings(required ?? members.keys)]
    }
}
