#if DEBUG
    import TwinSupport

    /// What a reader may do at the worst, so that tests can see what becomes of the rest. Only builds for debugging know these
    /// names of files.
    enum ReaderFault: String {
        /// Ends the process, as a broken invariant does.
        case trap = "twin-trap"
        /// Never returns.
        case hang = "twin-hang"
        /// Takes memory without end.
        case hoard = "twin-hoard"
        /// Gives more text than it may.
        case flood = "twin-flood"

        init?(fileExtension: String) { self.init(rawValue: fileExtension) }

        func happen(in input: DocumentInput) throws(ReadFailure) {
            switch self {
            case .trap:
                let nothing: [UInt8] = []
                throw .malformed("\(nothing[input.bytes.count])")
            case .hang: while true {}
            case .hoard:
                var hoard: [[UInt8]] = []
                while true { hoard.append([UInt8](repeating: 1, count: 64 << 20)) }
            case .flood: throw .malformed(String(repeating: "x", count: 128 << 20))
            }
        }
    }
#endif
