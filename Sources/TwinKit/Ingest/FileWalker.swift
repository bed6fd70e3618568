#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// Finds the files below a folder, one after the other, in the order of their names and without holding them all.
struct FileWalker: Sequence, IteratorProtocol {
    struct Options: Sendable {
        /// Shell patterns, see `GlobPattern`; a file must match one of them, when there are any.
        var include: [String] = []
        var exclude: [String] = []
        var isRecursive = true
        /// Whether links to folders are entered. Each folder is read once, so a loop of links ends.
        var followsLinks = false
        /// Whether `.gitignore` and `.twinignore` are honoured, and folders of dependencies and products of builds left out.
        var ignores = false
    }

    enum Entry: Sendable, Equatable {
        case file(path: String)
        /// Something that could not be read or is no file, with the reason.
        case failed(path: String, reason: String)
        /// A file or a folder that is not wanted, with the reason.
        case leftOut(path: String, reason: String)
    }

    private struct Folder {
        var path: String
        /// The path below the root, empty for the root itself.
        var relative: String
        var names: ArraySlice<String>
        /// What the ignore files from here upwards say.
        var rules = IgnoreRules()
        var isProject = false
    }

    private let options: Options
    private var stack: [Folder] = []
    private var visited: Set<FolderIdentity> = []
    private var pending: [Entry] = []

    private struct FolderIdentity: Hashable {
        var device: UInt
        var inode: UInt
    }

    init(root: String, options: Options) {
        self.options = options
        var status = stat()
        if stat(root, &status) == 0 {
            enter(root, relative: "", status)
        } else {
            pending.append(.failed(path: root, reason: Self.reason()))
        }
    }

    mutating func next() -> Entry? {
        while true {
            if !pending.isEmpty { return pending.removeFirst() }
            guard let top = stack.indices.last else { return nil }
            guard let name = stack[top].names.popFirst() else {
                stack.removeLast()
                continue
            }
            let path = stack[top].path == "/" ? "/" + name : stack[top].path + "/" + name
            let relative = stack[top].relative.isEmpty ? name : stack[top].relative + "/" + name
            if let entry = visit(path, relative: relative, name: name, in: stack[top]) { return entry }
        }
    }

    private mutating func visit(_ path: String, relative: String, name: String, in folder: Folder) -> Entry? {
        if isExcluded(relative, name) { return nil }
        var status = stat()
        guard lstat(FilePath.system(path), &status) == 0 else { return .failed(path: path, reason: Self.reason()) }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        if isLink, stat(FilePath.system(path), &status) != 0 {
            return isIncluded(relative, name) ? .failed(path: path, reason: "the link leads nowhere") : nil
        }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        if options.ignores, isFolder || isIncluded(relative, name), let reason = unwanted(path, name, isFolder: isFolder, folder)
        {
            return .leftOut(path: path, reason: "\(reason); --no-ignore reads it")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            if options.isRecursive, !isLink || options.followsLinks { enter(path, relative: relative, status) }
            return nil
        case S_IFREG: return isIncluded(relative, name) ? .file(path: path) : nil
        // A pipe, a socket or a device holds no document.
        default: return nil
        }
    }

    private mutating func enter(_ path: String, relative: String, _ status: stat) {
        guard visited.insert(FolderIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))).inserted else { return }
        var names: [String] = []
        var ignoreFiles: [String] = []
        var isProject = false
        let isOpen = FolderEntries.forEach(in: path) { name, _ in
            if options.ignores, IgnoreRules.fileNames.contains(name) { ignoreFiles.append(name) }
            if UnwantedFiles.projects.contains(name) { isProject = true }
            // Hidden entries (.git, .cache) are a program's own business.
            if !name.hasPrefix(".") { names.append(name) }
            return true
        }
        guard isOpen else {
            pending.append(.failed(path: path, reason: Self.reason()))
            return
        }
        names.sort()
        var folder = Folder(path: path, relative: relative, names: names[...], isProject: isProject)
        if options.ignores {
            folder.rules = stack.last?.rules ?? IgnoreRules.above(path)
            for name in ignoreFiles.sorted() { folder.rules.read(path + "/" + name, folder: path) }
        }
        stack.append(folder)
    }

    /// Why a file or a folder is not wanted; none when it is.
    private func unwanted(_ path: String, _ name: String, isFolder: Bool, _ folder: Folder) -> String? {
        switch folder.rules.verdict(path, name: name, isFolder: isFolder) {
        case .ignored(let file): "left out by \(file)"
        // Wanted by name, whatever it looks like.
        case .wanted: nil
        case .unknown: isFolder ? UnwantedFiles.folder(name, inProject: folder.isProject) : UnwantedFiles.file(name)
        }
    }

    private func isExcluded(_ relative: String, _ name: String) -> Bool {
        options.exclude.contains { GlobPattern.matches($0, path: relative, name: name) }
    }

    private func isIncluded(_ relative: String, _ name: String) -> Bool {
        options.include.isEmpty || options.include.contains { GlobPattern.matches($0, path: relative, name: name) }
    }

    private static func reason() -> String { String(cString: strerror(errno)).lowercasedFirst }
}
