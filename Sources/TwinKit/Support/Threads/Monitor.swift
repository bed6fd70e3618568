#if canImport(Glibc)
    import Glibc
#endif

/// A value under a lock, and threads that wait for it to change.
///
/// `@unchecked Sendable`: `value` is read and written only between lock and unlock of `mutex`; the two pointers never
/// change, and what they point to is made for use by many threads.
package final class Monitor<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the lock held. It must be short, wait for nothing, and not call this monitor again, which would wait for
    /// ever. Whoever waits for the change is woken by `notifyAll`, not by this.
    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }

    /// Waits until `ready` gives a result, looking again at each notification; none after `seconds`.
    package func wait<Result>(seconds: Double? = nil, until ready: (inout Value) throws -> Result?) rethrows -> Result? {
        var deadline = timespec()
        if let seconds {
            let end = Clock.monotonicNanoseconds + UInt64(max(0, seconds) * 1e9)
            deadline.tv_sec = Int(end / 1_000_000_000)
            deadline.tv_nsec = Int(end % 1_000_000_000)
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = try ready(&value) { return result }
            if seconds == nil {
                pthread_cond_wait(condition, mutex)
            } else if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
                return try ready(&value)
            }
        }
    }

    /// Has one waiting thread look at the value again. With or without the lock.
    package func notifyOne() { pthread_cond_signal(condition) }
    /// Has every waiting thread look at the value again. With or without the lock.
    package func notifyAll() { pthread_cond_broadcast(condition) }
}
