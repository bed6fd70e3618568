import TwinDatabase
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Moves a tenant from a file that may be served to another. Until the other file has it whole, it is here; from then on it is there,
/// and whatever stops the move, doing it again finishes it:
///
/// 1. New questions are refused for the moment, and those that were asked get their answers.
/// 2. Every change of the tenant's rows is refused, whoever makes it; reading goes on.
/// 3. All of it is carried over in one transaction of the other file.
/// 4. In one transaction it is taken out of this file, overwritten, and where it went is noted.
package struct TenantMove: Sendable {
    /// How far a move is.
    package enum Step: String, Sendable, CaseIterable { case draining, held, carried, erased }

    /// What a move has done.
    package struct Report: Sendable {
        package var cargo = TenantCarrier.Cargo()
        /// Whether an earlier move that was stopped was gone on with.
        package var wentOn = false
        /// Whether the write-ahead log of this file holds no old pages any more. Somebody who read for long may keep some until later.
        package var isLogEmpty = true
        /// Milliseconds in which changes of the tenant were refused.
        package var heldMilliseconds = 0
    }

    let carrier: TenantCarrier
    /// A query of the files that rows name.
    let namedFiles: String
    /// Whether both files keep what is stored in one place.
    let sharesStorage: Bool

    private var source: Database { carrier.source.database }
    private var target: Database { carrier.target.database }

    /// What is told to whoever asks for a change meanwhile.
    static let refusal = "the workspace is moving to another server and takes no change for the moment; try again soon"

    /// Seconds that answers are waited for which are being worded.
    package static let patience = 10.0
    /// A question without an answer counts for so many seconds: one that is older has none, and gets none.
    private static let questionAge = 60.0

    /// Moves it; `url` is where it is served then. `reached` is called behind each step and, when it throws, leaves everything as it is
    /// then. Throws `TwinError`: `conflict` where something is in the way, and nothing was changed then.
    package func run(
        _ tenantID: String, url: String, by actor: String?, progress: (String) throws -> Void = { _ in },
        reached: (Step) throws -> Void = { _ in }
    ) throws -> Report {
        var report = Report()
        let path = FilePath.absolute(target.path)
        guard path != FilePath.absolute(source.path) else { throw TwinError(.invalid, "the tenant is in this file already") }
        var held = Clock.monotonicNanoseconds
        let record = try source.read { try TenantMoveRecord.find(tenantID, on: $0) }
        if let record {
            guard record.target == path else {
                throw TwinError(
                    .conflict,
                    record.state == .moved
                        ? "the tenant has moved to \(record.target)"
                        : "the tenant is on its way to \(record.target): finish that move, or call it off with --cancel")
            }
            report.wentOn = true
            if record.state == .moved { return report }
        } else {
            try carrier.check(tenantID)
            try begin(tenantID, path, url, by: actor)
            try reached(.draining)
            waitForAnswers(of: tenantID)
        }
        if try !carrier.hasArrived(tenantID) {
            held = Clock.monotonicNanoseconds
            try hold(tenantID)
            try reached(.held)
            do {
                report.cargo = try carrier.carry(tenantID, carriesSecrets: true, by: actor, progress: progress)
            } catch {
                // Nothing of it is there: it is wholly here, and goes on.
                try? letGo(tenantID, by: actor)
                throw error
            }
            try reached(.carried)
        }
        try erase(tenantID, by: actor, progress)
        report.heldMilliseconds = Int((Clock.monotonicNanoseconds - held) / 1_000_000)
        report.isLogEmpty = try source.withWriter { try $0.emptyLog(waiting: 10_000) }
        try reached(.erased)
        return report
    }

    private func begin(_ tenantID: String, _ path: String, _ url: String, by actor: String?) throws {
        try source.transfer { connection in
            let others = try TenantMoveRecord.all(on: connection).filter { $0.state == .held }
            guard others.isEmpty else {
                throw TwinError(.conflict, "another tenant is on its way to \(others.first?.target ?? ""): one moves at a time")
            }
            let name = try Tenant.name(of: tenantID, on: connection)
            try AuditLog.append(.tenantMoveBegan, tenantID: tenantID, actor: actor, ["url": .string(url)], on: connection)
            try connection.run(
                "INSERT INTO tenant_moves (tenant_id, name, state, target, url, began_at) VALUES (?, ?, 'held', ?, ?, ?)",
                tenantID,
                name, path, url, Clock.now)
            try carrier.transfer(tenantID).hold(
                newRowsOf: "messages", where: "NEW.role = 'user'", refusing: Self.refusal, on: connection)
        }
    }

    /// Waits until the questions of the last minute have their answers.
    private func waitForAnswers(of tenantID: String) {
        let deadline = Clock.monotonicNanoseconds + UInt64(Self.patience * 1e9)
        while Clock.monotonicNanoseconds < deadline {
            let open = try? source.read { connection in
                try connection.first(
                    """
                    SELECT 1 FROM conversations c JOIN messages m ON m.conversation_key = c.key
                    WHERE c.tenant_id = ?1 AND c.updated_at >= ?2 AND m.role = 'user' AND m.created_at >= ?2 AND NOT EXISTS (
                        SELECT 1 FROM messages a WHERE a.conversation_key = c.key AND a.key > m.key AND a.role <> 'user') LIMIT 1
                    """, tenantID, Clock.now.adding(seconds: -Self.questionAge)
                ) { _ in true } ?? false
            }
            if open == false { return }
            usleep(50_000)
        }
    }

    private func hold(_ tenantID: String) throws {
        try source.transfer { connection in
            try RowTransfer.release(on: connection)
            try carrier.transfer(tenantID).hold(refusing: Self.refusal, on: connection)
        }
    }

    /// Calls a move off that has not carried anything over yet. Throws `TwinError`: `notFound` where none is under way, `conflict`
    /// where the other file has the tenant already.
    package static func cancel(_ tenantID: String, in source: Database, hasArrived: Bool, by actor: String?) throws {
        let record = try source.read { try TenantMoveRecord.find(tenantID, on: $0) }
        guard let record, record.state == .held else {
            throw TwinError(.notFound, "the tenant is not on its way to anywhere; 'twin tenants list' shows those that are")
        }
        guard !hasArrived else {
            throw TwinError(.conflict, "\(record.target) has the tenant already; finish the move with the command that began it")
        }
        try letGo(tenantID, in: source, by: actor)
    }

    private func letGo(_ tenantID: String, by actor: String?) throws { try Self.letGo(tenantID, in: source, by: actor) }

    private static func letGo(_ tenantID: String, in source: Database, by actor: String?) throws {
        try source.transfer { connection in
            try RowTransfer.release(on: connection)
            try connection.run("DELETE FROM tenant_moves WHERE tenant_id = ? AND state = 'held'", tenantID)
            try AuditLog.append(.tenantMoveCancelled, tenantID: tenantID, actor: actor, on: connection)
        }
    }

    private func erase(_ tenantID: String, by actor: String?, _ progress: (String) throws -> Void) throws {
        let transfer = carrier.transfer(tenantID)
        try source.transfer(overwriting: true) { connection in
            // As it is in the transaction: another process may have finished the move.
            guard let record = try TenantMoveRecord.find(tenantID, on: connection), record.state == .held else { return }
            let log = try connection.first(
                "SELECT count(*), (SELECT lower(hex(hash)) FROM audit_log WHERE tenant_id = ?1 ORDER BY seq DESC LIMIT 1) FROM audit_log WHERE tenant_id = ?1",
                tenantID
            ) { (rows: $0.int(0), head: $0.optionalText(1)) }
            let files = try transfer.files(on: connection)
            try MovedNames.note(of: tenantID, on: connection)
            try GroupStore.holdPlaces(ofGuestsFrom: tenantID, on: connection)
            try TenantSecrets.remove(of: tenantID, on: connection)
            try transfer.erase(on: connection, progress: progress)
            try StoredFiles.leave(files, named: namedFiles, isShared: sharesStorage, on: connection)
            try RowTransfer.release(on: connection)
            // What it was called goes as the rest does.
            try connection.run(
                "UPDATE tenant_moves SET state = 'moved', name = '', moved_at = ? WHERE tenant_id = ?", Clock.now, tenantID)
            try AuditLog.append(
                .tenantMoved, tenantID: AuditLog.fileChain, actor: actor,
                [
                    "tenant_id": .string(tenantID), "url": .string(record.url), "rows": .number(log?.rows ?? 0),
                    "head": .optional(log?.head),
                ], on: connection)
        }
    }
}
