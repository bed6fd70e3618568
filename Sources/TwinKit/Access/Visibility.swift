import TwinDatabase
import TwinSearch

/// What a caller may read of a twin. Every search asks here, and nobody else decides.
enum Visibility {
    /// The sources that `clearance` may read. The index holds live text only, so this adds who may see it.
    static func sources(of twin: Twin, for clearance: Clearance, on connection: Connection) throws -> VisibleSources {
        switch clearance {
        case .everything: return .all
        case .group(let group):
            // Deny by default: a group of another twin, or without a grant, sees nothing.
            guard group.twinKey == twin.key else { return .only(SourceSet([])) }
            return .only(
                SourceSet(
                    try connection.rows(
                        "SELECT source_key FROM source_permissions WHERE group_key = ? ORDER BY source_key", group.key
                    ) { $0.int64(0) }))
        }
    }
}
