#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// A folder that holds a twin as text files: what `twin export` writes and `twin apply` reads.
///
///     twin.json       slug, name, description, specialization, settings
///     groups.json     access groups: settings, limits, overrides, members, what they may read
///     qna.jsonl       a verified answer a line, in the order of the questions
///     memory.jsonl    what the owner holds, a line each, in the order of type and topic
///     graph.jsonl     what was decided about the graph, a line each: nodes of the owner's own, merges, what holds, what was reviewed
///     sources.jsonl   where the documents come from, a line each
///     sources/        the texts of sources that came through a pipe, when they were asked for
///
/// A path in these files is taken from the folder. It must stay inside of it, also through symbolic links, unless
/// `allowsOutside`: whoever may change the files must not thereby read the rest of the machine.
package struct TwinDirectory: Sendable {
    /// Absolute.
    package let path: String
    package let allowsOutside: Bool
    /// Names below the folder for files elsewhere whose copies are written to it, by their paths.
    var copies: [String: String] = [:]

    package init(_ path: String, allowsOutside: Bool = false) {
        self.path = FilePath.absolute(path)
        self.allowsOutside = allowsOutside
    }

    /// The files that a twin's folder may have.
    package enum File: String, Sendable, CaseIterable {
        case twin = "twin.json"
        case groups = "groups.json"
        case answers = "qna.jsonl"
        case memories = "memory.jsonl"
        case graph = "graph.jsonl"
        case sources = "sources.jsonl"

        /// Bytes at most.
        var maximumBytes: Int {
            switch self {
            case .twin: 1 << 20
            case .groups, .memories, .graph: 32 << 20
            case .answers, .sources: 256 << 20
            }
        }
    }

    /// Lines of a file at most.
    static let maximumLines = 100_000
    /// Bytes of a line at most: an answer of the greatest length with every character escaped.
    static let maximumLineBytes = 1 << 20

    func file(_ file: File) -> String { path + "/" + file.rawValue }

    // MARK: Reading

    /// Reads all files. Throws `TwinError` that names the file and the line; no twin.json is an error, too.
    package func read() throws -> TwinManifest {
        guard let twin = try bytes(of: .twin) else {
            throw TwinError(.notFound, "there is no twin.json in \(path); 'twin export DIR' writes one")
        }
        var manifest = TwinManifest()
        try manifest.readTwin(Self.parse(twin, of: .twin), at: ManifestPlace(file: File.twin.rawValue))
        if let bytes = try bytes(of: .groups) {
            try manifest.readGroups(Self.parse(bytes, of: .groups), file: File.groups.rawValue)
        }
        manifest.answers = try lines(of: .answers, TwinManifest.answer)
        manifest.memories = try lines(of: .memories, TwinManifest.memory)
        manifest.decisions = try lines(of: .graph, TwinManifest.decision)
        manifest.sources = try lines(of: .sources, TwinManifest.source)
        return manifest
    }

    /// The slug in twin.json, where there is one that can be read.
    package var slug: String? {
        guard let bytes = try? bytes(of: .twin) else { return nil }
        return (try? JSONParser.parse(bytes))?["slug"]?.stringValue
    }

    private func bytes(of file: File) throws -> [UInt8]? {
        let path = self.file(file)
        guard FileContents.exists(path) else { return nil }
        guard FileContents.size(path) <= file.maximumBytes else {
            throw TwinError(.limitReached, "\(file.rawValue) is larger than \(file.maximumBytes >> 20) MiB; split the twin")
        }
        do {
            return try FileContents.read(path, maximumBytes: file.maximumBytes).bytes
        } catch let error as TwinError {
            throw TwinError(error.kind, "\(file.rawValue): \(error.message)")
        }
    }

    private static func parse(_ bytes: [UInt8], of file: File) throws -> JSON {
        do {
            return try JSONParser.parse(bytes)
        } catch let error as JSONError {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw ManifestPlace(file: file.rawValue, line: line).error("this is not JSON: \(error.reason)")
        }
    }

    /// The lines of a file as items; none when there is no file. Blank lines count and hold nothing.
    private func lines<Item>(of file: File, _ item: (JSON, ManifestPlace) throws -> Item) throws -> [Item]? {
        guard let bytes = try bytes(of: file) else { return nil }
        return try bytes.withUnsafeBufferPointer { buffer in
            var items: [Item] = []
            var place = ManifestPlace(file: file.rawValue, line: 0)
            for line in buffer.split(separator: 0x0A, omittingEmptySubsequences: false) {
                place.line = (place.line ?? 0) + 1
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                guard items.count < Self.maximumLines else {
                    throw place.error("a file has at most \(Self.maximumLines) entries; split the twin", .limitReached)
                }
                guard line.count <= Self.maximumLineBytes else {
                    throw place.error("the line has more than \(Self.maximumLineBytes) bytes", .limitReached)
                }
                let json: JSON
                do {
                    json = try JSONParser.parse(UnsafeBufferPointer(rebasing: line))
                } catch let error as JSONError {
                    throw place.error("this is not JSON: \(error)")
                }
                items.append(try item(json, place))
            }
            return items
        }
    }

    // MARK: Paths

    /// The absolute path that a path in the files means, and whether it is inside the folder. It need not exist.
    func resolve(_ name: String) -> (path: String, isInside: Bool) {
        let absolute = FilePath.absolute(name.hasPrefix("/") ? name : path + "/" + name)
        return (absolute, isInside(absolute))
    }

    private func isInside(_ absolute: String) -> Bool {
        guard absolute.hasPrefix(path == "/" ? "/" : path + "/") else { return false }
        // What is not there yet leads nowhere; what is there must not lead out through a link.
        guard let real = Self.realPath(absolute), let root = Self.realPath(path) else { return true }
        return real.hasPrefix(root == "/" ? "/" : root + "/")
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The path of a file as the files name it: from the folder where it is inside, else absolute.
    func name(of absolute: String) -> String {
        if let copy = copies[absolute] { return copy }
        let prefix = path == "/" ? "/" : path + "/"
        return absolute.hasPrefix(prefix) ? String(absolute.dropFirst(prefix.count)) : absolute
    }

    // MARK: Writing

    /// One file that was written, or would not change.
    package struct Written: Sendable, JSONRepresentable {
        package var file: String
        package var entries: Int
        package var isChanged: Bool

        package var json: JSON { ["file": .string(file), "entries": .number(entries), "changed": .bool(isChanged)] }
    }

    /// Writes all files; those that would not change are left alone. Throws `TwinError`.
    package func write(_ manifest: TwinManifest) throws -> [Written] {
        try AtomicFile.makeFolder(path)
        return [
            try write(manifest.twinText, to: File.twin.rawValue, entries: 1),
            try write(manifest.groupsText, to: File.groups.rawValue, entries: manifest.groups?.count ?? 0),
            try write(manifest.answersText, to: File.answers.rawValue, entries: manifest.answers?.count ?? 0),
            try write(manifest.memoriesText, to: File.memories.rawValue, entries: manifest.memories?.count ?? 0),
            try write(manifest.decisionsText, to: File.graph.rawValue, entries: manifest.decisions?.count ?? 0),
            try write(manifest.sourcesText, to: File.sources.rawValue, entries: manifest.sources?.count ?? 0),
        ]
    }

    /// Writes a text below the folder, unless it is there already.
    func write(_ text: String, to name: String, entries: Int) throws -> Written {
        try write(Array(text.utf8), to: name, entries: entries)
    }

    func write(_ bytes: [UInt8], to name: String, entries: Int) throws -> Written {
        let path = path + "/" + name
        let isChanged = (try? FileContents.read(path, maximumBytes: bytes.count))?.bytes != bytes
        if isChanged {
            try AtomicFile.makeFolder(FilePath.folder(of: path))
            try AtomicFile.write(bytes, to: path)
        }
        return Written(file: name, entries: entries, isChanged: isChanged)
    }
}
