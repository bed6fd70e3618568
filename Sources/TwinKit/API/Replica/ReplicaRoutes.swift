import TwinDatabase
import TwinHTTP
import TwinSupport

/// What a primary tells its replicas. Served only where a secret for them is set, and only to whoever has it.
struct ReplicaRoutes: RouteCollection {
    let context: APIContext
    private let turns = AdmittedTurns()

    init(context: APIContext) { self.context = context }

    func add(to group: inout RouteGroup) throws {
        try group.get(
            ReplicaLink.statePath,
            RouteOptions(
                "Report how far the database is", documentation: RouteDocumentation(security: [], isHidden: true))
        ) { [context] request in
            try request.requireReplica()
            let sequence = try context.workspace.database.read { try ChangeSequence.read(on: $0) }
            let report = ReplicaLink.Report(
                version: TwinVersion.current, schema: Schema.migrator.version, sequence: sequence)
            return .json(report.json)
        }
        try group.group(use: [context.authentication]) { group in
            try group.post(QuestionWire.admitPath, Self.internalOptions("Let in a question that a replica answers"), admit)
        }
        try group.post(QuestionWire.settlePath, Self.internalOptions("Store an answer of a replica"), settle)
        try group.post(QuestionWire.storePath, Self.internalOptions("Store an answer in a model's words"), store)
    }

    private static func internalOptions(_ summary: String) -> RouteOptions {
        RouteOptions(summary, bodyLimit: 4 << 20, documentation: RouteDocumentation(security: [], isHidden: true))
    }

    private func body(_ request: Request) throws -> JSON {
        try request.requireReplica()
        return try JSONParser.parse(try request.body.collect())
    }

    /// By the credentials of whoever asks the replica, as they are here and now. A replica that may still have what was withdrawn
    /// lets this server answer.
    private func admit(_ request: Request) throws -> Response {
        let body = try body(request)
        guard let question = body["question"].flatMap(QuestionWire.question), let sequence = body["sequence"]?.intValue,
            let id = body["id"]?.stringValue, Identifier.isValid(id)
        else { throw Self.misunderstood }
        let reader = request.reader
        return .json(
            try turns.admit(id, by: reader.principal.conversationHolder) {
                let withdrawn = try context.workspace.database.read { try ChangeSequence.read(on: $0) }.withdrawn
                guard withdrawn <= Int64(sequence) else { throw HTTPError(.conflict, "the replica has not caught up") }
                let turn = try context.workspace.ask.admit(question, id: id, as: reader)
                return (turn, QuestionWire.json(turn, sequence: try newest()))
            })
    }

    private func settle(_ request: Request) throws -> Response {
        let body = try body(request)
        guard let draft = body["draft"].flatMap(QuestionWire.draft) else { throw Self.misunderstood }
        return .json(
            try turns.store(body["id"]?.stringValue ?? "") { turn in
                var told = QuestionWire.json(try context.workspace.ask.settle(draft, of: turn)).objectValue ?? JSONObject()
                told["sequence"] = .int(try newest())
                return .object(told)
            })
    }

    private func store(_ request: Request) throws -> Response {
        let body = try body(request)
        guard let answer = body["answer"].flatMap(QuestionWire.worded) else { throw Self.misunderstood }
        return .json(
            try turns.store(body["id"]?.stringValue ?? "") { turn in
                ["message": .optional(try context.workspace.ask.store(answer, of: turn))]
            })
    }

    private func newest() throws -> Int64 {
        try context.workspace.database.read { try ChangeSequence.read(on: $0) }.value
    }

    private static let misunderstood = HTTPError(.badRequest, "this is not what a replica of this version says")
}
