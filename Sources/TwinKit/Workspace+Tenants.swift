import TwinDatabase
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Tenants as a whole: out of this file and into another.
extension Workspace {
    package var tenants: TenantStore { TenantStore(database: database) }

    private func place() throws -> TenantCarrier.Place {
        TenantCarrier.Place(database: database, objects: try configuration.objectStores(of: database))
    }

    /// Writes one tenant to a new file, which is a database of its own that opens with `--db`, readable by its owner alone, and
    /// there whole or not at all. What keys are hashed with and webhooks signed with goes along sealed by the master key, or without
    /// one only where `inTheClear` says so. Throws `TwinError` (`conflict`) for a file that is there.
    package func exportTenant(
        _ tenantID: String, to path: String, inTheClear: Bool, by actor: String?, progress: (String) throws -> Void = { _ in }
    ) throws -> TenantCarrier.Cargo {
        guard !FileContents.exists(path) else {
            throw TwinError(.conflict, "there is already a file at \(path); choose another name")
        }
        let folder = configuration.storageFolder(besides: path)
        let carriesSecrets = inTheClear || configuration.sealingKey != nil
        let partial = path + ".partial-\(getpid())"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) } }
        try database.write { connection in
            try AuditLog.append(
                .tenantExported, tenantID: tenantID, actor: actor, ["secrets": .bool(carriesSecrets)], on: connection)
        }
        var cargo = TenantCarrier.Cargo()
        do {
            let target = try Workspace(path: partial, configuration: configuration, create: true)
            // Its files lie where they are looked for under its last name.
            let files = try configuration.objectStores(folder: folder, files: StoredFiles(database: target.database))
            cargo = try TenantCarrier(from: place(), to: .init(database: target.database, objects: files))
                .carry(tenantID, carriesSecrets: carriesSecrets, isExport: true, by: actor, progress: progress)
            guard target.close(within: 10) else { throw TwinError(.busy, "the file could not be finished; try again") }
        }
        guard link(partial, path) == 0 else { throw TwinError(systemError: errno, "the tenant cannot be put at \(path)") }
        return cargo
    }

    /// Takes in the tenant of a file that `exportTenant` wrote, or one of several of any of twin's files. That file stays as it is.
    /// Throws `TwinError`: `conflict` where something is in the way, and nothing was changed then.
    package func importTenant(
        _ word: String?, from path: String, isDryRun: Bool = false, by actor: String?,
        progress: (String) throws -> Void = { _ in }
    ) throws -> (tenantID: String, cargo: TenantCarrier.Cargo) {
        let source = try Workspace(path: path, configuration: configuration)
        let tenantID = try source.tenants.resolve(word)
        let carrier = TenantCarrier(from: try source.place(), to: try place())
        try carrier.check(tenantID)
        if isDryRun { return (tenantID, .init(rows: try source.database.read { try carrier.transfer(tenantID).counts(on: $0) })) }
        return (tenantID, try carrier.carry(tenantID, carriesSecrets: true, by: actor, progress: progress))
    }

    /// Moves a tenant to the file at `path`, which is made where there is none: see `TenantMove`. A dry run looks for what is in the
    /// way.
    package func moveTenant(
        _ tenantID: String, to path: String, url: String, isDryRun: Bool = false, by actor: String?,
        progress: (String) throws -> Void = { _ in }, reached: (TenantMove.Step) throws -> Void = { _ in }
    ) throws -> TenantMove.Report {
        let target =
            try isDryRun
            ? Workspace(planning: path, configuration: configuration, orEmpty: true)
            : Workspace(path: path, configuration: configuration, create: true)
        let carrier = TenantCarrier(from: try place(), to: try target.place())
        if isDryRun {
            try carrier.check(tenantID)
            return .init(cargo: .init(rows: try database.read { try carrier.transfer(tenantID).counts(on: $0) }))
        }
        let shares = try configuration.bucket() != nil || configuration.text("storage.folder") != nil
        let move = TenantMove(carrier: carrier, namedFiles: Self.namedFiles, sharesStorage: shares)
        let report = try move.run(tenantID, url: url, by: actor, progress: progress, reached: reached)
        _ = try? sweepStorage()
        target.close(within: 10)
        return report
    }

    /// Calls off a move that was stopped before the other file had the tenant. Throws `TwinError`.
    package func cancelMove(of tenantID: String, by actor: String?) throws {
        let record = try tenants.list().first { $0.id == tenantID }?.move
        var hasArrived = false
        if let path = record?.target, FileContents.exists(path) {
            hasArrived = try TenantCarrier.has(tenantID, in: Workspace(path: path, configuration: configuration).database)
        }
        try TenantMove.cancel(tenantID, in: database, hasArrived: hasArrived, by: actor)
    }
}
