import TwinSupport

/// A source as the studio contract shows it.
package struct StudioSource: JSONRepresentable {
    let source: Source
    /// Whether it says which folder of this machine a file was read from.
    let showsPath: Bool
    /// Its whole text; lists leave it out.
    let text: String?

    package init(_ source: Source, showsPath: Bool = true, text: String? = nil) {
        self.source = source
        self.showsPath = showsPath
        self.text = text
    }

    package var json: JSON {
        [
            "id": .string(source.id), "twin_id": .string(source.twinID), "kind": .string(source.kind.rawValue),
            "locator": .string(showsPath ? source.locator : source.publicLocator),
            "filename": .string(source.name), "file_url": .optional(source.fileURL), "content_text": .optional(text),
            "content_hash": .optional(source.contentHash),
            "title": .optional(source.title), "format": .optional(source.format), "author": .optional(source.author),
            "language": .optional(source.language), "publish_date": .optional(source.publishedAt),
            "citation_url": .optional(source.citationURL), "keep_synced": false, "sync_config": .object(JSONObject()),
            "metadata": .object(source.metadata), "status": .string(source.status.rawValue),
            "health_status": .string(source.health.rawValue),
            "error": .optional(showsPath ? source.error : source.error.map(source.withoutPath)),
            "version": .number(source.version),
            "extracted_text_length": .number(source.textBytes), "chunk_count": .number(source.chunkCount),
            "file_size": .optional(source.fileSize), "created_at": .string(source.createdAt.description),
            "updated_at": .string(source.updatedAt.description),
        ]
    }
}

/// A line of a source's log as the studio contract shows it.
package struct StudioSourceLog: JSONRepresentable {
    let entry: SourceLog

    package init(_ entry: SourceLog) { self.entry = entry }

    package var json: JSON {
        [
            "id": .string(String(entry.key)), "twin_id": .string(entry.twinID), "source_id": .string(entry.sourceID),
            "log_level": .string(entry.level.rawValue),
            "message": .string(entry.message), "metadata": entry.metadata.isNull ? .object(JSONObject()) : entry.metadata,
            "created_at": .string(entry.createdAt.description),
        ]
    }
}

/// How a source is: the newest entries of its log, and the same as checks.
struct StudioSourceHealth: JSONRepresentable {
    let source: Source
    /// Newest first.
    let log: [SourceLog]

    /// How many entries of the log are shown.
    static let entries = 20

    var json: JSON {
        [
            "source_id": .string(source.id), "health_status": .string(source.health.rawValue),
            "logs": .array(log.map { StudioSourceLog($0).json }), "checks": .array(log.map(Self.check)),
        ]
    }

    private static func check(_ entry: SourceLog) -> JSON {
        [
            "id": .string(String(entry.key)), "check_type": "ingestion_log", "status": .string(entry.level.rawValue),
            "message": .string(entry.message),
            "metadata": entry.metadata.isNull ? .object(JSONObject()) : entry.metadata,
            "created_at": .string(entry.createdAt.description),
        ]
    }
}
