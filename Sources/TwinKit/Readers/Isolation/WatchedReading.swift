import TwinSupport

/// Reads files in this process, which another one watches: the ledger tells it what to blame when this process crashes, and when
/// a document takes too long. What has ended a process before is read by itself in a child, or not at all.
package struct WatchedReading: DocumentReading {
    /// What is done about a document that has ended a process before.
    package enum Verdict: Sendable, Equatable {
        /// A process has ended while it was at work on this: a child reads it.
        case isolated
        /// It is not read any more, for this reason.
        case refused(String)
    }

    private let ledger: ReadingLedger
    private let isolated: ReaderPool
    private let verdicts: [String: Verdict]
    private let isolatesAll: Bool
    private let willRead: @Sendable () -> Void

    /// `verdicts` are of files by their paths, and of other documents by their names. `willRead` is called before each document.
    package init(
        ledger: ReadingLedger, isolated: ReaderPool, verdicts: [String: Verdict], isolatesAll: Bool,
        willRead: @escaping @Sendable () -> Void
    ) {
        self.ledger = ledger
        self.isolated = isolated
        self.verdicts = verdicts
        self.isolatesAll = isolatesAll
        self.willRead = willRead
    }

    /// A session for one thread, with a slot of the ledger; where all slots are taken, one whose documents are read by children.
    package func makeSession(isCancelled: @escaping @Sendable () -> Bool) -> any ReadSession {
        let inner = isolated.makeSession(isCancelled: isCancelled)
        // More threads than slots: the rest is read by children.
        guard let slot = ledger.take() else { return inner }
        return Session(self, slot, inner)
    }

    private final class Session: ReadSession {
        private let reading: WatchedReading
        private let slot: Int
        private let inner: any ReadSession
        private var order: ReadOrder?

        init(_ reading: WatchedReading, _ slot: Int, _ inner: any ReadSession) {
            self.reading = reading
            self.slot = slot
            self.inner = inner
        }

        deinit { reading.ledger.leave(slot) }

        var hasRoom: Bool { order == nil }
        func begin(_ order: ReadOrder) { self.order = order }

        /// Until the next document, what becomes of this one is blamed on it too.
        func next() -> ReadReport {
            guard let order = order.take() else { return ReadReport(outcome: .cancelled) }
            reading.willRead()
            reading.ledger.enter(slot, order.subject)
            let verdict = reading.verdicts[order.subject]
            if case .refused(let reason) = verdict { return order.failed(reason) }
            guard case .file = order.content, verdict == nil, !reading.isolatesAll else {
                inner.begin(order)
                return inner.next()
            }
            let report = reading.ledger.timed(slot) { order.perform() }
            return report.approximateBytes <= order.limits.maximumReportBytes ? report : order.failed(order.tooLong)
        }
    }
}
