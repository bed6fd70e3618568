import TwinDatabase
import TwinSearch
import TwinSupport

/// Carries a tenant whole from one file to another, where it is all there at once or not at all. The file that it comes from is only
/// read.
package struct TenantCarrier: Sendable {
    /// A database with the places where its files lie.
    package struct Place: Sendable {
        package var database: Database
        var objects: ObjectStores

        package init(database: Database, objects: ObjectStores) {
            self.database = database
            self.objects = objects
        }
    }

    /// What has gone along.
    package struct Cargo: Sendable, Equatable {
        /// By table.
        package var rows: [String: Int] = [:]
        package var files = 0
        /// Files that rows name and that were not there.
        package var missingFiles: [String] = []
        /// API keys that are not good there, because what they are hashed with did not go along.
        package var unusableKeys = 0

        package var rowCount: Int { rows.values.reduce(0, +) }
    }

    let source: Place
    let target: Place

    package init(from source: Place, to target: Place) {
        self.source = source
        self.target = target
    }

    /// Bytes that one stored file has at the most.
    private static let maximumFileBytes = 1 << 40

    func transfer(_ tenantID: String) -> RowTransfer { RowTransfer(TenantTables.moving, of: tenantID) }

    /// Whether the target has the tenant.
    func hasArrived(_ tenantID: String) throws -> Bool { try Self.has(tenantID, in: target.database) }

    static func has(_ tenantID: String, in database: Database) throws -> Bool {
        try database.read { connection in
            try connection.first("SELECT 1 FROM tenants WHERE id = ?", tenantID) { _ in true } ?? false
        }
    }

    /// Throws `TwinError` (`conflict`) where the target has something that the tenant brings as well and that may be in a file once:
    /// nothing is changed then.
    package func check(_ tenantID: String) throws {
        if try hasArrived(tenantID) {
            throw TwinError(.conflict, "\(target.database.path) has this tenant already; nothing was changed")
        }
        let clashes = try target.database.transfer(from: source.database) { try transfer(tenantID).clashes(on: $0) }
        guard let first = clashes.first(where: { $0.table == "users" }) ?? clashes.first else { return }
        throw TwinError(.conflict, Self.sentence(first, target.database.path))
    }

    private static func sentence(_ clash: RowTransfer.Clash, _ path: String) -> String {
        let example = clash.example.shortened(to: 100)
        let what =
            switch (clash.table, clash.columns) {
            case ("users", ["email"]):
                "\(clash.count) of its users have addresses that users there have already, such as \(example); change or erase one of the two"
            case ("desks", ["domain"]): "its desk's domain \(example) is another desk's there; change one of the two"
            case ("desks", _): "its widget's key is another desk's there"
            case ("user_accounts", _): "\(clash.count) of its users' accounts are other users' there, such as those of \(example)"
            default:
                "\(clash.count) rows of \(clash.table) have the same \(clash.columns.joined(separator: ", ")) as rows there, such as \(example)"
            }
        return "the tenant cannot go to \(path): \(what); nothing was changed"
    }

    /// Carries it over, with a word in its log. `carriesSecrets` says whether what keys are hashed with and webhooks signed with goes
    /// along; `isExport` that the target is a file for this tenant alone, which then has the shared agents and tools as well. Throws
    /// `TwinError`.
    package func carry(
        _ tenantID: String, carriesSecrets: Bool, isExport: Bool = false, by actor: String?,
        progress: (_ what: String) throws -> Void = { _ in }
    ) throws -> Cargo {
        let transfer = transfer(tenantID)
        var cargo = Cargo()
        let names = try source.database.read { try transfer.files(on: $0) }
        for name in names { try carryFile(name, &cargo, progress) }
        let secrets = try carriesSecrets ? source.database.read { try TenantSecrets.read(of: tenantID, on: $0) } : TenantSecrets()
        cargo.rows = try target.database.transfer(from: source.database) { connection in
            if try connection.first("SELECT 1 FROM main.tenants WHERE id = ?", tenantID, map: { _ in true }) != nil {
                throw TwinError(.conflict, "\(target.database.path) has this tenant already; nothing was changed")
            }
            if isExport { try transfer.copyShared(on: connection) }
            let shifts =
                isExport ? [:] : try transfer.shifts(above: ["chunks": ChunkSequence.last(on: connection)], on: connection)
            let every = Dictionary(TenantTables.moving.map { ($0.name, shifts[$0.name] ?? 0) }) { first, _ in first }
            let rows = try transfer.copy(every, on: connection, progress: progress)
            try ChunkSequence.passExisting(on: connection)
            let twins = try connection.rows("SELECT key FROM main.twins WHERE tenant_id = ?", tenantID) { $0.int64(0) }
            for twin in twins {
                try SearchIndex(twin: twin).shiftKeys(
                    ofChunks: every["chunks"] ?? 0, ofSources: every["sources"] ?? 0, on: connection)
            }
            try secrets.store(of: tenantID, on: connection)
            try connection.run("DELETE FROM tenant_moves WHERE tenant_id = ?", tenantID)
            try AuditLog.append(
                .tenantImported, tenantID: tenantID, actor: actor,
                ["rows": .number(rows.values.reduce(0, +)), "files": .number(cargo.files), "secrets": .bool(carriesSecrets)],
                on: connection)
            return rows
        }
        if !carriesSecrets || secrets.pepper == nil { cargo.unusableKeys = cargo.rows["api_keys"] ?? 0 }
        return cargo
    }

    /// Puts one file where the target looks for it, unless it is there.
    private func carryFile(_ name: String, _ cargo: inout Cargo, _ progress: (String) throws -> Void) throws {
        guard let stored = StoredName(name) else {
            // A document on its way, in the bucket that both use.
            try target.objects.files.note(name, in: target.objects.stores.first?.bucket)
            return
        }
        try progress("files")
        if try target.objects.contains(stored) {
            try target.objects.files.note(name, in: target.objects.stores.first?.bucket)
        } else if try source.objects.contains(stored) {
            let object = try source.objects.open(stored)
            let file = try StagedFile.write(in: target.objects.staging, maximumBytes: Self.maximumFileBytes) { append in
                try object.read { try append($0) }
            }
            guard try target.objects.store(file, kind: stored.kind) == stored else {
                throw TwinError(.failed, "the stored file \(name) is damaged; 'twin doctor' says more")
            }
        } else {
            cargo.missingFiles.append(name)
            return
        }
        cargo.files += 1
    }
}
