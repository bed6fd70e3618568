/// One connection's TLS state.
final class TLSSession {
    enum Outcome {
        case bytes(Int)
        case end
        case blocked
        case failed
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome { .failed }
    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome { .failed }
    func finish() {}
}
