import TwinDatabase
import TwinHTTP

/// Tells each client how far the database is, so that it can ask a replica for at least that: see `ReplicaGate`.
struct SequenceStamp: Middleware {
    static let field = "x-twin-seq"

    let database: Database

    func respond(to request: Request, next: any Responder) throws -> Response {
        var response = try next.respond(to: request)
        // Looks at the server itself wait for nothing. What was read or written is in the database by now; more is no mistake.
        guard let execution = request.execution, execution != .eventLoop,
            let sequence = try? database.read({ try ChangeSequence.read(on: $0) })
        else { return response }
        response.headers.set(Self.field, String(sequence.value))
        return response
    }

    /// The change that a client wants to see; none where it names none.
    static func wanted(by request: Request) -> Int64? {
        request.headers[field].flatMap { $0.utf8.count <= 18 && $0.allSatisfy(\.isNumber) ? Int64($0) : nil }
    }
}
