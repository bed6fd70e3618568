import TwinSupport

/// Files of clients, from being kept to being a source.
extension Workspace {
    /// What keeps files on this database. Throws `TwinError` (`notConfigured`) for settings that do not go together.
    package func clientFiles() throws -> ClientFiles {
        ClientFiles(
            database: database, objects: try configuration.objectStores(of: database),
            maximumTotalBytes: try configuration.integer("files.max_total_mib") << 20)
    }

    /// Makes a file a source of a twin, as an upload of its name would be; `attributes` are kept with both. `principal` has been
    /// found to be allowed to change the twin. What is wrong with the document stands in the answer. Throws `TwinError`.
    package func attach(
        _ file: ClientFile, to twin: Twin, attributes: JSONObject, as principal: Principal,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> ClientFileUse {
        let files = try clientFiles()
        // A copy of its own: the file may be in a bucket, and may be deleted while it is read.
        let copy = try StagedFile.write(in: files.objects.staging, maximumBytes: file.size) { append in
            try files.open(file).read { try append($0) }
        }
        // What a source was given stays with it, so that attributes which the file has no more are taken away by name.
        let former = try files.attributeNames(of: file, in: twin).filter { attributes[$0] == nil }
        let item = try upload(
            copy.path, filename: file.name, into: twin, metadata: attributes,
            clearance: authorizer.clearance(of: twin, as: principal), actor: principal.actorID, isCancelled: isCancelled)
        if item.failure == .interrupted { throw TwinError(.interrupted, item.reason ?? "it was interrupted") }
        guard item.outcome == .failed || item.outcome == .skipped else {
            do {
                let use = try files.note(file, in: twin, sourceID: item.sourceID, error: nil, attributes: attributes)
                if !former.isEmpty, let id = item.sourceID, let source = try database.read({ try Source.stored(id, on: $0) }) {
                    var gone = JSONObject()
                    for name in former { gone[name] = JSON.null }
                    _ = try sources.describe(source, as: gone, by: principal.actorID)
                }
                return use
            } catch let error as TwinError where error.kind == .gone {
                // It was deleted while it was read: what came of it goes as well.
                if item.outcome == .added || item.outcome == .updated, let id = item.sourceID,
                    let source = try database.read({ try Source.stored(id, on: $0) })
                {
                    try sources.remove([source], by: principal.actorID)
                }
                throw error
            }
        }
        // A source that was there before keeps what it says, and is not this file.
        let source = try item.sourceID.flatMap { id in try database.read { try Source.stored(id, on: $0) } }
        return try files.note(
            file, in: twin, sourceID: source?.textKey == nil ? source?.id : nil, error: item.reason ?? "it could not be read",
            attributes: attributes)
    }

    /// Removes a file, and with it the sources that it is what they say. Throws `TwinError` (`notPermitted`) where the principal may
    /// not change one of their twins any more; nothing is removed then.
    package func remove(_ file: ClientFile, as principal: Principal) throws {
        try clientFiles().remove(file, by: principal.actorID) { keys, connection in
            for key in keys {
                guard let source = try Source.stored(key: key, on: connection) else { continue }
                do {
                    _ = try authorizer.twin(owning: source.id, in: .sources, .write, as: principal, on: connection)
                } catch let error as TwinError where error.kind == .notFound || error.kind == .notPermitted {
                    throw TwinError(.notPermitted, "the file is a source of a twin that you may not change")
                }
                try sources.remove([source], by: principal.actorID, on: connection)
            }
        }
        _ = try? sweepStorage(atMost: Self.promptRemovals)
    }
}
