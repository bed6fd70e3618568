import TwinHTTP
import TwinSupport

/// Recognizes requests of replicas by the secret that they share with this server, and only then believes what they say of the client
/// for whom they ask. A wrong secret is refused, so that a mistake in the configuration shows.
struct ReplicaIdentity: Middleware {
    /// Of the secret: what is compared has one length, whatever was sent.
    private let digest: [UInt8]

    /// Throws `TwinError` without libcrypto.
    init(_ token: Secret) throws { digest = try SHA256.hash(token.reveal()) }

    func respond(to request: Request, next: any Responder) throws -> Response {
        let sent = request.headers.all(ForwardedIdentity.tokenField)
        guard let token = sent.first else { return try next.respond(to: request) }
        guard sent.count == 1, try Crypto.equal(SHA256.hash(token), digest) else {
            throw HTTPError(
                .forbidden, "the replica's token is not this server's; TWIN_REPLICA_TOKEN has to be the same for both")
        }
        var request = request
        let clients = request.headers.all(ForwardedIdentity.clientField)
        if let client = clients.first {
            guard clients.count == 1, client == "local" || IPAddress(client) != nil else {
                throw HTTPError(.badRequest, "the client's address is not a numeric one")
            }
            request.remoteAddress = client == "local" ? "" : client
        } else {
            request[ReplicaCall.self] = ReplicaCall()
        }
        return try next.respond(to: request)
    }
}

/// Marks a request that a replica makes for itself, and not for a client.
struct ReplicaCall: Sendable {}

extension Request {
    /// Throws 404 unless a replica asks for itself: nobody else learns that there is anything.
    func requireReplica() throws {
        guard self[ReplicaCall.self] != nil else { throw HTTPError(.notFound, "Not Found") }
    }
}
