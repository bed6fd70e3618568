import Glibc
import Synchronization
import TwinSupport

/// What each thread of a process is at work on, in memory that its parent shares: when the process crashes or hangs, the ledger
/// tells over which documents.
///
/// Not checked: a slot belongs to one thread. Others read it as atomics, and its name only once that thread is gone.
package final class ReadingLedger: @unchecked Sendable {
    /// Sessions of a process at the most.
    package static let slotCount = 16

    /// A name that is longer is known by its beginning.
    private static let nameBytes = 4096
    private static let slotBytes = nameBytes + 64
    private static let size = slotCount * slotBytes

    private typealias Word = UnsafeMutablePointer<Atomic<UInt64>>
    private enum Field: Int {
        /// Bytes of the name; 0 while there is none.
        case length
        /// When reading began, on the monotonic clock in nanoseconds; 0 while nothing is read.
        case began
    }

    private let memory: UnsafeMutableRawPointer
    /// Slots that sessions of this process have.
    private let given = Atomic<Int>(0)

    /// Throws `TwinError`.
    package init() throws {
        guard let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
            memory != UnsafeMutableRawPointer(bitPattern: -1)
        else { throw TwinError(systemError: errno, "no memory could be shared") }
        self.memory = memory
        for slot in extent(0, Self.slotCount) {
            for field in [Field.length, .began] { word(slot, field).initialize(to: Atomic(0)) }
        }
    }

    deinit { munmap(memory, Self.size) }

    private func start(_ slot: Int) -> UnsafeMutableRawPointer { memory + slot * Self.slotBytes }

    private func word(_ slot: Int, _ field: Field) -> Word {
        (start(slot) + field.rawValue * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    private func name(_ slot: Int) -> UnsafeMutableRawPointer { start(slot) + 64 }

    // MARK: The process that reads

    /// A slot for one thread; none when there are no more.
    func take() -> Int? {
        let slot = given.wrappingAdd(1, ordering: .relaxed).oldValue
        return slot < Self.slotCount ? slot : nil
    }

    func enter(_ slot: Int, _ subject: String) {
        leave(slot)
        var subject = subject
        let length = subject.withUTF8 { text in
            let count = min(text.count, Self.nameBytes)
            if let from = text.baseAddress { name(slot).copyMemory(from: from, byteCount: count) }
            return count
        }
        word(slot, .length).pointee.store(UInt64(length), ordering: .releasing)
    }

    func leave(_ slot: Int) { word(slot, .length).pointee.store(0, ordering: .releasing) }

    /// Runs `body`, which must end within the time that its parent allows.
    func timed<Result>(_ slot: Int, _ body: () -> Result) -> Result {
        word(slot, .began).pointee.store(Clock.monotonicNanoseconds, ordering: .releasing)
        defer { word(slot, .began).pointee.store(0, ordering: .releasing) }
        return body()
    }

    // MARK: Its parent

    /// A document that has been read for longer than so many seconds.
    package struct Overdue: Equatable {
        var slot: Int
        var began: UInt64
    }

    /// The first slot whose document has been read for at least so long; at least a second. The parent asks this, from its own
    /// process.
    package func overdue(seconds: Int) -> Overdue? {
        let now = Clock.monotonicNanoseconds
        for slot in extent(0, Self.slotCount) {
            let began = word(slot, .began).pointee.load(ordering: .acquiring)
            if began > 0, now > began, (now - began) / 1_000_000_000 >= UInt64(max(seconds, 1)) {
                return Overdue(slot: slot, began: began)
            }
        }
        return nil
    }

    /// Once the process is gone: the document, if it was still being read.
    package func subject(of overdue: Overdue) -> String? {
        word(overdue.slot, .began).pointee.load(ordering: .acquiring) == overdue.began ? subject(overdue.slot) : nil
    }

    /// Once the process is gone: what it was at work on.
    package var subjects: [String] { extent(0, Self.slotCount).compactMap { subject($0) } }

    private func subject(_ slot: Int) -> String? {
        let length = Int(min(word(slot, .length).pointee.load(ordering: .acquiring), UInt64(Self.nameBytes)))
        guard length > 0 else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: name(slot), count: length), as: UTF8.self)
    }

    /// Before another process begins.
    package func clear() {
        for slot in extent(0, Self.slotCount) {
            for field in [Field.length, .began] { word(slot, field).pointee.store(0, ordering: .releasing) }
        }
    }
}
