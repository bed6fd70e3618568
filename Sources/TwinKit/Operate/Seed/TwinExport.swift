import TwinDatabase
import TwinHTTP
import TwinSupport

/// Reads a twin out of the database as a manifest.
package struct TwinExport: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Writes the twin's files to a folder and notes in the audit log that they left the database. Where `texts` gives the texts of sources
    /// that came through a pipe, these are written as well, and copies of the documents that stand elsewhere, so that the folder is
    /// whole on another machine. Throws `TwinError`.
    package func write(
        _ twin: Twin, to given: TwinDirectory, texts: ((Source) throws -> String)? = nil, by actor: String?
    ) throws -> [TwinDirectory.Written] {
        var directory = given
        if texts != nil { directory.copies = try copies(of: twin, for: given) }
        var manifest = try manifest(of: twin, for: directory)
        let contents = try texts.map { try writeContents(of: twin, &manifest, to: directory, text: $0) } ?? []
        var written = contents
        // Before the files that name them.
        for (path, name) in directory.copies.sorted(by: { $0.value < $1.value }) {
            let bytes = try FileContents.read(path, maximumBytes: Self.maximumCopyBytes).bytes
            written.append(try directory.write(bytes, to: name, entries: 1))
        }
        written += try directory.write(manifest)
        try database.write { connection in
            try AuditLog.append(.twinExported, of: twin, actor: actor, ["files": .number(written.count)], on: connection)
        }
        return written
    }

    private static let maximumCopyBytes = 1 << 30

    /// Where copies of documents that stand outside of the folder go: below `sources/`, as they stand to each other. What is gone from the
    /// disk has no copy and keeps its path.
    private func copies(of twin: Twin, for directory: TwinDirectory) throws -> [String: String] {
        let files = try database.read { try StoredSources(twin, on: $0) }.rows.filter { $0.kind == .file }.map(\.locator)
        let paths = files.filter { !directory.resolve($0).isInside && FileContents.identity(at: $0) != nil }
        // What stands in the folder itself is never written over.
        var taken = Set(files.filter { directory.resolve($0).isInside })
        var common = paths.first.map { FilePath.folder(of: $0).split(separator: "/") } ?? []
        for path in paths {
            let parts = FilePath.folder(of: path).split(separator: "/")
            common = Array(zip(common, parts).prefix { $0 == $1 }.map(\.0))
        }
        var copies: [String: String] = [:]
        for path in paths.sorted() where copies[path] == nil {
            let plain = "sources/" + path.split(separator: "/").dropFirst(common.count).joined(separator: "/")
            var name = plain
            var number = 2
            while !taken.insert(directory.resolve(name).path).inserted {
                name = FilePath.numbered(plain, number)
                number += 1
            }
            copies[path] = name
        }
        return copies
    }

    /// The twin as of one moment, in a fixed order. Paths inside `directory` are named from there.
    package func manifest(of twin: Twin, for directory: TwinDirectory) throws -> TwinManifest {
        try database.read { connection in
            let twin = try TwinStore.load(twin.key, on: connection)
            var manifest = TwinManifest()
            manifest.slug = twin.slug
            manifest.name = twin.name
            manifest.description = twin.description
            manifest.specialization = twin.specialization
            // What is only shown among the settings is not applied, and so not written.
            manifest.settings = ((try? TwinSettings.checked(twin.settings.object)) ?? twin.settings).object.canonical
            let sources = try StoredSources(twin, on: connection)
            manifest.sources = sources.rows.map { row in
                TwinManifest.SourceEntry(
                    kind: row.kind, locator: sources.name(of: row, in: directory), title: row.title,
                    metadata: row.metadata.canonical)
            }.sorted { ($0.locator, $0.kind.rawValue) < ($1.locator, $1.kind.rawValue) }
            manifest.answers = try Self.answers(of: twin, sources, directory, on: connection)
            manifest.memories = try Self.memories(of: twin, on: connection)
            manifest.decisions = try GraphDecisions.all(of: twin, on: connection).map { TwinManifest.Decision(decision: $0) }
            manifest.groups = try connection.rows(
                "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ? ORDER BY is_default DESC, name", twin.key,
                map: AccessGroup.init
            ).map { try Self.group($0, sources, directory, on: connection) }
            return manifest
        }
    }

    private static func answers(
        of twin: Twin, _ sources: StoredSources, _ directory: TwinDirectory, on connection: Connection
    ) throws -> [TwinManifest.Answer] {
        let names = sources.names(in: directory)
        return try connection.rows(
            """
            SELECT question, answer, visibility, citations FROM verified_answers WHERE twin_key = ? AND is_active
            ORDER BY folded, question
            """, twin.key
        ) { row in
            TwinManifest.Answer(
                question: row.text(0), answer: row.text(1),
                visibility: try row.value(2),
                // A source that has been removed is cited no longer.
                citations: try row.array(3, of: \.stringValue).compactMap { names[$0] })
        }
    }

    private static func memories(of twin: Twin, on connection: Connection) throws -> [TwinManifest.Memory] {
        try connection.rows(
            """
            SELECT \(OwnerMemory.columns) FROM owner_memories WHERE twin_key = ? AND status = 'active'
            ORDER BY memory_type, topic, key
            """, twin.key, map: OwnerMemory.init
        ).map { TwinManifest.Memory(entry: OwnerMemories.Entry($0)) }
    }

    private static func group(
        _ group: AccessGroup, _ sources: StoredSources, _ directory: TwinDirectory, on connection: Connection
    ) throws -> TwinManifest.Group {
        var result = TwinManifest.Group(name: group.name)
        result.isDefault = group.isDefault ? true : nil
        result.isPublic = group.isPublic
        result.description = group.description ?? ""
        result.settings = group.settings.canonical
        result.limits = try GroupStore.limits(of: group, on: connection)
        result.overrides = try GroupStore.overrides(of: group, on: connection)
        result.members = try GroupStore.memberNames(of: group, on: connection)
        let granted = try ContentPermissions.keys(.source, of: group, on: connection)
        result.sources = grant(
            group, granted.count == sources.rows.count,
            sources.rows.filter { granted.contains($0.key) }.map { sources.name(of: $0, in: directory) })
        let answers = try connection.rows(
            """
            SELECT v.question, \(Visibility.isGranted(.verifiedAnswer, "v", to: "?1"))
            FROM verified_answers v WHERE v.twin_key = ?2 AND v.is_active ORDER BY v.folded, v.question
            """, group.key, group.twinKey
        ) { ($0.text(0), $0.bool(1)) }
        result.answers = grant(group, answers.allSatisfy(\.1), answers.filter(\.1).map(\.0))
        return result
    }

    /// New content goes to the default group by itself, so "all" is the truth there. Another group's grants are listed one by
    /// one: what is added later must not come to it unasked.
    private static func grant(_ group: AccessGroup, _ isAll: Bool, _ names: [String]) -> TwinManifest.Grant {
        group.isDefault && isAll ? .all : .only(names)
    }

    /// Writes the texts of sources that came through a pipe below `sources/`, and names them in the manifest.
    private func writeContents(
        of twin: Twin, _ manifest: inout TwinManifest, to directory: TwinDirectory, text: (Source) throws -> String
    ) throws -> [TwinDirectory.Written] {
        var written: [TwinDirectory.Written] = []
        var taken = Set(directory.copies.values)
        for index in (manifest.sources ?? []).indices {
            guard let entry = manifest.sources?[index], entry.kind == .stream else { continue }
            let source = try database.read { try SourceCatalog.find(entry.locator, twin: twin, on: $0) }
            guard source.textKey != nil else { continue }
            let stem = TwinStore.slug(for: entry.locator)
            var name = "sources/\(stem.isEmpty ? "text" : stem).txt"
            var number = 2
            while !taken.insert(name).inserted {
                name = "sources/\(stem)-\(number).txt"
                number += 1
            }
            written.append(try directory.write(try text(source), to: name, entries: 1))
            manifest.sources?[index].content = name
        }
        return written
    }
}

extension OwnerMemories.Entry {
    init(_ memory: OwnerMemory) {
        self.init(
            topic: memory.topic, type: memory.type, value: memory.value, stance: memory.stance, intensity: memory.intensity,
            confidence: memory.confidence)
    }
}
