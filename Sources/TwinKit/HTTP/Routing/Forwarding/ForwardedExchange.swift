import TwinSupport

/// One request that is passed on while it runs: a thread of its own receives the reply, and whoever serves the client takes it from
/// here. Memory stays below `capacity` and one read: the other server waits for a slow client.
final class ForwardedExchange: Sendable {
    private struct State {
        var head: ClientResponse?
        var pending: [UInt8] = []
        var isFinished = false
        var error: (any Error)?
        /// Whether nobody wants the rest.
        var isAbandoned = false
    }

    private let state = Monitor(State())
    private static let capacity = 262_144
    /// Bytes of a reply that is waited for whole, so that it goes to the client at once.
    private static let whole = 65_536

    private struct Abandoned: Error {}

    /// Whether what is asked changes nothing, so that it may be asked again whatever became of it.
    private let isRead: Bool

    init(isRead: Bool) { self.isRead = isRead }

    /// Sends the request and takes the reply in. `isCancelled` is asked several times a second, and until the reply begins `isSilent`,
    /// which says that none is to be expected any more.
    func run(
        _ request: ClientRequest, with client: HTTPClient, isCancelled: @escaping () -> Bool, isSilent: @escaping () -> Bool
    ) {
        do {
            let head = try client.stream(
                request,
                isCancelled: { [state] in
                    let (isAbandoned, hasBegun) = state.withLock { ($0.isAbandoned, $0.head != nil) }
                    return isCancelled() || isAbandoned || !hasBegun && isSilent()
                }
            ) { [self] head, bytes in
                try receive(head, bytes)
            }
            state.withLock { state in
                state.head = state.head ?? head
                state.isFinished = true
            }
        } catch {
            state.withLock { state in
                state.error = error
                state.isFinished = true
            }
        }
        state.notifyAll()
    }

    private func receive(_ head: ClientResponse, _ bytes: UnsafeRawBufferPointer) throws {
        state.withLock { $0.head = $0.head ?? head }
        state.notifyAll()
        let isTaken = state.wait { state -> Bool? in
            if state.isAbandoned { return false }
            guard state.pending.isEmpty || state.pending.count + bytes.count <= Self.capacity else { return nil }
            state.pending.append(contentsOf: bytes)
            return true
        }
        state.notifyAll()
        guard isTaken == true else { throw Abandoned() }
    }

    /// Waits for the head, and for the rest where that is short. Throws `HTTPError` where there is none.
    func response() throws -> Response {
        let begun = state.wait { state -> (ClientResponse?, (any Error)?)? in
            if let error = state.error { return (nil, error) }
            guard let head = state.head else { return state.isFinished ? (nil, nil) : nil }
            let isShort = head.headers["content-length"].flatMap { Int($0) }.map { $0 <= Self.whole } ?? false
            return state.isFinished || !isShort ? (head, nil) : nil
        }
        guard let head = begun?.0 else { throw failure(begun?.1) }
        let status = HTTPStatus(head.status)
        let fields = ForwardedFields.ofReply(head.headers)
        let rest = state.withLock { $0.isFinished ? $0.pending : nil }
        if let rest { return Response(status, headers: fields, body: rest.isEmpty ? .empty : .bytes(rest)) }
        let length = head.headers["content-length"].flatMap { Int($0) }
        return Response(status, headers: fields, body: .stream(.producing(length: length) { try self.pass(on: $0) }))
    }

    /// Hands what comes to the client, until the end.
    private func pass(on writer: ResponseWriter) throws {
        defer {
            state.withLock { $0.isAbandoned = true }
            state.notifyAll()
        }
        while true {
            let next = state.wait(seconds: 1) { state -> (bytes: [UInt8], error: (any Error)?)? in
                if state.pending.isEmpty { return state.isFinished ? ([], state.error) : nil }
                defer { state.pending = [] }
                return (state.pending, nil)
            }
            state.notifyAll()
            if writer.isCancelled { return }
            guard let next else { continue }
            if let error = next.error { throw error }
            if next.bytes.isEmpty { return }
            try writer.write(next.bytes)
        }
    }

    /// Where nothing was done, because nothing was sent.
    static var unreachable: HTTPError {
        HTTPError.overloaded("the primary cannot be reached; nothing was done, try again")
    }

    private func failure(_ error: (any Error)?) -> any Error {
        switch error {
        case let error as HTTPError: return error
        case let error as HTTPClientError:
            if error.isBeforeSending { return Self.unreachable }
            if isRead { return HTTPError.overloaded("the primary broke off; try again") }
            return HTTPError(.badGateway, "the primary broke off; look whether what was asked for was done before you try again")
        default: return HTTPError(.badGateway, "the primary gave no answer that can be passed on")
        }
    }
}
