import Dispatch
import Synchronization
import TwinHTTP
import TwinSupport

/// The public keys of an issuer, a JSON Web Key Set (RFC 7517 section 5) from a file or a URL. It is fetched on first use,
/// again every quarter of an hour, and when a token names a key that is not in it, because issuers change their keys. While
/// fetching fails the last good set stays.
final class KeySet: Sendable {
    static let maximumBytes = 256 << 10
    static let maximumKeys = 100
    /// Between two fetches for a key that is not known, in nanoseconds: made-up key ids must not become requests.
    static let minimumInterval: UInt64 = 60_000_000_000
    /// After which the set is fetched anew, in nanoseconds.
    static let refreshInterval: UInt64 = 900_000_000_000
    /// After a first fetch that failed, in nanoseconds: without any key nobody gets in.
    private static let firstRetryInterval: UInt64 = 5_000_000_000
    /// What a request waits for another's fetch.
    private static let patience = DispatchTimeInterval.seconds(2)

    private struct Entry {
        let id: String?
        let key: VerificationKey
    }

    private struct State {
        var entries: [Entry]?
        /// Changes with the keys, so that what was verified with a key that is gone counts no more.
        var generation = 0
        /// The document as it was last read, to tell a change.
        var document: [UInt8] = []
        var lastAttempt: UInt64?
    }

    private let location: String
    private let client: HTTPClient?
    private let clock: @Sendable () -> UInt64
    private let state = Mutex(State())
    private let fetchTurn = DispatchSemaphore(value: 1)

    /// `location` is a path or an http or https URL, which may be private: the operator chose it. `clock` counts nanoseconds
    /// and never steps back.
    init(location: String, clock: @escaping @Sendable () -> UInt64 = { Clock.monotonicNanoseconds }) {
        self.location = location
        self.clock = clock
        let isURL = location.hasPrefix("https://") || location.hasPrefix("http://")
        client = isURL ? HTTPClient(policy: .any, userAgent: "twin") : nil
    }

    /// A number that changes with the keys. Fetches the set when it is due.
    func generation() throws -> Int {
        try refreshIfDue()
        return state.withLock { $0.generation }
    }

    /// The key that checks a token with this header; none when the set has no such key. A token without a key id gets the
    /// only key of its algorithm. Throws `TwinError` (`upstream`) while no set could be had at all.
    func key(for header: JSONWebToken.Header) throws -> VerificationKey? {
        try refreshIfDue()
        if let key = known(header) { return key }
        try refresh(notWithin: Self.minimumInterval)
        return known(header)
    }

    private func known(_ header: JSONWebToken.Header) -> VerificationKey? {
        let candidates = (state.withLock { $0.entries } ?? []).filter { $0.key.algorithm.rawValue == header.algorithm.rawValue }
        if let id = header.keyID { return candidates.first { $0.id == id }?.key }
        return candidates.count == 1 ? candidates.first?.key : nil
    }

    private func refreshIfDue() throws {
        let (hasKeys, lastAttempt) = state.withLock { ($0.entries != nil, $0.lastAttempt) }
        guard hasKeys else {
            try refresh(notWithin: lastAttempt == nil ? 0 : Self.firstRetryInterval)
            guard state.withLock({ $0.entries != nil }) else {
                throw TwinError(.upstream, "the keys that tokens are checked with cannot be read; try again later")
            }
            return
        }
        if let lastAttempt, clock() &- lastAttempt >= Self.refreshInterval { try refresh(notWithin: Self.minimumInterval) }
    }

    /// Reads the set anew, unless that was tried less than `interval` nanoseconds ago. One thread does it; others wait for
    /// it a little and then go on with what there is.
    private func refresh(notWithin interval: UInt64) throws {
        guard fetchTurn.wait(timeout: .now() + Self.patience) == .success else { return }
        defer { fetchTurn.signal() }
        let now = clock()
        let isDue = state.withLock { state in
            guard let last = state.lastAttempt, now &- last < interval else { return true }
            return false
        }
        guard isDue else { return }
        defer { state.withLock { $0.lastAttempt = clock() } }
        guard let document = try? read(), let entries = try? Self.entries(document) else { return }
        state.withLock { state in
            if state.document != document || state.entries == nil { state.generation += 1 }
            state.document = document
            state.entries = entries
        }
    }

    private func read() throws -> [UInt8] {
        guard let client else { return try FileContents.read(location, maximumBytes: Self.maximumBytes).bytes }
        var limits = ClientLimits()
        limits.totalTime = 5_000
        limits.connectTime = 2_000
        limits.idleTime = 5_000
        limits.responseBytes = Self.maximumBytes
        limits.redirects = 0
        let request = ClientRequest(.get, try WebAddress(location), headers: ["Accept": "application/json"], limits: limits)
        let response = try client.send(request)
        guard response.status == 200 else { throw TwinError(.upstream, "the JSON Web Key Set is not there") }
        return response.body
    }

    /// The keys that can check signatures here; others are left out, as RFC 7517 section 5 asks.
    private static func entries(_ document: [UInt8]) throws -> [Entry] {
        guard let keys = try JSONParser.parse(document)["keys"]?.arrayValue, keys.count <= maximumKeys else {
            throw TwinError(.invalid, "no JSON Web Key Set")
        }
        return keys.compactMap { jwk in
            (try? VerificationKey(jwk: jwk)).map { Entry(id: jwk["kid"]?.stringValue, key: $0) }
        }
    }
}
