import FoundationEssentials
import Synchronization
import Testing

@testable import TwinReaders
@testable import TwinSupport

@Suite struct WatchedReadingTests {
    @Test func `the ledger tells what each thread is at work on until it is cleared`() throws {
        let ledger = try ReadingLedger()
        let long = String(repeating: "ü", count: 5_000)
        for name in ["a", long] {
            let slot = try #require(ledger.take())
            ledger.enter(slot, name)
        }
        #expect(ledger.subjects == ["a", String(long.prefix(2048))])
        ledger.enter(0, "b")
        ledger.leave(1)
        #expect(ledger.subjects == ["b"])
        for _ in 2..<ReadingLedger.slotCount { #expect(ledger.take() != nil) }
        #expect(ledger.take() == nil)
        ledger.clear()
        #expect(ledger.subjects == [])
    }

    @Test func `only what is still being read is overdue`() throws {
        let ledger = try ReadingLedger()
        ledger.enter(3, "slow")
        #expect(ledger.overdue(seconds: 1) == nil, "it is not read yet")
        let overdue = ledger.timed(3) { () -> ReadingLedger.Overdue? in
            while true { if let overdue = ledger.overdue(seconds: 1) { return overdue } }
        }
        #expect(ledger.overdue(seconds: 1) == nil, "it has been read")
        #expect(ledger.subject(of: try #require(overdue)) == nil)
        ledger.timed(3) {
            let again = ReadingLedger.Overdue(slot: 3, began: overdue?.began ?? 0)
            #expect(ledger.subject(of: again) == nil, "another reading than the one that was overdue")
        }
    }

    @Test func `verdicts decide who reads, and what is too long is refused as a child would`() throws {
        let folder = try ScratchFolder()
        for name in ["good.md", "isolated.md", "refused.md"] {
            try Data("# Title\n\nSome words about honey in \(name).\n".utf8).write(to: URL(filePath: folder.path + "/" + name))
        }
        let ledger = try ReadingLedger()
        let asked = Atomic<Int>(0)
        // A pool whose children cannot start tells that it was asked.
        let reading = WatchedReading(
            ledger: ledger, isolated: ReaderPool(executable: "/nonexistent"),
            verdicts: [folder.path + "/isolated.md": .isolated, folder.path + "/refused.md": .refused("it is not wanted")],
            isolatesAll: false
        ) { asked.add(1, ordering: .relaxed) }
        let session = reading.makeSession { false }
        func report(_ name: String, limits: ReaderLimits = ReaderLimits()) -> ReadReport {
            session.begin(ReadOrder(name: name, content: .file(path: folder.path + "/" + name), limits: limits))
            #expect(!session.hasRoom)
            return session.next()
        }
        guard case .document(let document, .markdown) = report("good.md").outcome else {
            Issue.record("it was not read")
            return
        }
        #expect(document.text.contains("honey in good.md"))
        #expect(ledger.subjects == [folder.path + "/good.md"], "what is made of it is blamed on it too")
        guard case .unreachable(let error) = report("isolated.md").outcome else {
            Issue.record("a child was not asked")
            return
        }
        #expect(error.message.contains("no reader could be started"))
        let refused = report("refused.md")
        #expect(refused.outcome == .failure(.readerFailed("it is not wanted")))
        #expect(refused.hash.count == 32, "it need not be tried again")
        session.begin(ReadOrder(name: "stream", content: .bytes([0x61])))
        guard case .unreachable = session.next().outcome else {
            Issue.record("bytes without a file are read by a child")
            return
        }
        #expect(asked.load(ordering: .relaxed) == 4)
        #expect(session.next().outcome == .cancelled)
    }
}
