import Synchronization
import TwinKit
import TwinSupport

/// One line on standard error that tells how far a long piece of work is; nothing when standard error is no terminal. May be
/// updated from any thread as often as one likes: it is drawn at most ten times a second, and not at all for work that ends
/// at once.
///
///     let progress = Progress(on: call.output)
///     defer { progress.finish() }
///     progress.update(.init(files: 12, totalFiles: 40, bytes: 81_920, totalBytes: 1_048_576, current: path))
final class Progress: Sendable {
    struct Snapshot: Sendable, Equatable {
        var files = 0
        /// Nil while it is not known how many there will be.
        var totalFiles: Int?
        var bytes: Int64 = 0
        var totalBytes: Int64?
        /// The file that is being read.
        var current: String?

        init(
            files: Int = 0, totalFiles: Int? = nil, bytes: Int64 = 0, totalBytes: Int64? = nil, current: String? = nil
        ) {
            self.files = files
            self.totalFiles = totalFiles
            self.bytes = bytes
            self.totalBytes = totalBytes
            self.current = current
        }
    }

    /// Bytes a second, smoothed so that the time left does not jump: what is older than some five seconds hardly counts.
    struct Rate: Sendable {
        private(set) var bytesPerSecond: Double?
        private var bytes: Int64 = 0
        private var nanoseconds: UInt64

        init(start nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

        mutating func update(bytes: Int64, at now: UInt64) {
            guard now > nanoseconds else { return }
            let seconds = Double(now - nanoseconds) / 1e9
            let latest = Double(max(0, bytes - self.bytes)) / seconds
            let weight = min(1, seconds / 2.5)
            bytesPerSecond = bytesPerSecond.map { $0 + (latest - $0) * weight } ?? latest
            self.bytes = bytes
            nanoseconds = now
        }
    }

    private struct State {
        var lastDrawn: UInt64
        var rate: Rate
    }

    private static let interval: UInt64 = 100_000_000
    private static let delay: UInt64 = 300_000_000

    private let output: Output
    private let state: Mutex<State>

    init(on output: Output) {
        self.output = output
        let now = Clock.monotonicNanoseconds
        state = Mutex(State(lastDrawn: now + Self.delay - Self.interval, rate: Rate(start: now)))
    }

    func update(_ snapshot: Snapshot) {
        guard output.showsProgress else { return }
        let now = Clock.monotonicNanoseconds
        let rate: Double?? = state.withLock { state in
            guard now >= state.lastDrawn + Self.interval else { return nil }
            state.lastDrawn = now
            state.rate.update(bytes: snapshot.bytes, at: now)
            return .some(state.rate.bytesPerSecond)
        }
        if let rate { output.setStatus(Self.line(snapshot, bytesPerSecond: rate, width: output.errorWidth)) }
    }

    /// Takes the line away.
    func finish() { output.setStatus(nil) }

    /// The line for a terminal of `width` columns: the current file gives way first, then everything is cut.
    static func line(_ snapshot: Snapshot, bytesPerSecond: Double?, width: Int) -> String {
        var parts = [
            (snapshot.totalFiles.map { "\(snapshot.files)/\($0)" } ?? "\(snapshot.files)") + " files",
            Format.bytes(snapshot.bytes) + (snapshot.totalBytes.map { " of " + Format.bytes($0) } ?? ""),
        ]
        if let bytesPerSecond, bytesPerSecond > 0 {
            parts.append(Format.rate(bytesPerSecond: bytesPerSecond))
            if let total = snapshot.totalBytes, total > snapshot.bytes {
                parts.append(Format.duration(seconds: Double(total - snapshot.bytes) / bytesPerSecond) + " left")
            }
        }
        // The last column stays free: writing into it makes some terminals wrap.
        var line = parts.joined(separator: "  ")
        if let current = snapshot.current {
            let name = SafeText.clean(current, singleLine: true)
            let room = width - 1 - DisplayWidth.of(line) - 2
            if room >= 12 { line += "  " + shortened(name, to: room) }
        }
        return DisplayWidth.prefix(of: line, columns: max(0, width - 1))
    }

    /// The end of a path says more than its beginning.
    private static func shortened(_ path: String, to columns: Int) -> String {
        guard DisplayWidth.of(path) > columns else { return path }
        var left = columns - 1
        let tail = path.reversed().prefix {
            left -= DisplayWidth.of($0)
            return left >= 0
        }
        return "…" + String(tail.reversed())
    }
}
