import TwinHTTP
import TwinSupport

/// Takes uploads in for every contract, so that neither a slow client nor a busy tenant stops those of others. While a file comes
/// it only holds a place to come in; its turn to be read it takes when the whole of it is there.
struct Uploads: Sendable {
    /// Each holds one of the server's threads for work that lasts (`ServerConfiguration.longRunningThreads`), of which half is left
    /// for answers that are streamed.
    private let coming = SharedSlots(128)
    /// One tenant alone has eight read at once; more would only wait for each other.
    private let reading = SharedSlots(16)

    /// Seconds that a file which is there waits for its turn.
    private static let patience = 30.0

    /// Receives the form of `request` and hands it to `read` when it is its turn. Throws what `ReceivedForm` and `read` throw, and
    /// `HTTPError` 503 when too many of the caller's tenant, or of everybody, are under way.
    func take<Result>(
        _ request: Request, limits: ReceivedFormLimits, directory: String = ScratchFolder.base,
        _ read: (ReceivedForm) throws -> Result
    ) throws -> Result {
        let owner = request.principal.uploader
        return try coming.withSlot(of: owner) {
            let form = try ReceivedForm(request, directory: directory, limits: limits)
            return try self.read(request) { try read(form) }
        }
    }

    /// Calls `body`, which reads what is there already, when it is its turn. Throws as `take`.
    func read<Result>(_ request: Request, _ body: () throws -> Result) throws -> Result {
        try reading.withSlot(
            of: request.principal.uploader, waiting: Self.patience, isCancelled: { request.isCancelled }, body)
    }
}

extension Principal {
    /// Whose uploads are counted together: the tenant's.
    fileprivate var uploader: String {
        switch self {
        case .user(let user): user.tenantID ?? user.id
        case .apiKey(let key): key.tenantID
        case .visitor(let session): session.id
        case .localOperator, .frontEnd, .nobody: ""
        }
    }
}
