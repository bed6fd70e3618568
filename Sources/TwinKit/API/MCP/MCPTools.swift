import TwinHTTP
import TwinSupport

/// The tools, called for one principal.
struct MCPTools {
    let server: MCPServer
    let reader: Ask.Reader

    private var principal: Principal { reader.principal }
    private var workspace: Workspace { server.workspace }
    private var resources: MCPResources { MCPResources(server: server, principal: principal) }

    /// The longest text that `fetch` gives in one piece, in bytes.
    private static let maximumFetch = 200_000

    /// What this caller may use. Tools that change something are shown to those only who hold the right to on some twin.
    func list() -> [JSON] { available.map(\.json) }

    private var available: [MCPTool] { server.offersWriting && mayWrite ? Self.reading + Self.writing : Self.reading }

    private var mayWrite: Bool {
        let twins = (try? workspace.authorizer.twins(visibleTo: principal)) ?? []
        return twins.contains { (try? workspace.authorizer.check($0, .write, as: principal)) != nil }
    }

    /// Calls a tool. Throws an `RPCError` where there is no such tool; what goes wrong in it is its result.
    func call(_ params: JSONObject) throws -> JSONObject {
        guard let name = params["name"]?.stringValue else { throw RPCError(.invalidParams, "a call must name its tool") }
        guard let tool = available.first(where: { $0.name == name }) else {
            throw RPCError(.invalidParams, "there is no tool '\(name.prefix(100))'")
        }
        let values: JSONObject
        switch params["arguments"] {
        case .none, .some(.null): values = [:]
        case .some(.object(let object)): values = object
        default: throw RPCError(.invalidParams, "arguments must be an object")
        }
        do {
            return try tool.call(self, try MCPArguments(values, of: tool)).json
        } catch {
            let report = ErrorTranslation.report(error)
            if report.isInternal { server.log("\(name): \(error)") }
            return MCPResult.failure(report.isInternal ? "something went wrong on the server; try again later" : report.message)
        }
    }

    /// The twin that the arguments name, else the only one that the caller sees.
    private func twin(_ arguments: MCPArguments, _ action: Authorizer.Action) throws -> Twin {
        if let name = try arguments.text("twin", maximumBytes: 200).nonBlank {
            return try workspace.authorizer.activeTwin(name, action, as: principal)
        }
        let twins = try usable()
        guard let first = twins.first else { throw TwinError(.notFound, "there is no twin that you may use") }
        guard twins.count == 1 else {
            throw TwinError(
                .invalid,
                "say which 'twin': \(twins.prefix(20).map(\.slug).joined(separator: ", "))\(twins.count > 20 ? ", …" : "")")
        }
        return try workspace.authorizer.activeTwin(first.id, action, as: principal)
    }

    // MARK: Reading

    private static let twinProperty: JSON = [
        "type": "string", "description": "The twin's name (slug) or id; may be left out where there is only one",
    ]

    private static let reading: [MCPTool] = [
        MCPTool(
            name: "ask", title: "Ask a twin",
            description: """
                Asks a digital twin a question. The answer quotes the expert's documents and says how sure it is; \
                status 'unanswerable' means that they do not hold the answer.
                """,
            properties: [
                "question": ["type": "string", "description": "A question in plain words"], "twin": twinProperty,
                "conversation_id": ["type": "string", "description": "Goes on with an earlier conversation"],
            ], required: ["question"], call: { try $0.ask($1) }),
        MCPTool(
            name: "search", title: "Search documents",
            description: "Finds the passages of a twin's documents that match some words, best first. Read more with 'fetch'.",
            properties: [
                "query": ["type": "string", "description": "What to look for"], "twin": twinProperty,
                "limit": ["type": "integer", "minimum": 1, "maximum": 50, "description": "Show at most this many passages (10)"],
            ], required: ["query"], call: { try $0.search($1) }),
        MCPTool(
            name: "fetch", title: "Read a document",
            description: "Reads a document, or the passage that 'search' found, by the id that 'search' gave.",
            properties: ["id": ["type": "string", "description": "An id of 'search' or 'list_sources'"]], required: ["id"],
            call: { try $0.fetch($1) }),
        MCPTool(
            name: "list_twins", title: "List twins", description: "Lists the twins that you may use.", properties: [:],
            required: [], call: { tools, _ in try tools.listTwins() }),
        MCPTool(
            name: "list_sources", title: "List documents", description: "Lists a twin's documents that you may read.",
            properties: [
                "twin": twinProperty, "matching": ["type": "string", "description": "Part of a title or name"],
            ], required: [], call: { try $0.listSources($1) }),
        MCPTool(
            name: "get_citation", title: "Check a citation",
            description: "Reads the bytes that a citation of 'ask' names, as they stand in the document now.",
            properties: [
                "source_id": ["type": "string"], "twin": twinProperty, "start": ["type": "integer", "minimum": 0],
                "end": ["type": "integer", "minimum": 0],
            ], required: ["source_id", "start", "end"], call: { try $0.citation($1) }),
    ]

    private func ask(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .chat)
        let answer = try workspace.ask.answer(
            Ask.Question(
                try arguments.text("question", maximumBytes: ChatService.maximumQuestionBytes), of: twin.id,
                conversationID: try arguments.text("conversation_id", maximumBytes: 200).nonBlank),
            as: reader)
        return MCPResult(structured: answer.json, text: Self.words(answer))
    }

    /// An answer with its evidence, for whoever reads text.
    private static func words(_ answer: ChatAnswer) -> String {
        var lines = [answer.text]
        for citation in answer.metadata.citations {
            let place = citation.place
            lines.append("[\(citation.number)] \(citation.sourceTitle)\(place.isEmpty ? "" : ", \(place)")")
        }
        lines.append("(\(answer.status.rawValue))")
        return lines.joined(separator: "\n")
    }

    private func search(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .read)
        let found = try workspace.search.find(
            try arguments.text("query", maximumBytes: ChatService.maximumQuestionBytes), twin: twin,
            clearance: try workspace.authorizer.clearance(of: twin, as: principal),
            limit: try arguments.integer("limit", in: 1...50) ?? 10)
        return MCPResult(
            structured: [
                "results": .array(
                    found.passages.map { passage in
                        let range = passage.passage.range
                        return [
                            "id": .string("\(twin.slug)/\(passage.sourceID)#\(range.lowerBound)-\(range.upperBound)"),
                            "title": .string(passage.passage.title), "url": .string(passage.locator),
                            "place": .string(passage.place), "text": .string(passage.passage.text),
                        ]
                    })
            ])
    }

    private func fetch(_ arguments: MCPArguments) throws -> MCPResult {
        let id = try arguments.text("id", maximumBytes: 500)
        let unknown = TwinError(.notFound, "there is no document '\(id)'; take an id that 'search' or 'list_sources' gave")
        let parts = id.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2 else { throw unknown }
        let (twin, source) = try resources.source(names[1], of: names[0])
        var range: Range<Int>?
        if parts.count == 2 {
            let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard bounds.count == 2, let start = bounds[0], let end = bounds[1], start >= 0, start <= end else { throw unknown }
            range = start..<end
        }
        if (range?.count ?? source.textBytes) > Self.maximumFetch {
            throw TwinError(
                .limitReached,
                "the document has \(source.textBytes) bytes; read a part of it, at most \(Self.maximumFetch) bytes, as ID#START-END"
            )
        }
        return MCPResult(
            structured: [
                "id": .string(id), "title": .string(source.title ?? source.name),
                "text": .string(try workspace.sources.text(of: source, range: range)),
                "url": .string(MCPResources.uri(source, of: twin)), "metadata": ["version": .number(source.version)],
            ])
    }

    /// The twins that the caller may ask or read.
    private func usable() throws -> [Twin] {
        let asked = try workspace.authorizer.twins(askableBy: principal)
        let read = try workspace.authorizer.twins(visibleTo: principal)
        return asked + read.filter { twin in !asked.contains { $0.id == twin.id } }
    }

    private func listTwins() throws -> MCPResult {
        let twins = try usable()
        return MCPResult(
            structured: [
                "twins": .array(
                    twins.map {
                        [
                            "id": .string($0.id), "slug": .string($0.slug), "name": .string($0.name),
                            "description": .string($0.description),
                        ]
                    })
            ])
    }

    private func listSources(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .read)
        let clearance = try workspace.authorizer.clearance(of: twin, as: principal)
        let sources = try workspace.sources.list(
            twin: twin, matching: try arguments.text("matching", maximumBytes: 1_000).nonBlank, grantedTo: clearance.group?.key,
            limit: 500)
        return MCPResult(
            structured: [
                "sources": .array(
                    sources.map {
                        [
                            "id": .string("\(twin.slug)/\($0.id)"), "title": .string($0.title ?? $0.name),
                            "kind": .string($0.kind.rawValue), "bytes": .number($0.textBytes),
                        ]
                    })
            ])
    }

    private func citation(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .read)
        let (_, source) = try resources.source(try arguments.text("source_id", maximumBytes: 200), of: twin.id)
        let start = try arguments.integer("start", in: 0...Int(Int32.max)) ?? 0
        let end = try arguments.integer("end", in: 0...Int(Int32.max)) ?? 0
        guard start <= end, end - start <= Self.maximumFetch else {
            throw TwinError(.invalid, "'start' comes before 'end', at most \(Self.maximumFetch) bytes away")
        }
        return MCPResult(
            structured: [
                "source_id": .string(source.id), "title": .string(source.title ?? source.name),
                "version": .number(source.version), "start": .number(start), "end": .number(end),
                "quote": .string(try workspace.sources.text(of: source, range: start..<end)),
            ])
    }

    // MARK: Changing

    private static let writing: [MCPTool] = [
        MCPTool(
            name: "add_verified_answer", title: "Add a verified answer",
            description: "Stores an answer of the owner's, which is then given word for word whenever the question is asked.",
            properties: ["question": ["type": "string"], "answer": ["type": "string"], "twin": twinProperty],
            required: ["question", "answer"], changes: true, call: { try $0.addVerifiedAnswer($1) }),
        MCPTool(
            name: "answer_escalation", title: "Answer an open question",
            description:
                "Answers a question that the twin could not, and with 'publish' lets the twin give that answer from now on.",
            properties: [
                "escalation_id": ["type": "string"], "answer": ["type": "string"], "publish": ["type": "boolean"],
                "twin": twinProperty,
            ], required: ["escalation_id", "answer"], changes: true, call: { try $0.answerEscalation($1) }),
        MCPTool(
            name: "ingest_text", title: "Add a document",
            description: "Gives a twin a text to answer from. The same name again replaces the document.",
            properties: [
                "name": ["type": "string"], "text": ["type": "string"], "title": ["type": "string"], "twin": twinProperty,
            ],
            required: ["name", "text"], changes: true, call: { try $0.ingestText($1) }),
    ]

    private func addVerifiedAnswer(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .write)
        let entry = VerifiedAnswers.Entry(
            question: try arguments.text("question"), answer: try arguments.text("answer"))
        let stored = try workspace.verifiedAnswers.add(
            entry, to: twin, clearance: workspace.authorizer.clearance(of: twin, as: principal), by: principal.actorID)
        return MCPResult(
            structured: ["id": .string(stored.id), "question": .string(stored.question), "answer": .string(stored.answer)])
    }

    private func answerEscalation(_ arguments: MCPArguments) throws -> MCPResult {
        // Open questions are the owner's to see; a key may teach, not look after people's questions.
        let twin = try twin(arguments, .manage)
        return MCPResult(
            structured: try workspace.escalations.answer(
                try arguments.text("escalation_id", maximumBytes: 200), of: twin, try arguments.text("answer"),
                publish: try arguments.flag("publish"), by: principal.actorID
            ).json)
    }

    private func ingestText(_ arguments: MCPArguments) throws -> MCPResult {
        let twin = try twin(arguments, .write)
        let folder = try ScratchFolder()
        let path = folder.path + "/text"
        try AtomicFile.write(Array(try arguments.text("text", maximumBytes: MCPServer.maximumMessageBytes).utf8), to: path)
        let item = try workspace.upload(
            path, filename: try arguments.text("name", maximumBytes: 255), into: twin,
            title: try arguments.text("title", maximumBytes: 500).nonBlank,
            clearance: workspace.authorizer.clearance(of: twin, as: principal), actor: principal.actorID)
        return MCPResult(structured: item.json)
    }
}
