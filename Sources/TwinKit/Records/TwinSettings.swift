import TwinSupport

/// A twin's settings: a JSON object that keeps what it does not know, with typed access to what it does.
package struct TwinSettings: Sendable, Equatable {
    package var object: JSONObject

    package init(_ object: JSONObject = JSONObject()) { self.object = object }

    /// A setting that `twin` acts on: its dotted name, the values it takes and what it is for. This table is the source
    /// of validation, of `twin twins set` and of its help.
    package struct Definition: Sendable {
        package enum Value: Sendable {
            case number(ClosedRange<Double>)
            case flag
            case text(maximumLength: Int)
            case choice([String])
        }
        package let name: String
        package let value: Value
        package let fallback: JSON
        package let help: String
    }

    package static let definitions: [Definition] = [
        Definition(
            name: "answer.threshold", value: .number(0...1), fallback: .null,
            help: "Evidence below this gives \"I don't know\"; 'twin eval' proposes a value."),
        Definition(
            name: "answer.sentences", value: .number(1...4), fallback: 3, help: "Sentences quoted in an answer at most."),
        Definition(
            name: "system_prompt", value: .text(maximumLength: 8_000), fallback: .null,
            help: "Told to the model before every question."),
        Definition(
            name: "personality", value: .text(maximumLength: 2_000), fallback: .null, help: "Who the twin is, for the model."),
        Definition(
            name: "tone", value: .text(maximumLength: 500), fallback: .null, help: "How the twin talks, for the model."),
        Definition(
            name: "temperature", value: .number(0...2), fallback: 0, help: "How freely the model words its answers."),
        Definition(
            name: "max_tokens", value: .number(16...8192), fallback: 400, help: "Tokens of a model's answer at most."),
        Definition(
            name: "context_tokens", value: .number(512...200_000), fallback: 4096,
            help: "Tokens that the model takes in, its answer included."),
        Definition(
            name: "qna.automatic", value: .number(0.8...1), fallback: 0.92,
            help: "How alike a question must be to one with a verified answer to get that answer; from 0.8 it is suggested."),
        Definition(
            name: "qna.semantic", value: .number(0.5...1), fallback: 0.84,
            help: "How near in meaning a question must be to one with a verified answer to get it, with an embedding model."),
        Definition(
            name: "clarifications.enabled", value: .flag, fallback: true,
            help: "Questions about the owner's own view wait for the owner when no memory answers them."),
        Definition(
            name: "memory.threshold", value: .number(0...1), fallback: 0.7,
            help: "How well a memory must fit a question about the owner's own view to answer it."),
        Definition(
            name: "escalation.enabled", value: .flag, fallback: false,
            help: "Questions that nothing answers are handed to the owner."),
        Definition(
            name: "graph.extraction", value: .choice(["lazy", "ingest", "off"]), fallback: "lazy",
            help: "When names, relations and preferences are read out of documents: once they are asked for, or at each ingest."),
        Definition(
            name: "search.language", value: .choice(["english", "none"]), fallback: "english",
            help: "The language whose word endings are folded together; set it before the first ingest."),
        Definition(
            name: "search.vector_weight", value: .number(0...1), fallback: 0.3,
            help: "What meaning counts against words where an embedding model is configured; 0 is words only."),
    ]

    /// Shown among the settings, but kept elsewhere: setting them here does nothing.
    private static let derived = ["is_public", "widget_settings", "deleted_at", "deleted_by"]

    /// Bytes of JSON at the most.
    static let maximumBytes = 65_536

    /// Settings as they came from outside, whole. Throws `TwinError` for a known one with a value it does not take, and for
    /// too much.
    package static func checked(_ object: JSONObject) throws -> TwinSettings {
        var settings = TwinSettings(object)
        for name in derived { settings.object[name] = nil }
        guard JSONWriter.bytes(.object(settings.object)).count <= maximumBytes else {
            throw TwinError(.invalid, "a twin's settings have at most \(maximumBytes) bytes")
        }
        for definition in definitions {
            if let value = settings.value(definition.name), !value.isNull { try definition.check(value) }
        }
        return settings
    }

    package static func definition(_ name: String) -> Definition? { definitions.first { $0.name == name } }

    /// The value under a dotted name (`answer.threshold`), or none when it is not set.
    package func value(_ name: String) -> JSON? {
        name.split(separator: ".").reduce(JSON.object(object) as JSON?) { $0?[String($1)] }
    }

    /// The value that is in force: what is set, else the definition's.
    package func effective(_ name: String) -> JSON {
        if let value = value(name), !value.isNull { return value }
        return Self.definition(name)?.fallback ?? .null
    }

    /// Sets a value under a dotted name after checking it against its definition; `nil` removes it. Throws `TwinError`.
    package mutating func set(_ name: String, _ value: JSON?) throws {
        if let value, let definition = Self.definition(name) { try definition.check(value) }
        let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !path.contains(""), path.count <= 8 else {
            throw TwinError(.invalid, "'\(name)' is not a setting's name; write it like answer.threshold")
        }
        object = Self.replacing(object, path[...], value)
    }

    /// Sets a value that came as text, such as an argument: read as the setting's definition says, and for a name that
    /// is not known as JSON where it is JSON, else as text.
    package mutating func set(_ name: String, parsing text: String) throws {
        let json = (try? JSONParser.parse(text)) ?? .string(text)
        switch Self.definition(name)?.value {
        case .text, .choice: try set(name, .string(text))
        case .number, .flag, nil: try set(name, json)
        }
    }

    private static func replacing(_ object: JSONObject, _ path: ArraySlice<String>, _ value: JSON?) -> JSONObject {
        guard let first = path.first else { return object }
        var result = object
        if path.count == 1 {
            result[first] = value
        } else {
            let inner = replacing(result[first]?.objectValue ?? JSONObject(), path.dropFirst(), value)
            result[first] = inner.isEmpty ? nil : .object(inner)
        }
        return result
    }
}

extension TwinSettings.Definition {
    /// Throws `TwinError` that names the values this setting takes.
    package func check(_ json: JSON) throws {
        let isRight: Bool
        switch value {
        case .number(let range): isRight = json.doubleValue.map(range.contains) ?? false
        case .flag: isRight = json.boolValue != nil
        case .text(let maximum): isRight = json.stringValue.map { $0.utf8.count <= maximum } ?? false
        case .choice(let choices): isRight = json.stringValue.map(choices.contains) ?? false
        }
        guard isRight else { throw TwinError(.invalid, "\(name) takes \(accepted)") }
    }

    package var accepted: String {
        switch value {
        case .number(let range): "a number from \(JSON.double(range.lowerBound).text) to \(JSON.double(range.upperBound).text)"
        case .flag: "true or false"
        case .text(let maximum): "text of at most \(maximum) bytes"
        case .choice(let choices): choices.joined(separator: " or ")
        }
    }
}
