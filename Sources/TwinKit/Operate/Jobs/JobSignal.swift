import TwinSupport

/// Tells the runners of this process that something happened to a job: one was added, cancelled or finished. A signal that
/// comes for nothing costs one look; what other processes do is found by looking every second.
enum JobSignal {
    private static let generation = Monitor<UInt64>(0)

    static var current: UInt64 { generation.withLock { $0 } }

    static func send() {
        generation.withLock { $0 &+= 1 }
        generation.notifyAll()
    }

    /// Waits until there was a signal after `seen`, at the most so long. Answers whether there was one.
    static func wait(after seen: UInt64, seconds: Double) -> Bool {
        generation.wait(seconds: seconds) { $0 != seen ? true : nil } ?? false
    }
}
