import TwinReaders
import TwinSupport

/// What to ingest into a twin, and how.
package struct IngestRequest: Sendable {
    /// One thing to ingest.
    package enum Input: Sendable, Equatable {
        /// A file, or a folder with everything below it.
        case path(String)
        case url(String)
        /// Bytes that came through a pipe or an upload. The name decides the format unless one is given.
        case bytes([UInt8], name: String)
        /// The file at `path`, known by the name that it was uploaded under. The file itself may be gone afterwards.
        case upload(path: String, name: String)
        /// What could not be had at all; it counts as one that failed.
        case missing(name: String, TwinError)

        var isPath: Bool { if case .path = self { true } else { false } }
    }

    package var inputs: [Input]
    /// Patterns of paths: with any, only what fits one of them is read, and never what fits one of `exclude`.
    package var include: [String] = []
    package var exclude: [String] = []
    /// Whether folders within folders are read.
    package var isRecursive = true
    /// Whether symbolic links are followed; without it they are passed over.
    package var followsLinks = false
    /// Whether `.gitignore` and `.twinignore` are honoured and folders of dependencies left out.
    package var honoursIgnoreFiles = true
    /// Taken instead of what names and bytes suggest.
    package var format: DocumentFormat?
    /// The character set of text files, instead of what they say or look like.
    package var encoding: String?
    /// Taken instead of the document's own title.
    package var title: String?
    /// Added to the metadata of every source.
    package var metadata = JSONObject()
    /// Removes sources whose file is gone below the given paths.
    package var prune = false
    /// Removes them also where a path is gone or holds no file at all, as when a disk is not mounted.
    package var forcesPrune = false
    /// Reads and plans, and changes nothing.
    package var isDryRun = false
    /// Ends with the first failure. What was done stays.
    package var failFast = false
    /// Tries again what failed before, though neither the bytes nor the reader have changed.
    package var retryFailed = false
    /// Reads again even what has not changed.
    package var force = false
    /// What the caller may see. A source that is hidden from them is not there for them: neither is it told of, nor read, nor
    /// replaced, and what they bring under its locator is a source of its own.
    package var clearance = Clearance.everything
    /// The id of the one source that is written where its locator is met, whatever else has that locator.
    var target: String?
    /// Writes only to sources that are there: one that was deleted meanwhile does not come back.
    var updatesOnly = false
    /// Files that are read at once, at the most 16; 0 takes one a processor.
    package var jobs = 0
    /// Grants new sources to the twin's default group; without it nobody may read them until a group is granted them.
    package var grantsToDefaultGroup = true
    /// The largest file that is read, in bytes.
    package var maximumFileBytes = IngestRequest.defaultMaximumFileBytes

    /// Larger files are rare, are seldom prose, and several of them at once would not fit the memory that an ingestion may use.
    package static let defaultMaximumFileBytes = 32 << 20
    /// Seconds that one document may take to be read; the ingestion's own.
    package var readSeconds = ReaderLimits().maximumSeconds

    /// Where a run goes on that a crash has cut short: when it began.
    var resumesRun: Timestamp?
    /// What that run has told of until then, how often each; it is not looked at again.
    var reported: [String: Int] = [:]

    /// Whom the audit log names.
    package var actor: String?

    package init(inputs: [Input], actor: String?) {
        self.inputs = inputs
        self.actor = actor
    }

    var namesPaths: Bool { inputs.contains(where: \.isPath) }

    /// Whether it is about files and folders and nothing else.
    package var namesOnlyPaths: Bool { inputs.allSatisfy(\.isPath) }

    /// What the reader of one of its documents may take.
    var limits: ReaderLimits {
        var limits = ReaderLimits()
        limits.maximumInputBytes = maximumFileBytes
        limits.maximumTextBytes = min(limits.maximumTextBytes, maximumFileBytes)
        limits.maximumUnpackedBytes = min(limits.maximumUnpackedBytes, maximumFileBytes * 4)
        limits.maximumSeconds = readSeconds
        // A converter that takes too long is ended by its reader, not left behind by it.
        limits.converterSeconds = min(limits.converterSeconds, max(1, readSeconds - 1))
        // A reader holds the bytes, what they unpack to and the text, each while it grows twice.
        limits.maximumMemoryBytes = max(limits.maximumMemoryBytes, maximumFileBytes * 16)
        return limits
    }
}

/// What became, or with a dry run would become, of one file, URL or stream.
package struct IngestItem: Sendable, Equatable {
    /// What became of it; the words are those of the command line's JSON.
    package enum Outcome: String, Sendable, CaseIterable {
        case added, updated
        /// The file has another path than before; the source is the same.
        case moved
        case unchanged, removed
        /// Not a document that twin reads.
        case skipped
        case failed
    }

    package var locator: String
    package var outcome: Outcome
    /// Where the file of a source that moved was before.
    package var movedFrom: String?
    package var sourceID: String?
    package var format: String?
    package var title: String?
    /// Size of the original in bytes.
    package var bytes: Int?
    /// Nil for what was not read.
    package var chunkCount: Int?
    /// Why it was skipped or failed.
    package var reason: String?
    /// What kind of failure it was; nil for what did not fail.
    package var failure: TwinError.Kind?
    /// Whether it failed like this the last time, has not changed since and was not tried again.
    package var isRemembered = false

    init(_ locator: String, _ outcome: Outcome) {
        self.locator = locator
        self.outcome = outcome
    }

    static func failed(_ locator: String, _ error: TwinError) -> IngestItem {
        var item = IngestItem(locator, .failed)
        item.reason = error.message
        item.failure = error.kind
        return item
    }
}

extension IngestItem: JSONRepresentable {
    package var json: JSON {
        [
            "type": "file", "path": .string(locator), "status": .string(outcome.rawValue),
            "source_id": .optional(sourceID), "format": .optional(format), "title": .optional(title),
            "bytes": .optional(bytes), "chunks": .optional(chunkCount), "reason": .optional(reason),
            "moved_from": .optional(movedFrom),
        ]
    }
}

/// The counts of a whole run.
package struct IngestSummary: Sendable, Equatable {
    /// Outcomes that did not occur are missing.
    package var counts: [IngestItem.Outcome: Int] = [:]
    /// Bytes of the originals that were read and stored.
    package var bytes = 0
    package var chunkCount = 0
    /// From beginning to end, as a clock on the wall would count.
    package var seconds = 0.0
    package var isDryRun = false
    /// Whether the run ended before all was looked at.
    package var isInterrupted = false
    /// Why the first of those that failed did.
    package var firstReason: String?
    /// Why files were skipped: how many for each reason, and one of them.
    package var skipped: [String: (count: Int, example: String)] = [:]

    /// Reasons that are told apart.
    private static let maximumReasons = 100

    package init() {}

    package static func == (left: IngestSummary, right: IngestSummary) -> Bool {
        left.counts == right.counts && left.bytes == right.bytes && left.chunkCount == right.chunkCount
            && left.seconds == right.seconds && left.isDryRun == right.isDryRun && left.isInterrupted == right.isInterrupted
            && left.firstReason == right.firstReason && left.skipped.mapValues(\.count) == right.skipped.mapValues(\.count)
    }

    /// The reasons for skipped files, the most frequent first.
    package var skippedReasons: [(reason: String, count: Int, example: String)] {
        skipped.map { ($0.key, $0.value.count, $0.value.example) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    /// How many had this outcome; 0 where none had.
    package func count(_ outcome: IngestItem.Outcome) -> Int { counts[outcome] ?? 0 }

    mutating func add(_ item: IngestItem) {
        counts[item.outcome, default: 0] += 1
        if item.outcome == .added || item.outcome == .updated || item.outcome == .moved {
            bytes += item.bytes ?? 0
            chunkCount += item.chunkCount ?? 0
        }
        if item.outcome == .skipped {
            let reason = item.reason ?? "no reason"
            let known = skipped[reason]
            if known != nil || skipped.count < Self.maximumReasons {
                skipped[reason] = ((known?.count ?? 0) + 1, known?.example ?? item.locator)
            }
        }
        if item.outcome == .failed, firstReason == nil { firstReason = item.reason ?? "no reason" }
    }
}

extension IngestSummary: JSONRepresentable {
    package var json: JSON {
        var object: JSONObject = ["type": "summary", "dry_run": .bool(isDryRun), "interrupted": .bool(isInterrupted)]
        for outcome in IngestItem.Outcome.allCases { object[outcome.rawValue] = .number(count(outcome)) }
        object["bytes"] = .number(bytes)
        object["chunks"] = .number(chunkCount)
        object["seconds"] = .double((seconds * 1000).rounded() / 1000)
        return .object(object)
    }
}
