import TwinSupport

/// A row of the audit log as the studio contract shows it.
package struct StudioAuditEntry: JSONRepresentable {
    let entry: AuditLog.Entry

    package init(_ entry: AuditLog.Entry) { self.entry = entry }

    package var json: JSON {
        [
            "id": .string(entry.id), "twin_id": .optional(entry.twinID), "tenant_id": .string(entry.tenantID),
            "actor_id": .optional(entry.actorID),
            "event_type": .string(entry.event), "action": .string(entry.action), "metadata": .object(entry.metadata),
            "created_at": .string(entry.createdAt.description),
        ]
    }
}
