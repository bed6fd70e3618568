import TwinDatabase
import TwinHTTP
import TwinSupport

/// Calls tools for agents: checks arguments before, looks whether the tool is still the tenant's to use, keeps to the bounds, and
/// notes each call where staff can read it. A failure is what the tool gave, never the end of an answer.
struct ToolRunner: Sendable {
    let database: Database
    let ask: Ask
    /// Where tools may lead: the public Internet, and what the operator lists beside it.
    let policy: AddressPolicy

    /// Bytes of an output that are kept in the log.
    private static let loggedBytes = 16_384
    private static let pictureBytes = 8 << 20
    private static let pictureSeconds = 15

    /// For whom tools are called.
    struct Place: Sendable {
        let session: DeskSession
        let agent: Agent
        let visitor: Session
        let twin: Twin
        /// The question that is answered.
        let messageID: String
    }

    /// One call as it is logged.
    struct Call: Sendable {
        let tool: String
        let toolID: String?
        let arguments: JSON
        let outcome: ToolOutcome
    }

    func call(_ name: String, _ arguments: JSON, at place: Place, isCancelled: @escaping () -> Bool) throws -> Call {
        let started = Clock.monotonicNanoseconds
        let known = place.agent.tools.first { $0.name.lowercased() == name.lowercased() }
        let outcome = try outcome(known, arguments, place, isCancelled)
        let call = Call(tool: known?.name ?? name.shortened(to: 64), toolID: known?.id, arguments: arguments, outcome: outcome)
        try log(call, place, milliseconds: Double(Clock.monotonicNanoseconds - started) / 1e6)
        return call
    }

    private func outcome(
        _ known: DeskTool?, _ arguments: JSON, _ place: Place, _ isCancelled: @escaping () -> Bool
    ) throws -> ToolOutcome {
        guard let known else { return .failed("unknown_tool", "there is no such tool") }
        let current = try database.read { connection -> (tool: DeskTool, secret: Secret?)? in
            guard
                let tool = try Agents.usableTool(known, of: place.agent, place.session.tenantID, on: connection)
            else { return nil }
            return (tool, try Self.secret(of: tool, tenantID: place.session.tenantID, on: connection))
        }
        guard let (tool, secret) = current else { return .failed("not_permitted", "the tool is not enabled") }
        guard let object = arguments.objectValue else {
            return .failed("invalid_arguments", "the arguments are not a JSON object")
        }
        if let problem = ArgumentSchema.problem(arguments, tool.inputSchema) { return .failed("invalid_arguments", problem) }
        do {
            switch tool.base {
            case .httpGet, .httpPost:
                let config = try HTTPTool(tool.config)
                if config.secretName != nil, secret == nil {
                    return .failed("not_configured", "the secret of the tool is not set")
                }
                return config.call(
                    tool.base == .httpGet ? .get : .post, object, secret: secret, policy: policy, isCancelled: isCancelled)
            case .query: return try QueryTool(tool.config).call(object, own: database.path, isCancelled: isCancelled)
            case .documents: return try documents(object, place, isCancelled)
            case .pictureText: return pictureText(object, isCancelled)
            }
        } catch let error as RateLimit.Exceeded {
            return .failed("limit_reached", error.error.message)
        } catch let error as TwinError {
            return .failed(error.kind.rawValue, error.message)
        }
    }

    private func documents(_ arguments: JSONObject, _ place: Place, _ isCancelled: @escaping () -> Bool) throws -> ToolOutcome {
        let text = arguments["question"]?.stringValue ?? arguments["query"]?.stringValue ?? ""
        var question = Ask.Question(text, of: place.twin.id)
        question.keeping = .counts
        let answer = try ask.answer(question, as: Ask.Reader(atFile: .visitor(place.visitor)), isCancelled: isCancelled)
        return ToolOutcome(
            output: [
                "answer": .string(answer.text), "status": .string(answer.status.rawValue),
                "confidence": .double((answer.metadata.confidence * 100).rounded() / 100),
                "sources": .array(
                    answer.metadata.citations.map { ["title": .string($0.sourceTitle), "quote": .string($0.quote)] }),
            ], citations: answer.metadata.citations)
    }

    private func pictureText(_ arguments: JSONObject, _ isCancelled: @escaping () -> Bool) -> ToolOutcome {
        guard let program = Subprocess.find("tesseract") else {
            return .failed("not_configured", "reading pictures needs tesseract; install it with: apt-get install tesseract-ocr")
        }
        do {
            var limits = ClientLimits()
            limits.connectTime = HTTPTool.connectTime
            limits.totalTime = HTTPTool.maximumTime
            limits.responseBytes = Self.pictureBytes
            limits.redirects = 0
            let address = try WebAddress(arguments["url"]?.stringValue ?? "")
            let response = try HTTPClient(policy: policy, userAgent: "twin")
                .send(ClientRequest(.get, address, limits: limits), isCancelled: isCancelled)
            guard response.status == 200 else { return .failed("http_\(response.status)", "the picture is not there") }
            let folder = try ScratchFolder()
            let path = folder.path + "/picture"
            try AtomicFile.write(response.body, to: path)
            let output = try Subprocess(
                program, [path, "stdout"], seconds: Self.pictureSeconds, outputBytes: HTTPTool.maximumBytes
            ).run()
            guard output.status == 0 else { return .failed("unreadable", "the picture could not be read") }
            return ToolOutcome(output: ["text": .string(String(decoding: output.bytes, as: UTF8.self).trimmed)])
        } catch let error as HTTPClientError {
            return .failed("unreachable", "\(error)")
        } catch {
            return .failed("failed", "the picture could not be read")
        }
    }

    // MARK: Secrets

    static func secretName(_ name: String, tenantID: String?) -> String { "tool:\(tenantID ?? ""):\(name)" }

    /// A tool of the operator has the operator's secrets, whoever calls it.
    private static func secret(of tool: DeskTool, tenantID: String, on connection: Connection) throws -> Secret? {
        guard let name = tool.config["secret_ref"]?.stringValue else { return nil }
        return try StoredSecrets.value(secretName(name, tenantID: tool.tenantID), on: connection)
            .map { Secret(String(decoding: $0, as: UTF8.self)) }
    }

    // MARK: The log

    private func log(_ call: Call, _ place: Place, milliseconds: Double) throws {
        func bounded(_ json: JSON) -> JSON {
            json.text.utf8.count <= Self.loggedBytes ? json : ["truncated": .string(json.text.shortened(to: 4_000))]
        }
        try database.write { connection in
            try connection.run(
                """
                INSERT INTO desk_tool_calls (id, tenant_id, session_key, message_id, agent_id, tool_id, tool_name, arguments,
                    status, output, milliseconds, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    Identifier.make(), place.session.tenantID, place.session.key, place.messageID, place.agent.id, call.toolID,
                    call.tool, bounded(call.arguments), call.outcome.error ?? "ok", bounded(call.outcome.output), milliseconds,
                    Clock.now,
                ] as [any DatabaseConvertible])
        }
    }
}

/// A tool's call as staff read it.
package struct LoggedToolCall: Sendable {
    package let id: String
    package let messageID: String?
    package let agentID: String?
    package let toolID: String?
    package let toolName: String
    package let arguments: JSON
    /// `ok`, or what was wrong.
    package let status: String
    package let output: JSON
    package let milliseconds: Double
    package let createdAt: Timestamp

    /// The calls of a session, oldest first.
    package static func list(of session: DeskSession, in database: Database) throws -> [LoggedToolCall] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT id, message_id, agent_id, tool_id, tool_name, arguments, status, output, milliseconds, created_at
                FROM desk_tool_calls WHERE session_key = ? ORDER BY key LIMIT 1000
                """, session.key
            ) { row in
                LoggedToolCall(
                    id: row.text(0), messageID: row.optionalText(1), agentID: row.optionalText(2), toolID: row.optionalText(3),
                    toolName: row.text(4), arguments: try row.json(5), status: row.text(6), output: try row.json(7),
                    milliseconds: row.double(8), createdAt: try row.requiredTimestamp(9))
            }
        }
    }
}

/// Secrets that a tenant's tools send along, by names that their configs refer to.
package struct ToolSecrets: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Stores a secret, or takes it away. Throws `TwinError` (`invalid`) for a name or secret that cannot be sent.
    package func set(_ name: String, _ secret: Secret?, of tenantID: String?) throws {
        let isName = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(Self.isOfName)
        // One that was stored before names were held to this can still be taken away.
        guard isName || secret == nil else {
            throw TwinError(.invalid, "a secret's name has 1 to 64 of a-z, A-Z, 0-9, '_', '.' and '-'")
        }
        let text = secret?.reveal()
        guard text?.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) ?? true, text?.utf8.count ?? 1 <= 4_096 else {
            throw TwinError(.invalid, "a secret is one line of at most 4096 characters of ASCII")
        }
        try database.write { connection in
            let key = ToolRunner.secretName(name, tenantID: tenantID)
            if let text {
                try StoredSecrets.store(key, Array(text.utf8), on: connection)
            } else {
                try StoredSecrets.remove(key, on: connection)
            }
        }
    }

    /// The names of the secrets that there are.
    package func names(of tenantID: String?) throws -> [String] {
        let prefix = ToolRunner.secretName("", tenantID: tenantID)
        return try database.read { try StoredSecrets.entries(on: $0) }
            .compactMap { $0.name.hasPrefix(prefix) ? String($0.name.dropFirst(prefix.count)) : nil }
    }
}
