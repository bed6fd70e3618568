import TwinDatabase
import TwinSupport

/// Taking personas away. What they cost stays booked, under nobody's name where their person is erased; their files go once nothing
/// names them any more, which is soon (`StoredFiles`).
extension Personas {
    /// Removes a persona with everything that was made of it.
    package func remove(_ avatar: Avatar, by actor: String?) throws {
        try database.overwriting { connection in
            try Self.remove([avatar.id], on: connection)
            try Self.audit(.personaRemoved, avatar, by: actor, on: connection)
        }
    }

    /// Removes everything of a user, in the transaction that erases them.
    static func forget(_ user: User, on connection: Connection) throws {
        let ids = try connection.rows("SELECT id FROM avatars WHERE user_id = ?", user.id) { $0.text(0) }
        try remove(ids, on: connection)
        let weights = try connection.rows(
            "DELETE FROM lora_models WHERE user_id = ? RETURNING weights, updated_at", user.id
        ) { StoredFiles.Naming($0.optionalText(0), try $0.requiredTimestamp(1)) }
        try StoredFiles.release(weights.compactMap { $0 }, on: connection)
    }

    private static func remove(_ ids: [String], on connection: Connection) throws {
        guard !ids.isEmpty else { return }
        let list = JSON.strings(ids)
        let jobs = """
            SELECT id FROM jobs WHERE json_extract(payload, '$.avatar_id') IN (SELECT value FROM json_each(?1))
            """
        let of = "(SELECT key FROM avatars WHERE id IN (SELECT value FROM json_each(?1)))"
        let names = try connection.rows(
            """
            SELECT base_image, updated_at FROM avatars WHERE key IN \(of)
            UNION ALL SELECT lora_weights, updated_at FROM avatars WHERE key IN \(of)
            UNION ALL SELECT picture, created_at FROM content_pieces WHERE avatar_key IN \(of)
            UNION ALL SELECT picture, created_at FROM dataset_images WHERE avatar_key IN \(of)
            UNION ALL SELECT weights, updated_at FROM training_news WHERE job_id IN (\(jobs))
            UNION ALL SELECT json_extract(metadata, '$.zip'), updated_at FROM jobs WHERE id IN (\(jobs))
            """, list
        ) { StoredFiles.Naming($0.optionalText(0), try $0.requiredTimestamp(1)) }
        try JobQueue.remove(try connection.rows(jobs, list) { $0.text(0) }, on: connection)
        try connection.run("DELETE FROM avatars WHERE id IN (SELECT value FROM json_each(?1))", list)
        try StoredFiles.release(names.compactMap { $0 }, on: connection)
    }

    /// Pictures of one transaction.
    private static let batch = 500

    /// Removes pictures and datasets that were made before `instant`; a dry run counts them. Faces and weights are of the persona
    /// and stay with it.
    package static func purge(
        before instant: Timestamp, isDryRun: Bool = false, in database: Database, isCancelled: () -> Bool = { false }
    ) throws -> Int {
        if isDryRun {
            return try database.read { connection in
                try connection.first(
                    """
                    SELECT (SELECT count(*) FROM content_pieces WHERE created_at < ?1)
                        + (SELECT count(*) FROM dataset_images WHERE created_at < ?1)
                    """, instant
                ) { $0.int(0) } ?? 0
            }
        }
        var removed = 0
        while !isCancelled() {
            let step = try database.overwriting { connection in
                let names = try connection.rows(
                    """
                    DELETE FROM content_pieces WHERE key IN (SELECT key FROM content_pieces WHERE created_at < ? LIMIT ?)
                    RETURNING picture, created_at
                    """, instant, batch
                ) { StoredFiles.Naming($0.optionalText(0), try $0.requiredTimestamp(1)) }
                let images = try connection.rows(
                    """
                    DELETE FROM dataset_images WHERE (batch_id, position) IN (
                        SELECT batch_id, position FROM dataset_images WHERE created_at < ? LIMIT ?)
                    RETURNING picture, created_at
                    """, instant, batch
                ) { StoredFiles.Naming($0.text(0), try $0.requiredTimestamp(1)) }
                try connection.run("DELETE FROM failed_pieces WHERE created_at < ?", instant)
                try StoredFiles.release((names + images).compactMap { $0 }, on: connection)
                return names.count + images.count
            }
            if step == 0 { break }
            removed += step
        }
        return removed
    }
}
