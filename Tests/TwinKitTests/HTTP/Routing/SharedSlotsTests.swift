import Testing

@testable import TwinHTTP
@testable import TwinSupport

@Suite struct SharedSlotsTests {
    /// Takes slots of the owners in turn, each within the one before, and answers who got one.
    private func take(_ owners: [String], of slots: SharedSlots) -> [String] {
        guard let owner = owners.first else { return [] }
        do {
            return try slots.withSlot(of: owner) { [owner] + take(Array(owners.dropFirst()), of: slots) }
        } catch {
            return take(Array(owners.dropFirst()), of: slots)
        }
    }

    @Test func `one owner gets half, and leaves room for others`() {
        let slots = SharedSlots(8)
        let alone = take(Array(repeating: "a", count: 20), of: slots)
        #expect(alone.count == 4)
        let shared = take(Array(repeating: "a", count: 20) + Array(repeating: "b", count: 20) + ["c", "d"], of: slots)
        #expect(shared == ["a", "a", "a", "a", "b", "b", "c", "d"])
        #expect(take(Array(repeating: "a", count: 20), of: slots).count == 4, "all were given back")
    }

    @Test func `a newcomer finds a slot however many one owner asks for`() {
        for maximum in 2...40 {
            let slots = SharedSlots(maximum)
            #expect(take(Array(repeating: "a", count: 100) + ["b"], of: slots).last == "b", "\(maximum)")
        }
    }

    @Test func `who waits gets the slot that is given back, and who leaves gets none`() throws {
        let slots = SharedSlots(1)
        let entered = StreamingTests.Box<Bool>()
        let release = StreamingTests.Box<Bool>()
        let served = StreamingTests.Box<Bool>()
        #expect(
            SystemThread.start {
                try? slots.withSlot(of: "a") {
                    entered.add(true)
                    _ = release.waitForFirst()
                }
            })
        _ = entered.waitForFirst()
        #expect(throws: HTTPError.self) { try slots.withSlot(of: "b") {} }
        #expect(throws: HTTPError.self) { try slots.withSlot(of: "b", waiting: 60, isCancelled: { true }) {} }
        #expect(SystemThread.start { try? slots.withSlot(of: "b", waiting: 60) { served.add(true) } })
        release.add(true)
        #expect(served.waitForFirst() == true)
    }
}
