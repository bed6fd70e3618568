import TwinSupport

/// What `.gitignore` and `.twinignore` files say (gitignore(5)): the last pattern that fits decides, those of deeper folders after those
/// above.
struct IgnoreRules: Sendable {
    static let fileNames = [".gitignore", ".twinignore"]

    enum Verdict: Equatable {
        case ignored(String)
        /// A pattern with `!` takes it back in.
        case wanted
        case unknown
    }

    private struct Rule {
        var pattern: String
        /// The folder of the file that it stands in.
        var folder: String
        var file: String
        var isNegated: Bool
        var isForFolders: Bool
        var isAnchored: Bool
    }

    private var rules: [Rule] = []

    private static let maximumBytes = 1 << 20
    private static let maximumRules = 10_000

    /// The rules of the folders above one that is in a repository, from its root downwards.
    static func above(_ path: String) -> IgnoreRules {
        var folders: [String] = []
        var current = path
        for _ in 0..<64 {
            if FileContents.exists(current + "/.git") {
                var rules = IgnoreRules()
                for folder in folders.reversed() where folder != path { rules.readAll(in: folder) }
                if current != path {
                    var whole = IgnoreRules()
                    whole.readAll(in: current)
                    whole.rules += rules.rules
                    return whole
                }
                return rules
            }
            folders.append(current)
            guard current != "/" else { break }
            current = FilePath.folder(of: current)
        }
        return IgnoreRules()
    }

    private mutating func readAll(in folder: String) {
        for name in Self.fileNames { read((folder == "/" ? "" : folder) + "/" + name, folder: folder) }
    }

    /// Adds the patterns of a file; one that cannot be read says nothing.
    mutating func read(_ path: String, folder: String) {
        guard let contents = try? FileContents.read(path, maximumBytes: Self.maximumBytes) else { return }
        for line in contents.bytes.string.split(whereSeparator: \.isNewline) where rules.count < Self.maximumRules {
            var pattern = String(line)
            while pattern.hasSuffix(" "), !pattern.hasSuffix("\\ ") { pattern.removeLast() }
            if pattern.isEmpty || pattern.hasPrefix("#") { continue }
            let isNegated = pattern.hasPrefix("!")
            if isNegated { pattern.removeFirst() }
            let isForFolders = pattern.hasSuffix("/")
            if isForFolders { pattern.removeLast() }
            let isAnchored = pattern.contains("/")
            if pattern.hasPrefix("/") { pattern.removeFirst() }
            guard !pattern.isEmpty else { continue }
            rules.append(
                Rule(
                    pattern: pattern, folder: folder, file: FilePath.name(path), isNegated: isNegated, isForFolders: isForFolders,
                    isAnchored: isAnchored))
        }
    }

    func verdict(_ path: String, name: String, isFolder: Bool) -> Verdict {
        for rule in rules.reversed() where isFolder || !rule.isForFolders {
            let fits: Bool
            if rule.isAnchored {
                let prefix = rule.folder == "/" ? "/" : rule.folder + "/"
                guard path.hasPrefix(prefix) else { continue }
                fits = GlobPattern.matches(path: String(path.dropFirst(prefix.count)), rule.pattern)
            } else {
                fits = GlobPattern.matches(rule.pattern, path: name, name: name)
            }
            if fits { return rule.isNegated ? .wanted : .ignored(rule.file) }
        }
        return .unknown
    }
}
