import Synchronization

/// What is kept in memory of one database from call to call, a value of each type: caches of what its rows say. It goes with the
/// database, so that nothing of a file outlives its being open. Any thread may use it.
///
/// Each value bounds itself and says so.
package final class SharedValues: Sendable {
    private let values = Mutex<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    package init() {}

    /// The value of this type, made when it is first asked for.
    package func value<Value: AnyObject & Sendable>(_ make: () -> Value) -> Value {
        values.withLock { values in
            let key = ObjectIdentifier(Value.self)
            if let value = values[key] as? Value { return value }
            let value = make()
            values[key] = value
            return value
        }
    }
}
