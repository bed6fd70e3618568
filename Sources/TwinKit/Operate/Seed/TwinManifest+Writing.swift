import TwinHTTP
import TwinSupport

/// From a manifest to the text of its files: objects with a fixed order of fields, lists in the order of what names their
/// items, so that a change of the twin is a change of few lines.
extension TwinManifest {
    var twinText: String {
        let object: JSON = [
            "format": .number(Self.format), "slug": .optional(slug), "name": .optional(name),
            "description": .optional(description),
            "specialization": .optional(specialization), "settings": .object((settings ?? JSONObject()).canonical),
        ]
        return object.prettyText + "\n"
    }

    var groupsText: String { JSON.array((groups ?? []).map(\.json)).prettyText + "\n" }
    var answersText: String { Self.lines((answers ?? []).map(\.json)) }
    var memoriesText: String { Self.lines((memories ?? []).map(\.json)) }
    var decisionsText: String { Self.lines((decisions ?? []).map(\.json)) }
    var sourcesText: String { Self.lines((sources ?? []).map(\.json)) }

    private static func lines(_ items: [JSON]) -> String { items.map { $0.text + "\n" }.joined() }
}

extension TwinManifest.Grant {
    var json: JSON {
        switch self {
        case .all: "all"
        case .only(let names): .strings(names)
        }
    }
}

extension TwinManifest.Group {
    var json: JSON {
        var object: JSONObject = ["name": .string(name)]
        if isDefault == true { object["is_default"] = true }
        object["is_public"] = isPublic.map(JSON.bool)
        object["description"] = description.map(JSON.string)
        object["settings"] = settings.map { .object($0.canonical) }
        object["limits"] = limits.map { limits in
            .object(JSONObject(limits.map { (key: $0.key.rawValue, value: .number($0.value)) }).canonical)
        }
        object["overrides"] = overrides.map { overrides in
            .object(JSONObject(overrides.map { (key: $0.key.rawValue, value: $0.value) }).canonical)
        }
        object["members"] = members.map { .strings($0) }
        object["sources"] = sources?.json
        object["verified_qna"] = answers?.json
        return .object(object)
    }
}

extension TwinManifest.Answer {
    var json: JSON {
        var object: JSONObject = [
            "question": .string(question), "answer": .string(answer), "visibility": .string(visibility.rawValue),
        ]
        if !citations.isEmpty { object["citations"] = .strings(citations) }
        return .object(object)
    }
}

extension TwinManifest.Memory {
    var json: JSON {
        var object: JSONObject = [
            "type": .string(entry.type.rawValue), "topic": .string(entry.topic), "value": .string(entry.value),
        ]
        object["stance"] = entry.stance.map { .string($0.rawValue) }
        object["intensity"] = entry.intensity.map(JSON.number)
        object["confidence"] = .double(entry.confidence)
        return .object(object)
    }
}

extension TwinManifest.SourceEntry {
    var json: JSON {
        var object: JSONObject = ["kind": .string(kind.rawValue), "locator": .string(locator)]
        object["title"] = title.map(JSON.string)
        if !metadata.isEmpty { object["metadata"] = .object(metadata.canonical) }
        object["content"] = content.map(JSON.string)
        return .object(object)
    }
}
