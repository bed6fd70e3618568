import TwinDatabase
import TwinSupport

/// A desk as one JSON document, for files that are kept beside others and applied again: settings, widget, agents and tools by
/// their names. Secrets are not in it, only the names that tools refer to them by.
package struct DeskDocument: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// The desk of a tenant with its own agents and tools, ordered so that the same desk gives the same document; what the
    /// operator shares is left out. Throws `TwinError` (`notFound`).
    package func export(_ tenantID: String) throws -> JSON {
        let desk = try Desks(database: database).find(tenantID)
        let agents = try Agents(database: database).list(visibleTo: tenantID).agents.filter { $0.tenantID != nil }
        let tools = try DeskTools(database: database).list(visibleTo: tenantID).tools.filter { $0.tenantID != nil }
        return [
            "domain": .optional(desk.domain), "settings": .object(desk.settings), "widget": .object(desk.widget.stored),
            "default_agent": .optional(agents.first { $0.key == desk.defaultAgentKey }?.name),
            "tools": .array(
                tools.sorted { $0.name < $1.name }.map {
                    [
                        "name": .string($0.name), "kind": .string($0.base.rawValue), "description": .string($0.description),
                        "config": .object($0.config), "input_schema": .object($0.inputSchema), "is_active": .bool($0.isActive),
                    ]
                }),
            "agents": .array(
                agents.sorted { $0.name < $1.name }.map { agent in
                    [
                        "name": .string(agent.name), "description": .string(agent.description),
                        "instructions": .string(agent.instructions), "output_format": .string(agent.outputFormat.rawValue),
                        "examples": .strings(agent.examples), "tools": .strings(agent.tools.map(\.name)),
                        "is_active": .bool(agent.isActive), "metadata": .object(agent.metadata),
                    ]
                }),
        ]
    }

    /// What applying a document did.
    package struct Outcome: Sendable {
        package var added: [String] = []
        package var changed: [String] = []
    }

    /// Brings a desk to what a document says. What it does not name stays. Throws `TwinError` that names the member; what came
    /// before it is applied then, and applying again goes on.
    package func apply(_ json: JSON, to tenantID: String, by principal: Principal) throws -> Outcome {
        guard json.objectValue != nil else { throw TwinError(.invalid, "the document is not a JSON object") }
        var outcome = Outcome()
        let tools = DeskTools(database: database)
        for (index, entry) in (json["tools"]?.arrayValue ?? []).enumerated() {
            guard let name = entry["name"]?.stringValue, let kind = entry["kind"]?.stringValue,
                let base = BaseTool(rawValue: kind)
            else { throw TwinError(.invalid, "tools[\(index)] has no name, or an unknown kind") }
            var content = DeskTools.Content()
            content.name = name
            content.base = base
            content.description = entry["description"]?.stringValue
            content.config = entry["config"]?.objectValue
            content.inputSchema = entry["input_schema"]?.objectValue
            content.isActive = entry["is_active"]?.boolValue
            let known = try tools.list(visibleTo: tenantID).tools.first {
                $0.tenantID != nil && $0.name.lowercased() == name.lowercased()
            }
            if let known {
                _ = try tools.update(known.id, of: tenantID, content, by: principal)
                outcome.changed.append("tool \(name)")
            } else {
                _ = try tools.add(content, to: tenantID, by: principal)
                outcome.added.append("tool \(name)")
            }
        }
        let agents = Agents(database: database)
        for (index, entry) in (json["agents"]?.arrayValue ?? []).enumerated() {
            guard let name = entry["name"]?.stringValue else { throw TwinError(.invalid, "agents[\(index)] has no name") }
            var content = Agents.Content()
            content.name = name
            content.description = entry["description"]?.stringValue
            content.instructions = entry["instructions"]?.stringValue
            content.outputFormat = entry["output_format"]?.stringValue.flatMap(OutputFormat.init(rawValue:))
            content.examples = entry["examples"]?.arrayValue?.compactMap(\.stringValue)
            content.tools = entry["tools"]?.arrayValue?.compactMap(\.stringValue)
            content.isActive = entry["is_active"]?.boolValue
            content.metadata = entry["metadata"]?.objectValue
            let known = try agents.list(visibleTo: tenantID).agents.first {
                $0.tenantID != nil && $0.name.lowercased() == name.lowercased()
            }
            if let known {
                _ = try agents.update(known.id, of: tenantID, content, by: principal)
                outcome.changed.append("agent \(name)")
            } else {
                _ = try agents.add(content, to: tenantID, by: principal)
                outcome.added.append("agent \(name)")
            }
        }
        _ = try Desks(database: database).change(tenantID, by: principal) { _ in
            var change = Desks.Change()
            change.domain = json["domain"]?.stringValue
            change.settings = json["settings"]?.objectValue
            change.widget = json["widget"]?.objectValue.map(WidgetSettings.init)
            change.defaultAgent = json["default_agent"]?.stringValue
            return change
        }
        return outcome
    }
}
