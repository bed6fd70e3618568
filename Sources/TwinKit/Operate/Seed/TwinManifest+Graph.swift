import TwinDatabase
import TwinHTTP
import TwinSupport

/// Lines of `graph.jsonl`: what was decided about the graph. What documents say is read from them again.
extension TwinManifest {
    /// One line. `line` counts from 1 and is 0 for what was not read from a file; two lines that decide the same are equal.
    package struct Decision: Sendable, Equatable {
        package var decision: GraphDecision
        package var line = 0
    }

    private static let kinds = ["node", "merge", "superseded", "candidate"]

    static func decision(_ json: JSON, at place: ManifestPlace) throws -> Decision {
        let fields: [String]
        switch json["kind"]?.stringValue {
        case "node": fields = ["kind", "type", "name", "origin", "properties", "memory"]
        case "merge": fields = ["kind", "node", "into"]
        case "superseded": fields = ["kind", "node", "relationship_type", "object", "by"]
        case "candidate": fields = ["kind", "content", "memory_type", "identity", "data", "status", "memory"]
        default: throw place.error("\"kind\" must be one of \(kinds.joined(separator: ", "))")
        }
        let object = try ManifestObject(json, fields: fields, at: place)
        let decision: GraphDecision
        switch json["kind"]?.stringValue {
        case "node":
            decision = .node(
                type: try text(object, "type"), name: try text(object, "name"),
                origin: try object.choice("origin", of: GraphNode.Origin.self) ?? .owner,
                properties: try object.object("properties")?.canonical ?? JSONObject(), memory: try memory(object))
            if case .node(_, _, .extracted, _, _) = decision {
                throw place.error("\"origin\" must be owner or escalation; what documents say is read from them")
            }
        case "merge": decision = .merge(try node(object, "node"), into: try node(object, "into"))
        case "superseded":
            decision = .superseded(
                try node(object, "node"), predicate: try text(object, "relationship_type"), object: try node(object, "object"),
                by: try node(object, "by"))
        default:
            let status = try object.choice("status", of: MemoryCandidate.Status.self) ?? .approved
            guard status != .pending else { throw place.error("\"status\" must be approved or rejected") }
            guard let identity = try object.texts("identity"), identity.count == 3 else {
                throw place.error("\"identity\" must be a list of three texts")
            }
            decision = .candidate(
                identity: identity.joined(separator: "\u{1F}"), content: try text(object, "content"),
                memoryType: try text(object, "memory_type"), data: try object.object("data")?.canonical ?? JSONObject(),
                status: status, memory: try memory(object))
        }
        return Decision(decision: decision, line: place.line ?? 0)
    }

    /// Bytes of a name at the most.
    private static let maximumTextBytes = 8_192

    private static func text(_ object: ManifestObject, _ key: String) throws -> String {
        let text = try object.required(key).trimmed
        guard text.utf8.count <= maximumTextBytes else { throw object.place.error("\"\(key)\" is too long", .limitReached) }
        return text
    }

    private static func node(_ object: ManifestObject, _ key: String) throws -> GraphDecision.Name {
        guard let name = try object.object(key) else { throw object.place.error("\"\(key)\" is missing") }
        let inner = try ManifestObject(.object(name), fields: ["type", "key"], at: object.place)
        return GraphDecision.Name(type: try text(inner, "type"), key: try text(inner, "key"))
    }

    private static func memory(_ object: ManifestObject) throws -> GraphDecision.MemoryName? {
        guard let name = try object.object("memory") else { return nil }
        let inner = try ManifestObject(.object(name), fields: ["type", "topic"], at: object.place)
        return GraphDecision.MemoryName(type: try text(inner, "type"), topic: try text(inner, "topic"))
    }
}

extension TwinManifest.Decision {
    var json: JSON {
        func node(_ name: GraphDecision.Name) -> JSON { ["type": .string(name.type), "key": .string(name.key)] }
        func memory(_ name: GraphDecision.MemoryName?) -> JSON? {
            name.map { ["type": .string($0.type), "topic": .string($0.topic)] }
        }
        switch decision {
        case .node(let type, let name, let origin, let properties, let remembered):
            var object: JSONObject = [
                "kind": "node", "type": .string(type), "name": .string(name), "origin": .string(origin.rawValue),
            ]
            if !properties.isEmpty { object["properties"] = .object(properties.canonical) }
            object["memory"] = memory(remembered)
            return .object(object)
        case .merge(let name, let into): return ["kind": "merge", "node": node(name), "into": node(into)]
        case .superseded(let subject, let predicate, let object, let by):
            return [
                "kind": "superseded", "node": node(subject), "relationship_type": .string(predicate), "object": node(object),
                "by": node(by),
            ]
        case .candidate(let identity, let content, let memoryType, let data, let status, let remembered):
            var object: JSONObject = [
                "kind": "candidate", "content": .string(content), "memory_type": .string(memoryType),
                "identity": .strings(identity.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)),
                "status": .string(status.rawValue),
            ]
            if !data.isEmpty { object["data"] = .object(data.canonical) }
            object["memory"] = memory(remembered)
            return .object(object)
        }
    }
}

extension TwinConvergence {
    mutating func converge(_ wanted: [TwinManifest.Decision], of twin: Twin, on connection: Connection) throws {
        var stored: [String: TwinManifest.Decision] = [:]
        for decision in try GraphDecisions.all(of: twin, on: connection) {
            stored[decision.subject] = TwinManifest.Decision(decision: decision)
        }
        var lines: [String: Int] = [:]
        for decision in wanted {
            let place = ManifestPlace(file: TwinDirectory.File.graph.rawValue, line: decision.line)
            let subject = decision.decision.subject
            if let line = lines.updateValue(decision.line, forKey: subject) {
                throw place.error("this is already decided in line \(line)")
            }
            let earlier = stored.removeValue(forKey: subject)
            // As it would be written, so that what is only stored otherwise is no change.
            if let earlier, earlier.json == decision.json {
                unchanged += 1
                continue
            }
            try place.locating { try GraphDecisions.set(decision.decision, of: twin, by: actor, on: connection) }
            note(earlier == nil ? .create : .update, .graph, subject, earlier == nil ? [] : ["value"])
        }
        guard prune else { return }
        for (subject, decision) in stored.sorted(by: { $0.key < $1.key }) {
            try GraphDecisions.remove(decision.decision, of: twin, on: connection)
            note(.delete, .graph, subject)
        }
    }
}
