import TwinHTTP
import TwinSupport

/// The documents of twins as resources of the Model Context Protocol, `twin://SLUG/sources/ID`, as far as one caller may read
/// them.
struct MCPResources {
    let server: MCPServer
    let principal: Principal

    /// Resources in one page of a list.
    private static let pageSize = 200
    /// Suggestions in one completion, as the protocol allows.
    private static let maximumCompletions = 100

    private var workspace: Workspace { server.workspace }

    static let templates: [JSON] = [
        [
            "uriTemplate": "twin://{twin}/sources/{id}", "name": "source", "title": "A twin's document",
            "description": "The text of a document as the twin quotes it", "mimeType": "text/plain",
        ]
    ]

    static func uri(_ source: Source, of twin: Twin) -> String { "twin://\(twin.slug)/sources/\(source.id)" }

    /// A page of what the caller may read, the newest of each twin first. Throws an `RPCError` for a cursor that this server
    /// did not make.
    func list(_ params: JSONObject) throws -> JSONObject {
        var start = 0
        if let cursor = params["cursor"] {
            guard let text = cursor.stringValue, let number = Int(text), number >= 0 else {
                throw RPCError(.invalidParams, "the cursor is not one that this server gave")
            }
            start = number
        }
        var left = start
        var items: [JSON] = []
        for twin in try workspace.authorizer.twins(visibleTo: principal) {
            let clearance = try workspace.authorizer.clearance(of: twin, as: principal)
            let sources = try workspace.sources.list(twin: twin, grantedTo: clearance.group?.key).filter { $0.textKey != nil }
            let skipped = min(left, sources.count)
            left -= skipped
            for source in sources.dropFirst(skipped) {
                if items.count == Self.pageSize {
                    return ["resources": .array(items), "nextCursor": .string(String(start + items.count))]
                }
                items.append(Self.resource(source, of: twin))
            }
        }
        return ["resources": .array(items)]
    }

    private static func resource(_ source: Source, of twin: Twin) -> JSON {
        [
            "uri": .string(uri(source, of: twin)), "name": .string(source.name), "title": .string(source.title ?? source.name),
            "mimeType": "text/plain", "size": .number(source.textBytes),
        ]
    }

    func read(_ params: JSONObject, isStateless: Bool) throws -> JSONObject {
        guard let uri = params["uri"]?.stringValue else { throw RPCError(.invalidParams, "name the resource by its 'uri'") }
        let missing = RPCError(
            isStateless ? .invalidParams : .resourceNotFound, "there is no such resource", data: ["uri": .string(uri)])
        let parts = uri.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "twin:", parts[1].isEmpty, parts[3] == "sources" else { throw missing }
        do {
            let (_, source) = try source(String(parts[4]), of: String(parts[2]))
            return [
                "contents": [
                    [
                        "uri": .string(uri), "mimeType": "text/plain",
                        "text": .string(try workspace.sources.text(of: source)),
                    ]
                ]
            ]
        } catch let error as TwinError where error.kind == .notFound {
            throw missing
        }
    }

    /// A source that the caller may read.
    func source(_ id: String, of name: String) throws -> (twin: Twin, source: Source) {
        let twin = try workspace.authorizer.activeTwin(name, .read, as: principal)
        let clearance = try workspace.authorizer.clearance(of: twin, as: principal)
        return (twin, try workspace.sources.find(id: id, twin: twin, grantedTo: clearance.group?.key))
    }

    /// Completes the name of a twin, in the prompt and in the template's address.
    func complete(_ params: JSONObject) throws -> JSONObject {
        guard let argument = params["argument"]?.objectValue, let name = argument["name"]?.stringValue,
            let value = argument["value"]?.stringValue
        else { throw RPCError(.invalidParams, "a completion must name its 'argument' and its 'value'") }
        var values: [String] = []
        if name == "twin" {
            values = try workspace.authorizer.twins(visibleTo: principal).map(\.slug).filter { $0.hasPrefix(value) }.sorted()
        }
        return [
            "completion": [
                "values": .strings(values.prefix(Self.maximumCompletions)), "total": .number(values.count),
                "hasMore": .bool(values.count > Self.maximumCompletions),
            ]
        ]
    }
}
