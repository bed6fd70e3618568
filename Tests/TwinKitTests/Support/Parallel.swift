import Dispatch

/// Runs a body several times at once, each on a thread of its own, and waits for all.
enum Parallel {
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        let queue = DispatchQueue(label: "parallel", attributes: .concurrent)
        for index in 0..<count { queue.async(group: group) { body(index) } }
        group.wait()
    }
}
