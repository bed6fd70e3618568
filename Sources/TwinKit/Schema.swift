import TwinDatabase
import TwinSearch

/// The schema, as the migrations that lead to it. Each is final once released: a change is a new migration at the end. The
/// tables stand with the rooms that own them (ARCHITECTURE.md); here is only their order.
///
/// What belongs to somebody carries `tenant_id`. Rows that are joined in bulk (twins, groups, sources, chunks) have an
/// integer `key` beside the public UUIDv7 `id`. Times are RFC 3339 text in UTC.
package enum Schema {
    package static let migrator = Migrator(migrations, snapshot: snapshot)

    static let migrations = [
        Migration(
            "twins, groups, sources, conversations",
            sql: joined(
                RecordSchema.twins, AccessSchema.groups, SourceSchema.sql, RecordSchema.sourcePermissions,
                RecordSchema.conversations)),
        Migration("search index", sql: joined(IndexSchema.sql, IndexSchema.deletedTwins)),
        Migration(
            "owner's answers and memory, access",
            sql: joined(OwnerSchema.sql, RecordSchema.answerPermissions, AccessSchema.membersAndKeys)),
        Migration("vectors", sql: VectorSchema.sql),
        Migration(
            "users, visitors, share links, rate limits", sql: joined(IdentitySchema.sql, RecordSchema.visitors)),
        Migration("jobs", sql: JobSchema.sql),
        Migration("audit log, usage", sql: joined(RecordSchema.log, OperateSchema.sql)),
        Migration("vectors of verified answers", sql: OwnerSchema.vectors),
        Migration("matching of verified answers", sql: OwnerSchema.matching),
        Migration("conversations of API keys", sql: RecordSchema.keys),
        Migration("sealed secrets", sql: AccessSchema.sealedSecrets),
        Migration("what a twin knows, with its evidence", sql: GraphSchema.sql),
        Migration("documents on their way in", sql: DocumentUploads.sql),
        AccessMigrations.identity, AccessMigrations.memberships, RecordSchema.slugs, SourceSchema.variants,
        Migration("verified answers in transcripts", sql: RecordSchema.answers),
        Migration("sources by their bytes", sql: SourceSchema.byBytes),
        Migration("archived twins take no change", sql: ArchivedTwins.triggers),
        Migration("where clarifications came from", sql: OwnerSchema.origins),
        Migration("places inside of chunks", sql: SourceSchema.turns),
        AuditLogSchema.chain,
        Migration("quotas", sql: QuotaSchema.sql),
        Migration("journal", sql: JournalSchema.sql),
        Migration("links into the console", sql: LoginLinks.schema),
        Migration("what readers think of answers", sql: Feedback.schema),
        Migration(
            "signing keys, paced limits, who says a message",
            sql: joined(SigningKeys.schema, PacedLimit.schema, OpenIDSignIn.schema, RecordSchema.senders)),
        Migration("support desk", sql: DeskSchema.sql),
        Migration(
            "what was said to escalations, what the owner decided of facts",
            sql: joined(OwnerSchema.attempts, GraphSchema.decisions)),
        Migration("personas, their pictures and costs", sql: PersonaSchema.sql),
        Migration(
            "letters", sql: joined(Invitations.mailedTokens, PasswordResets.schema, MailRounds.schema)),
        Migration(
            "files that are stored, documents that wait in a bucket",
            sql: joined(StoredFiles.sql, PersonaSchema.notes, DocumentUploads.buckets)),
        Migration(
            "what owners say of sources, which bucket files lie in, files that clients keep, when letters were queued last",
            sql: joined(SourceSchema.properties, StoredFiles.places, ClientFiles.schema, MailRounds.times)),
        Migration("what replicas have to know", sql: ChangeSequence.sql),
        Migration("tenants that move to other files", sql: joined(AuditLogSchema.carried, TenantSchema.sql)),
    ]

    private static func joined(_ parts: String...) -> String { parts.joined(separator: "\n") }
}
