import TwinDatabase
import TwinSupport

/// Brings a twin to what the files of a folder say. Doing it again changes nothing.
///
/// The twin, its groups, verified answers and memory, and the removal of what is no longer listed, are one transaction: an
/// error in the files changes nothing. Then the listed sources are read, each whole or not at all, and what cites them or
/// grants them follows in a transaction of its own. A source that cannot be read is told in the report; the rest is kept.
package struct TwinApply: Sendable {
    let database: Database
    let index: any SourceIndex
    let ingestion: Ingestion
    let maximumFileBytes: Int

    /// How a folder is applied.
    package struct Options: Sendable {
        /// The slug or id to use in the place of that in twin.json.
        package var name: String?
        /// Removes what the files that are there do not list; never the default group.
        package var prune = false
        /// Answers what would be done, and does nothing.
        package var isDryRun = false
        package init() {}
    }

    /// `manifest` is what `directory` holds (`TwinDirectory.read`). Throws `TwinError` that names the file and the line.
    package func run(
        _ manifest: TwinManifest, in directory: TwinDirectory, _ options: Options, by actor: String?,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> ApplyReport {
        guard let name = options.name ?? manifest.slug else {
            throw ManifestPlace(file: TwinDirectory.File.twin.rawValue).error("\"slug\" is missing; or name the twin with --twin")
        }
        var convergence = TwinConvergence(
            manifest: manifest, directory: directory, name: name, prune: options.prune, index: index, actor: actor)
        convergence.maximumFileBytes = maximumFileBytes
        convergence.expectsSources = options.isDryRun
        let reading = SourceConvergence(directory: directory, ingestion: ingestion, maximumFileBytes: maximumFileBytes)

        let (report, twin, plan) = try firstPass(convergence, reading, options)
        guard !options.isDryRun, !plan.work.isEmpty else { return report }
        var result = report
        // Where the files say what the default group may read, a source must not be in it even for a moment.
        let isListed = manifest.groups?.contains { group in
            if case .only = group.sources { group.isDefault == true || group.name == defaultGroupName(of: twin) } else { false }
        }
        var failures = try reading.run(
            plan, into: twin, grantsToDefaultGroup: isListed != true, by: actor, isCancelled: isCancelled)
        // Most documents bring the title that the list has for them; the few others are read once more for it.
        var titled = try reading.plan(manifest.sources ?? [], database.read { try StoredSources(twin, on: $0) })
        titled.work.removeAll { work in !work.force || failures.contains { $0.name == work.entry.locator } }
        failures += try reading.run(
            titled, into: twin, grantsToDefaultGroup: isListed != true, by: actor, isCancelled: isCancelled)
        result.failures += failures
        result.hasNewText = true
        let failed = Set(failures.map(\.name))
        result.changes.removeAll { $0.kind == .source && $0.action != .delete && failed.contains($0.name) }
        let later = try database.write { connection in
            var second = convergence
            _ = try second.run(on: connection)
            return second.changes
        }
        result.add(later)
        if isCancelled() { throw TwinError(.interrupted, "interrupted; what was finished is kept") }
        return result
    }

    private func defaultGroupName(of twin: Twin) -> String? {
        try? database.read { connection in
            try connection.first("SELECT name FROM access_groups WHERE twin_key = ? AND is_default", twin.key) { $0.text(0) }
        }
    }

    /// Undoes the transaction of a dry run, or of a look that found nothing to do.
    private struct Undo: Error {}

    private func firstPass(
        _ convergence: TwinConvergence, _ reading: SourceConvergence, _ options: Options
    ) throws -> (ApplyReport, Twin, SourceConvergence.Plan) {
        var outcome: (ApplyReport, Twin, SourceConvergence.Plan)?
        do {
            try database.write { connection in
                var pass = convergence
                let twin = try pass.run(on: connection)
                let plan = try reading.plan(pass.manifest.sources ?? [], StoredSources(twin, on: connection))
                var report = ApplyReport()
                report.slug = twin.slug
                report.isDryRun = options.isDryRun
                report.unchanged = pass.unchanged + plan.unchanged
                report.failures = plan.failures
                report.changes = pass.changes + plan.changes
                let isMade = pass.changes.contains { $0.kind == .twin && $0.action == .create }
                report.twin = options.isDryRun && isMade ? nil : twin
                outcome = (report, twin, plan)
                if options.isDryRun { throw Undo() }
            }
        } catch is Undo {}
        guard let outcome else { throw TwinError(.failed, "the files could not be applied") }
        return outcome
    }
}
