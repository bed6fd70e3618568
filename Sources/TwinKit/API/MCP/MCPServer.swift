import TwinHTTP
import TwinSupport

/// A Model Context Protocol server over any transport: a message goes in, at most one comes out, and nothing is kept in
/// between. It serves revision 2026-07-28 and, to clients that begin with `initialize`, those from 2024-11-05 on.
///
/// Who asks is the transport's to find out; what may be seen and done is decided by the services behind the tools.
package struct MCPServer: Sendable {
    /// The longest message in bytes.
    package static let maximumMessageBytes = 4 << 20

    let workspace: Workspace
    /// Whether tools that change something are offered to those who may use them.
    let offersWriting: Bool
    /// Called with what went wrong inside, which clients are not told.
    let log: @Sendable (String) -> Void

    package init(_ workspace: Workspace, offersWriting: Bool, log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.workspace = workspace
        self.offersWriting = offersWriting
        self.log = log
    }

    /// What a message is answered with.
    package struct Reply: Sendable {
        /// None where the message wants no answer.
        package var message: JSON?
        /// What the answer is over HTTP.
        package var status: HTTPStatus
    }

    /// Answers a message. It never throws: what is wrong is in the reply. `headers` are those of HTTP, where the message came
    /// that way.
    package func reply(to bytes: [UInt8], as reader: Ask.Reader, headers: HeaderFields? = nil) -> Reply {
        let json: JSON
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            return failure(RPCError(.parse, "the message is not JSON: \(error)"), id: .null, isStateless: true)
        }
        return reply(to: json, as: reader, headers: headers)
    }

    /// The answer to a message that is longer than `maximumMessageBytes`.
    package static let tooLong = Reply(
        message: RPCError(.invalidRequest, "a message has at most \(maximumMessageBytes) bytes").json(id: .null),
        status: .contentTooLarge)

    private func reply(to json: JSON, as reader: Ask.Reader, headers: HeaderFields?) -> Reply {
        // Whoever states no version and gets no further may be of either kind: the status is then that of the newer one.
        var isStateless = true
        do {
            let message = try RPCMessage(json)
            if message.isResponse { return Reply(message: nil, status: .accepted) }
            isStateless = try MCPRevision.isStateless(message, headers: headers)
            guard let id = message.id else { return Reply(message: nil, status: .accepted) }
            var result = try result(of: message, as: reader, isStateless: isStateless)
            if isStateless {
                result["resultType"] = "complete"
                result["_meta"] = [MCPRevision.serverInfoKey: Self.serverInfo]
            }
            return Reply(message: RPCMessage.result(result, id: id), status: .ok)
        } catch let error as RPCError {
            return failure(error, id: RPCMessage.id(of: json), isStateless: isStateless)
        } catch {
            return failure(rpcError(error), id: RPCMessage.id(of: json), isStateless: isStateless)
        }
    }

    /// Older revisions have a status for the transport only: what is wrong with a request is 200 there.
    private func failure(_ error: RPCError, id: JSON, isStateless: Bool) -> Reply {
        let status: HTTPStatus =
            switch error.code {
            case .parse, .invalidRequest, .headerMismatch, .unsupportedVersion: .badRequest
            case .invalidParams: isStateless ? .badRequest : .ok
            case .methodNotFound: isStateless ? .notFound : .ok
            case .internal, .resourceNotFound: .ok
            }
        return Reply(message: error.json(id: id), status: status)
    }

    /// What a service refused, as an error of the message.
    private func rpcError(_ error: any Error) -> RPCError {
        let report = ErrorTranslation.report(error)
        guard report.isInternal else { return RPCError(.invalidParams, report.message) }
        log("\(error)")
        return RPCError(.internal, "something went wrong on the server")
    }

    private func result(
        of message: RPCMessage, as reader: Ask.Reader, isStateless: Bool
    ) throws -> JSONObject {
        let tools = MCPTools(server: self, reader: reader)
        let resources = MCPResources(server: self, principal: reader.principal)
        switch message.method {
        case "initialize" where !isStateless: return initialize(message)
        case "ping" where !isStateless: return [:]
        case "server/discover" where isStateless:
            return cacheable([
                "supportedVersions": .strings(MCPRevision.stateless), "capabilities": Self.capabilities,
                "instructions": .string(Self.instructions),
            ])
        case "tools/list": return cacheable(["tools": .array(tools.list())], isStateless)
        case "tools/call": return try tools.call(message.params)
        case "resources/list": return cacheable(try resources.list(message.params), isStateless)
        case "resources/templates/list":
            return cacheable(["resourceTemplates": .array(MCPResources.templates)], isStateless)
        case "resources/read": return cacheable(try resources.read(message.params, isStateless: isStateless), isStateless)
        case "prompts/list": return cacheable(["prompts": .array([MCPPrompt.definition])], isStateless)
        case "prompts/get": return try MCPPrompt.get(message.params)
        case "completion/complete": return try resources.complete(message.params)
        default: throw RPCError(.methodNotFound, "there is no method '\(message.method.prefix(100))'")
        }
    }

    private func initialize(_ message: RPCMessage) -> JSONObject {
        let wanted = message.params["protocolVersion"]?.stringValue ?? ""
        return [
            "protocolVersion": .string(MCPRevision.handshakes.contains(wanted) ? wanted : MCPRevision.latestHandshake),
            "capabilities": Self.capabilities, "serverInfo": Self.serverInfo, "instructions": .string(Self.instructions),
        ]
    }

    /// Adds how long a list may be kept. Each caller sees its own twins, so nobody else's cache may serve it; and what is
    /// revoked or deleted must not live on in one.
    private func cacheable(_ result: JSONObject, _ isStateless: Bool = true) -> JSONObject {
        isStateless ? result.merging(["ttlMs": 0, "cacheScope": "private"]) : result
    }

    private static let capabilities: JSON = ["tools": [:], "resources": [:], "prompts": [:], "completions": [:]]

    static let serverInfo: JSON = ["name": "twin", "title": "Digital twin", "version": .string(TwinVersion.current)]

    private static let instructions = """
        Digital twins answer from an expert's own documents and quote them. Use `ask` for a question: the answer says whether \
        it is grounded, and "I don't know" is meant. Use `search` and `fetch` to read the documents yourself, and quote them \
        with their titles. Without `twin` the only twin is taken; `list_twins` names them.
        """
}

/// The one prompt: a question put to an expert, so that the answer rests on the twin's and nothing else.
enum MCPPrompt {
    static let name = "ask-expert"

    static let definition: JSON = [
        "name": .string(name), "title": "Ask an expert", "description": "Ask a digital twin and answer from its evidence only",
        "arguments": [
            ["name": "question", "description": "What you want to know", "required": true],
            ["name": "twin", "description": "The twin to ask; may be left out where there is only one", "required": false],
        ],
    ]

    static func get(_ params: JSONObject) throws(RPCError) -> JSONObject {
        guard params["name"]?.stringValue == name else { throw RPCError(.invalidParams, "there is no such prompt") }
        let arguments = params["arguments"]?.objectValue ?? [:]
        guard let question = arguments["question"]?.stringValue?.nonBlank else {
            throw RPCError(.invalidParams, "the prompt needs the argument 'question'")
        }
        let whom = arguments["twin"]?.stringValue?.nonBlank.map { " of the twin '\($0)'" } ?? ""
        let text = """
            Use the tool `ask`\(whom) with the question below. Answer from what it says and nothing else, keep its quotations \
            word for word with their titles, and where it says that it does not know, say so.

            \(question)
            """
        return [
            "description": "A question to an expert",
            "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]],
        ]
    }
}
