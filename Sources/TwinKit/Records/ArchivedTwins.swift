/// An archived twin takes no change: the database itself refuses it, so that every door does, now and in the future.
///
/// What is kept up for others goes on: reading, jobs that end, members and keys that are removed with their user, and the
/// deletion of the twin, whose row is gone before those that refer to it.
enum ArchivedTwins {
    /// What a refused statement fails with; it becomes `TwinError.Kind.gone`.
    static let refusal = "the twin is archived and takes no change; 'twin twins unarchive' brings it back"

    private enum Event: String, CaseIterable { case insert, update, delete }

    /// The tables that hold what a twin knows and who may know it, each with the changes that are refused and how a row of it
    /// leads to its twin's key; `@` stands for the row.
    private static let tables: [(name: String, events: [Event], twin: String)] = [
        ("sources", [.insert, .delete], "@.twin_key"),
        ("verified_answers", Event.allCases, "@.twin_key"),
        ("owner_memories", Event.allCases, "@.twin_key"),
        ("access_groups", Event.allCases, "@.twin_key"),
        ("clarifications", [.insert, .update], "@.twin_key"),
        ("escalations", [.insert, .update], "@.twin_key"),
        ("share_links", [.insert, .update], "@.twin_key"),
        ("group_memberships", [.insert], "@.twin_key"),
        ("source_permissions", [.insert, .delete], "(SELECT twin_key FROM access_groups WHERE key = @.group_key)"),
        ("verified_answer_permissions", [.insert, .delete], "(SELECT twin_key FROM access_groups WHERE key = @.group_key)"),
        ("group_limits", Event.allCases, "(SELECT twin_key FROM access_groups WHERE key = @.group_key)"),
        ("group_overrides", Event.allCases, "(SELECT twin_key FROM access_groups WHERE key = @.group_key)"),
    ]

    static var triggers: String {
        let quoted = refusal.replacing("'", with: "''")
        let ofTwin = """
            CREATE TRIGGER archived_twins_update BEFORE UPDATE OF name, slug, description, specialization, settings ON twins
            WHEN OLD.archived_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '\(quoted)'); END;

            """
        return ofTwin
            + tables.flatMap { table in
                table.events.map { event in
                    let twin = table.twin.replacing("@", with: event == .delete ? "OLD" : "NEW")
                    return """
                        CREATE TRIGGER archived_\(table.name)_\(event.rawValue) BEFORE \(event.rawValue.uppercased()) ON \(table.name)
                        WHEN EXISTS (SELECT 1 FROM twins WHERE key = \(twin) AND archived_at IS NOT NULL)
                        BEGIN SELECT RAISE(ABORT, '\(quoted)'); END;

                        """
                }
            }.joined()
    }
}
