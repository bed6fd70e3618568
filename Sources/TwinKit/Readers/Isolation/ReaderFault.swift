#if DEBUG
    import TwinSupport

    /// What a reader may do at the worst, so that tests can see what becomes of the rest. Only builds for debugging know these
    /// names of files.
    package enum ReaderFault: String {
        /// Ends the process, as a broken invariant does.
        case trap = "twin-trap"
        /// Never returns.
        case hang = "twin-hang"
        /// Takes memory without end.
        case hoard = "twin-hoard"
        /// Gives more text than it may.
        case flood = "twin-flood"

        /// Is read like any text, and ends the process afterwards.
        case late = "twin-late"

        /// By the extension of the document's name, or by bytes that are nothing but a fault's name.
        init?(_ input: DocumentInput) {
            let contents = input.bytes.count < 32 ? String(decoding: input.bytes, as: UTF8.self) : ""
            guard let fault = Self(fileExtension: FormatDetection.fileExtension(input.name)) ?? Self(rawValue: contents) else {
                return nil
            }
            self = fault
        }

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
            case .late: break
            }
        }

        /// For whoever makes something of what was read.
        package static func happenLate(to name: String) {
            guard ReaderFault(fileExtension: FormatDetection.fileExtension(name)) == .late else { return }
            let nothing: [Int] = []
            _ = nothing[name.utf8.count]
        }
    }
#endif
