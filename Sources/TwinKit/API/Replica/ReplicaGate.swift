import TwinDatabase
import TwinHTTP

/// Decides, on a replica, who answers: the file here, or the primary.
///
/// What may change something is passed on whole, with the client's own credentials. A read is answered here, unless the client has
/// seen a change that the file does not have, or something was withdrawn that it still has; and where answering turns out to need a
/// write after all, or what only the primary has, nothing was sent yet, and the primary is asked instead. A file that is too old
/// answers nothing.
struct ReplicaGate: Middleware {
    let database: Database
    let link: ReplicaLink

    /// Seconds that a read waits for a change that its client has seen.
    private static let patience = 2.0

    func respond(to request: Request, next: any Responder) throws -> Response {
        // What no route answers, and what a server tells of itself, is the same everywhere.
        guard let execution = request.execution, !Self.isOwn(request), request.rejection == nil, request.method != .options else {
            return try next.respond(to: request)
        }
        if request.headers["upgrade"] != nil, request.method == .get, request.headers["sec-websocket-key"] != nil {
            throw HTTPError(.serviceUnavailable, "a replica has no sockets; connect to the primary", headers: Self.retry)
        }
        let isRead = request.method == .get || request.method == .head
        guard isRead ? execution != .longRunning : request.answersOnReplica else { return try forward(request, "write") }
        if let wanted = SequenceStamp.wanted(by: request), !link.wait(for: wanted, seconds: Self.patience) {
            return try forward(request, "sequence")
        }
        // What follows is decided by what is known of the file now.
        let known = link.sequence
        switch link.standing {
        case .refused where !isRead && !link.isAlone: return try forward(request, "question")
        case .refused(let reason):
            link.countRefusal()
            throw HTTPError(.serviceUnavailable, reason, headers: Self.retry)
        case .withdrawn: return try forward(request, "withdrawn")
        case .current: break
        }
        // The primary looks at what a question came with.
        let credentials = isRead ? nil : CallerCredentials(Self.credentials(of: request))
        var asked = request
        asked[CallerCredentials.self] = credentials
        var (response, wasRefused) = try database.notingRefusals { try next.respond(to: asked) }
        if response.status.code >= 400 {
            // Whatever is wrong with a question that was not let in, the primary says it: it may know more.
            if let credentials, credentials.mayAskAnew, !link.isAlone { return try forward(request, "question") }
            if isRead, wasRefused { return try forward(request, "refused") }
            // It may be there already, only not here: a row that is new, a file in the primary's folder.
            if isRead, response.status == .notFound, !link.isAlone { return try forward(request, "missing") }
        }
        // As the file is now, which is at least what was read; or what the primary has stored of a question.
        let sequence = (try? database.read { try ChangeSequence.read(on: $0) })?.value ?? -1
        // The file is gone, or another one is in its place that was restored and has not come as far.
        if isRead, sequence < known { return try forward(request, "sequence") }
        response.headers.set(SequenceStamp.field, String(max(sequence, credentials?.sequence ?? 0)))
        return response
    }

    private static func credentials(of request: Request) -> [HeaderField] {
        ["authorization", "x-twin-api-key", "cookie", "origin", "referer"].flatMap { name in
            request.headers.all(name).map { HeaderField(name, $0) }
        }
    }

    private static let retry = [HeaderField("retry-after", "1")]

    private static func isOwn(_ request: Request) -> Bool {
        ["/", "/health", "/readyz", "/metrics"].contains(request.route ?? "")
    }

    private func forward(_ request: Request, _ reason: String) throws -> Response {
        link.countForwarded(reason)
        return try link.forwarder.forward(request, isSilent: { [link] in link.isSilent })
    }
}
