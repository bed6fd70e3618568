import TwinHTTP
import TwinSupport

/// Makes many pictures, several at once. A picture that fails leaves a gap and the rest goes on; what would fail for all of them
/// ends the run, and so does whoever cancels it. What was stored until then stays.
struct PictureRun: Sendable {
    let positions: [Int]
    let parallel: Int
    let isCancelled: @Sendable () -> Bool

    private struct State {
        var next = 0
        var running = 0
        var end: (any Error)?
    }

    /// Calls `make` with each position, from several threads. What `make` throws ends the run and is thrown from here; it
    /// deals with the failure of one picture itself.
    func run(_ make: @escaping @Sendable (Int) throws -> Void) throws {
        let state = Monitor(State())
        let work: @Sendable () -> Void = { [positions, isCancelled] in
            while true {
                let position: Int? = state.withLock { state in
                    guard state.end == nil, state.next < positions.count else { return nil }
                    defer { state.next += 1 }
                    return positions[state.next]
                }
                guard let position else { break }
                do {
                    if isCancelled() { throw TwinError(.interrupted, "it was stopped") }
                    try make(position)
                } catch {
                    state.withLock { if $0.end == nil { $0.end = error } }
                }
            }
            state.withLock { $0.running -= 1 }
            state.notifyAll()
        }
        state.withLock { $0.running = 1 }
        for _ in extent(1, min(parallel, positions.count)) {
            state.withLock { $0.running += 1 }
            if !SystemThread.start(work) { state.withLock { $0.running -= 1 } }
        }
        work()
        _ = state.wait { $0.running == 0 ? true : nil }
        if let error = state.withLock({ $0.end }) { throw error }
    }
}

extension TwinError {
    /// Whether the pictures after this one would fail as well: nobody can draw, the key is refused, the server is away.
    var endsRun: Bool { kind == .notConfigured || kind == .interrupted || kind == .storageFull || kind == .busy }
}
