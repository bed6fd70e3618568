import Synchronization
import Testing

@testable import TwinSupport

@Suite struct SystemLibraryTests {
    @Test func `a library that could not be opened is tried again, and one that was opened stays`() throws {
        let attempts = Mutex(0)
        let library = SystemLibrary<Int> {
            attempts.withLock { attempts in
                attempts += 1
                return attempts < 3 ? nil : attempts
            }
        }
        #expect(library.functions == nil)
        #expect(library.functions == nil)
        #expect(library.functions == 3)
        #expect(library.functions == 3)
        #expect(attempts.withLock { $0 } == 3)
    }

    @Test func `threads that open it at once get the same`() async {
        let next = Atomic<Int>(0)
        let library = SystemLibrary<Int> { next.wrappingAdd(1, ordering: .relaxed).newValue }
        let seen = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<64 { group.addTask { library.functions } }
            return await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(seen.count == 1)
    }
}
