import TwinSupport

/// What a request names, one after the other: folders are walked as they are reached.
struct IngestCandidates {
    enum Candidate: Sendable {
        /// A file; `isNamed` when the request names it itself rather than a folder above it.
        case file(path: String, isNamed: Bool)
        case url(String)
        case bytes([UInt8], name: String)
        case upload(path: String, name: String)
        /// Something that is named but cannot be reached.
        case unreachable(locator: String, TwinError)
        /// Something below a folder that is not wanted.
        case leftOut(path: String, reason: String)

        /// What the run's report calls it.
        var locator: String {
            switch self {
            case .file(let path, _), .leftOut(let path, _): path
            case .url(let url): url
            case .bytes(_, let name), .upload(_, let name): name
            case .unreachable(let locator, _): locator
            }
        }
    }

    private var inputs: ArraySlice<IngestRequest.Input>
    private let options: FileWalker.Options
    private var walker: FileWalker?
    private var root = ""
    /// The folders and files of the request, as absolute paths, that a file was found in.
    private(set) var rootsWithFiles: Set<String> = []
    /// A path that is missing is told of by the pruning, which knows what came from it.
    private let leavesOutMissing: Bool

    init(_ request: IngestRequest) {
        inputs = request.inputs[...]
        leavesOutMissing = request.prune
        options = FileWalker.Options(
            include: request.include, exclude: request.exclude, isRecursive: request.isRecursive,
            followsLinks: request.followsLinks, ignores: request.honoursIgnoreFiles)
    }

    mutating func next() -> Candidate? {
        while true {
            if walker != nil {
                switch walker?.next() {
                case .file(let path):
                    rootsWithFiles.insert(root)
                    return .file(path: path, isNamed: false)
                case .leftOut(let path, let reason): return .leftOut(path: path, reason: reason)
                case .failed(let path, let reason): return .unreachable(locator: path, TwinError(.failed, reason))
                case nil: walker = nil
                }
                continue
            }
            guard let input = inputs.popFirst() else { return nil }
            switch input {
            case .bytes(let bytes, let name): return .bytes(bytes, name: name)
            case .upload(let path, let name): return .upload(path: path, name: name)
            case .url(let url): return .url(url)
            case .missing(let name, let error): return .unreachable(locator: name, error)
            case .path(let path):
                let absolute = FilePath.absolute(path)
                switch FileContents.kind(absolute) {
                case .folder:
                    root = absolute
                    walker = FileWalker(root: absolute, options: options)
                case .file: return .file(path: absolute, isNamed: true)
                case .missing where leavesOutMissing: continue
                case .missing(let error): return .unreachable(locator: absolute, error)
                }
            }
        }
    }
}
