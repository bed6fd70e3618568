import TwinSupport

extension Workspace {
    /// What makes personas and their pictures. Throws `TwinError` (`notConfigured`) for settings that do not go together.
    package func personas() throws -> Personas {
        var fetching = FetchConfiguration()
        if configuration.flag("ingest.allow_private") { fetching.addresses = .any }
        return Personas(
            database: database, objects: try configuration.objectStores(besides: database.path),
            links: StorageLinks(database: database, base: publicURL), decency: Decency(moderation: configuration.moderation),
            models: configuration.imageModels, trainer: configuration.trainer, prices: configuration.priceList,
            parallel: try configuration.integer("images.parallel"), fetcher: WebFetcher(fetching),
            writer: configuration.languageModel, publicURL: publicURL,
            maximumWeightsBytes: try configuration.integer("loras.max_file_mib") << 20)
    }

    /// Does a job now, or waits for whoever does it, and answers how it ended. Once `isCancelled` answers true it goes on without
    /// whoever waits, or is given back to the next worker if `givesBack`.
    package func run(_ job: Job, givesBack: Bool = false, isCancelled: () -> Bool) throws -> Job {
        try JobRunner(self, threads: 0).run(job.id, givesBack: givesBack, isCancelled: isCancelled)
    }
}
