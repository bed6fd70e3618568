import TwinHTTP
import TwinSupport

/// What a twin might remember, and what it knows.
struct BrainMemory: RouteCollection {
    let context: APIContext

    private static let status = FieldRule.oneOf(MemoryCandidate.Status.allCases.map(\.rawValue))
    private static let name = FieldRule.string(1...400)

    func add(to group: inout RouteGroup) throws {
        let candidates = "/api/twins/{twin_id}/memory-candidates"
        try group.get(
            candidates,
            .brain(
                "List memory candidates, newest first", .read,
                parameters: [.query("status", Self.status, "Pending ones by default")] + BrainPage.parameters,
                answer: BrainSchemas.list("candidates", "BrainCandidate")), list)
        try group.post(
            candidates + "/{candidate_id}/approve",
            .brain(
                "Approve a candidate: from now on it answers", .userWrite,
                answer: JSONSchema.output(["status": JSONSchema.string, "graph_node_id": JSONSchema.uuid]))
        ) { request in
            let twin = try context.activeTwin(request, .manage)
            let approved = try context.workspace.candidates.approve(
                request.parameters.require("candidate_id"), of: twin, by: request.principal.actorID)
            return .json(["status": "approved", "graph_node_id": .optional(approved.graphNodeID)])
        }
        try group.post(
            candidates + "/{candidate_id}/reject",
            .brain("Reject a candidate", .userWrite, answer: JSONSchema.output(["status": JSONSchema.string]))
        ) { request in
            let twin = try context.activeTwin(request, .manage)
            _ = try context.workspace.candidates.reject(
                request.parameters.require("candidate_id"), of: twin, by: request.principal.actorID)
            return .json(["status": "rejected"])
        }
        let graph = "/api/twins/{twin_id}/graph"
        try group.get(
            graph, .brain("What a twin knows, in numbers", .read, answer: JSONSchema.reference("BrainGraph")), summary)
        try group.get(
            graph + "/nodes",
            .brain(
                "List nodes, most documents first", .read,
                parameters: [.query("type", .string(1...40), "Only this type")] + BrainPage.parameters,
                answer: BrainSchemas.list("nodes", "BrainNode")), nodes)
        try group.get(
            graph + "/nodes/{node_id}",
            .brain("Read a node with its relations and evidence", .read, answer: JSONSchema.reference("BrainNode")), node)
        try group.post(
            graph + "/nodes/{node_id}/merge",
            .brain(
                "Merge this node with another", .userWrite,
                body: JSONSchema.input(["into": JSONSchema.uuid], required: ["into"]), answer: JSONSchema.reference("BrainNode"))
        ) { request in
            let twin = try context.activeTwin(request, .manage)
            var body = try request.bodyFields()
            let into = body.required("into", .uuid)
            try body.validate()
            let node = try context.workspace.graphEditing.merge(
                request.parameters.require("node_id"), into: into, of: twin, by: request.principal.actorID)
            return .json(Self.json(node))
        }
        try group.post(
            graph + "/nodes/{node_id}/split",
            .brain(
                "Undo the merges into this node", .userWrite,
                answer: JSONSchema.output([
                    "nodes": JSONSchema.array(JSONSchema.reference("BrainNode")), "total": JSONSchema.integer,
                ]))
        ) { request in
            let twin = try context.activeTwin(request, .manage)
            let nodes = try context.workspace.graphEditing.split(
                request.parameters.require("node_id"), of: twin, by: request.principal.actorID)
            return .json(["nodes": .array(nodes.map(Self.json)), "total": .number(nodes.count)])
        }
        try group.get(
            graph + "/export", .brain("The graph without ids and times, sorted", .userRead, answer: JSONSchema.object)
        ) { request in
            let twin = try context.twin(request, .manage)
            try context.workspace.learn(twin)
            return .json(try context.workspace.graphExport.canonical(of: twin))
        }
    }

    /// The twin, with its graph up to date, and what the caller may read of it.
    private func learned(_ request: Request) throws -> (Twin, Clearance) {
        let twin = try context.twin(request, .read)
        let clearance = try context.authorizer.clearance(of: twin, as: request.principal)
        try context.workspace.learn(twin)
        return (twin, clearance)
    }

    private func list(_ request: Request) throws -> Response {
        let (twin, clearance) = try learned(request)
        var query = request.queryFields()
        let status = query.optional("status", Self.status).flatMap(MemoryCandidate.Status.init) ?? .pending
        let page = BrainPage(&query)
        try query.validate()
        let found = try context.workspace.candidates.list(
            of: twin, for: clearance, status: status, limit: page.limit, offset: page.offset)
        return page.response("candidates", found.candidates, total: found.total, \.json)
    }

    private func summary(_ request: Request) throws -> Response {
        let (twin, clearance) = try learned(request)
        let summary = try context.workspace.graph.summary(of: twin, for: clearance)
        var types = JSONObject()
        for (type, count) in summary.types { types[Self.shown(type)] = .number(count) }
        return .json([
            "nodes_count": .number(summary.nodeCount), "edges_count": .number(summary.edgeCount), "node_types": .object(types),
            "degraded": .object(
                JSONObject(
                    try context.workspace.graph.degraded(of: twin, for: clearance).map {
                        (key: $0.reason, value: .number($0.count))
                    })),
            "recent_nodes": .array(summary.recent.map(Self.json)), "important_entities": .array(summary.important.map(Self.json)),
        ])
    }

    private func nodes(_ request: Request) throws -> Response {
        let (twin, clearance) = try learned(request)
        var query = request.queryFields()
        let type = query.optional("type", .string(1...40))
        let page = BrainPage(&query)
        try query.validate()
        let nodes = try context.workspace.graph.nodes(of: twin, for: clearance)
            .filter { type == nil || $0.type == type || Self.shown($0.type) == type }
            .sorted { ($1.sourceCount, $1.mentionCount, $0.name) < ($0.sourceCount, $0.mentionCount, $1.name) }
        return page.response("nodes", of: nodes, Self.json)
    }

    private func node(_ request: Request) throws -> Response {
        let (twin, clearance) = try learned(request)
        let detail = try context.workspace.graph.node(request.parameters.require("node_id"), of: twin, for: clearance)
        var object = Self.json(detail.node).objectValue ?? JSONObject()
        object["relations"] = .array(detail.relations.map(\.json))
        object["evidence"] = .array(detail.evidence.map(\.json))
        return .json(.object(object))
    }

    /// The contract calls an organization a company.
    private static func shown(_ type: String) -> String { type == "organization" ? "company" : type }

    private static func json(_ node: GraphNode) -> JSON {
        var object = node.json.objectValue ?? JSONObject()
        object["node_type"] = .string(shown(node.type))
        return .object(object)
    }
}
