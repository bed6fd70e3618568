import TwinSupport

/// Tells those who wait in this process that something may have happened at a desk. It says nothing of what: whoever hears it
/// looks into the database, as they do now and then without it for the sake of other processes.
package enum DeskSignal {
    private static let count = Monitor<UInt64>(0)

    static func send() {
        count.withLock { $0 &+= 1 }
        count.notifyAll()
    }

    /// The same from outside of the room: somebody has come who wants to hear.
    package static func wake() { send() }

    /// How often it was given: taken before looking, it tells `wait` what has been seen.
    package static var current: UInt64 { count.withLock { $0 } }

    /// Waits until something was sent after `seen`; false after so many seconds.
    package static func wait(after seen: UInt64, seconds: Double) -> Bool {
        count.wait(seconds: seconds) { $0 == seen ? nil : true } ?? false
    }
}
