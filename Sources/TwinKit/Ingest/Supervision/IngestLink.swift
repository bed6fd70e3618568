import Glibc
import Synchronization
import TwinDatabase
import TwinReaders
import TwinSupport

/// A worker's side of `IngestSupervisor`: what it is to do, and how it tells of it.
package final class IngestLink: Sendable {
    /// What is left to do.
    package let request: IngestRequest
    private let descriptor: Int32
    private let makeReading: @Sendable (_ willRead: @escaping @Sendable () -> Void) -> WatchedReading
    private let wantsBeginnings: Bool
    private let wantsCount: Bool
    private let pending = Mutex(Pending())

    private struct Pending {
        var messages = WireWriter()
        var toldBeginning: UInt64 = 0
    }

    /// Bytes that wait to be sent together.
    private static let bufferBytes = 16 << 10
    /// Nanoseconds between two files whose names are told; nobody reads faster.
    private static let beginningInterval: UInt64 = 50_000_000

    init(
        _ descriptor: Int32, request: IngestRequest, observer: Ingestion.Observer,
        reading: @escaping @Sendable (_ willRead: @escaping @Sendable () -> Void) -> WatchedReading
    ) {
        self.descriptor = descriptor
        self.request = request
        makeReading = reading
        wantsBeginnings = observer.began != nil
        wantsCount = observer.counted != nil
    }

    /// Who reads the documents in this process.
    package var reading: WatchedReading {
        // What was done is told before a document that may take long.
        makeReading { [weak self] in self?.flush() }
    }

    /// Tells the supervisor. `isCancelled` is asked between files.
    package func observer(isCancelled: @escaping @Sendable () -> Bool) -> Ingestion.Observer {
        var observer = Ingestion.Observer()
        observer.isCancelled = isCancelled
        observer.finished = { item in self.tell(.item(item)) }
        if wantsBeginnings { observer.began = { locator in self.tellBeginning(locator) } }
        if wantsCount { observer.counted = { self.tell(.counted(files: $0, bytes: $1), atOnce: true) } }
        return observer
    }

    /// The run has ended. Returns once the supervisor has said so to whoever waits for it.
    package func finish(_ summary: IngestSummary) {
        tell(.finished(isInterrupted: summary.isInterrupted), atOnce: true)
        _ = MessageChannel.read(from: descriptor, maximumBytes: 1024)
    }

    /// The work has ended with an error; the supervisor throws it.
    package func fail(_ error: any Error) {
        // Some document took all the memory there is for this process. The next one reads more carefully.
        if let error = error as? DatabaseError, error.isOutOfMemory { abort() }
        let failure =
            (error as? TwinError) ?? (error as? DatabaseError).map { TwinError($0) } ?? TwinError(.failed, "\(error)")
        tell(.failed(failure), atOnce: true)
    }

    private func tellBeginning(_ locator: String) {
        let now = Clock.monotonicNanoseconds
        let isDue = pending.withLock { pending in
            guard now - pending.toldBeginning >= Self.beginningInterval else { return false }
            pending.toldBeginning = now
            return true
        }
        if isDue { tell(.began(locator), atOnce: true) }
    }

    private func tell(_ message: IngestMessage, atOnce: Bool = false) {
        pending.withLock { pending in
            message.write(to: &pending.messages)
            if atOnce || pending.messages.bytes.count >= Self.bufferBytes { send(&pending) }
        }
    }

    private func flush() { pending.withLock { if !$0.messages.bytes.isEmpty { send(&$0) } } }

    private func send(_ pending: inout Pending) {
        // A supervisor that is gone takes this process along.
        _ = MessageChannel.write(pending.messages.bytes, to: descriptor)
        pending.messages = WireWriter()
    }
}
