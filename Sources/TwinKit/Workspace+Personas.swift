import TwinSupport

extension Workspace {
    /// What makes personas and their pictures. Throws `TwinError` (`notConfigured`) for settings that do not go together.
    package func personas() throws -> Personas {
        var fetching = FetchConfiguration()
        if configuration.flag("ingest.allow_private") { fetching.addresses = .any }
        return Personas(
            database: database, objects: try configuration.objectStores(of: database),
            links: StorageLinks(database: database, base: publicURL), decency: Decency(moderation: configuration.moderation),
            models: configuration.imageModels, trainer: configuration.trainer, prices: try configuration.priceList,
            parallel: try configuration.integer("images.parallel"), fetcher: WebFetcher(fetching),
            writer: configuration.languageModel, publicURL: publicURL,
            maximumWeightsBytes: try configuration.integer("loras.max_file_mib") << 20)
    }

    /// What rows name of what is stored, as SQL.
    static let namedFiles = keptFiles + " UNION ALL " + DocumentUploads.namedFiles
    /// Of these the files that have come to stay.
    private static let keptFiles = PersonaSchema.namedFiles + " UNION ALL " + ClientFiles.namedFiles

    /// Removes up to `limit` stored files that no row names any more, and what was left half-way. Answers how many there were.
    /// Throws `TwinError` where some cannot be removed now; those wait for the next time.
    @discardableResult
    package func sweepStorage(
        atMost limit: Int = .max, failuresAtMost: Int = 8, adoptingStrays: Bool = false, isCancelled: () -> Bool = { false },
        now: Timestamp = Clock.now
    ) throws -> Int {
        let objects = try configuration.objectStores(of: database)
        objects.sweepStaging(now: now)
        try documentUploads().sweep(now: now)
        if adoptingStrays { try adoptStrays(objects) }
        let bucket = try configuration.bucket()
        return try StoredFiles(database: database).sweep(
            named: Self.namedFiles, atMost: limit, failuresAtMost: failuresAtMost, now: now, isCancelled: isCancelled
        ) { name, place in
            guard place == nil || place == bucket?.address else {
                throw TwinError(
                    .notConfigured,
                    "files that nothing names lie in \(place ?? "a bucket"), which storage.s3.* does not name any more")
            }
            if let stored = StoredName(name) { return try objects.remove(stored) }
            guard let bucket else {
                throw TwinError(
                    .notConfigured, "documents lie in a bucket that is not configured any more; set storage.s3.* to remove them")
            }
            try bucket.remove(path: name)
        }
    }

    /// Notes what lies in the folder and no row names. Only in the database's own: what lies in a folder that several databases
    /// could share may be another's.
    private func adoptStrays(_ objects: ObjectStores) throws {
        guard configuration.text("storage.folder") == nil else { return }
        try objects.adoptStrays()
    }

    /// Removes pictures that are older than they are kept, and files that nothing names.
    package func keepStorage(now: Timestamp = Clock.now) throws {
        if let days = configuration.pictureDays {
            _ = try Personas.purge(before: now.adding(seconds: -Double(days) * 86_400), in: database)
        }
        try clientFiles().purge(now: now)
        try sweepStorage(now: now)
    }

    /// Removes pictures and datasets that were made before `instant`, with their files; a dry run counts them.
    package func purgePictures(before instant: Timestamp, isDryRun: Bool, isCancelled: () -> Bool = { false }) throws -> Int {
        let count = try Personas.purge(before: instant, isDryRun: isDryRun, in: database, isCancelled: isCancelled)
        if !isDryRun { _ = try? sweepStorage(isCancelled: isCancelled) }
        return count
    }

    /// What lies beside the database and in none of its backups.
    package struct FilesBeside: Sendable {
        package var folder: String
        package var count = 0
        /// How many of them were looked for.
        package var lookedAt = 0
        /// Names of those that are in no store.
        package var missing: [String] = []
        /// How many no row names, though they are there for a day.
        package var unnamed = 0
    }

    /// A bucket is asked for each by itself.
    package static let mostLookedAt = 5_000

    /// Looks for the stored files that rows name, so many at the most; without `looking` it only counts them. Throws `TwinError`.
    package func filesBeside(looking: Bool = true, atMost limit: Int = mostLookedAt) throws -> FilesBeside {
        var found = FilesBeside(folder: configuration.storageFolder(besides: database.path))
        let names = try database.read { connection in
            try connection.rows("SELECT DISTINCT * FROM (\(Self.keptFiles)) WHERE 1") { $0.optionalText(0) }
        }.compactMap { $0.flatMap { StoredName($0) } }
        found.count = names.count
        guard looking else { return found }
        let objects = try configuration.objectStores(of: database)
        found.lookedAt = min(names.count, limit)
        found.missing = try names.prefix(found.lookedAt).filter { try !objects.contains($0) }.map(\.description)
        found.unnamed = try StoredFiles(database: database).unnamed(named: Self.namedFiles)
        return found
    }

    /// Whether what rows name is there.
    func storageChecks(isQuick: Bool) -> [Doctor.Check] {
        let name = "stored files"
        do {
            let found = try filesBeside(atMost: isQuick ? 200 : Self.mostLookedAt)
            if let first = found.missing.first {
                return [
                    Doctor.Check(
                        name: name, result: .finding,
                        message: "\(found.missing.count) of \(found.count) stored files are missing, such as \(first)",
                        remedy: "copy \(found.folder) back from where its copies are")
                ]
            }
            guard found.count > 0 || found.unnamed > 0 else { return [] }
            if found.unnamed > 0 {
                return [
                    Doctor.Check(
                        name: name, result: .remark, message: "\(found.unnamed) files are left over that nothing names",
                        remedy: "twin rebuild --leftovers")
                ]
            }
            let few = found.lookedAt < found.count ? " of \(found.count), as many as were looked for," : ""
            return [Doctor.Check(name: name, result: .fine, message: "\(found.lookedAt)\(few) stored files are there")]
        } catch {
            let message = (error as? TwinError)?.message ?? "\(error)"
            return [
                Doctor.Check(
                    name: name, result: .finding, message: "the storage cannot be looked at: \(message)",
                    remedy: "twin config list")
            ]
        }
    }

    /// Erases a user with everything of theirs, also what is stored of their personas. `principal` has been found to be allowed to.
    /// Throws `TwinError` (`conflict`).
    package func erase(_ user: User, by principal: Principal) throws {
        try erasure.erase(user, by: principal)
        // What a bucket cannot remove now it removes within the hour.
        _ = try? sweepStorage(atMost: Self.promptRemovals, failuresAtMost: 1)
    }

    /// Removes a persona with its pictures, datasets and trainings; what it cost stays booked.
    package func remove(_ avatar: Avatar, by actor: String?) throws {
        try personas().remove(avatar, by: actor)
        _ = try? sweepStorage(atMost: Self.promptRemovals, failuresAtMost: 1)
    }

    /// Files that somebody waits for to be removed.
    static let promptRemovals = 1_000

    /// Does a job now, or waits for whoever does it, and answers how it ended. Once `isCancelled` answers true it goes on without
    /// whoever waits, or is given back to the next worker if `givesBack`.
    package func run(_ job: Job, givesBack: Bool = false, isCancelled: () -> Bool) throws -> Job {
        try JobRunner(self, threads: 0).run(job.id, givesBack: givesBack, isCancelled: isCancelled)
    }
}
