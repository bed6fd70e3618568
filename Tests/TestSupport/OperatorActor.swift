import TwinKit
import TwinSupport

// Every audited change names its actor, and whatever reads or finds names what it may see. Tests that are about something else
// act as the person at the command line, who sees everything, and say so once, here.

extension TwinStore {
    package func create(
        name: String, slug: String? = nil, description: String? = nil, specialization: String = "vanilla",
        settings: TwinSettings = TwinSettings(), tenantID: String? = nil
    ) throws -> Twin {
        try create(
            name: name, slug: slug, description: description, specialization: specialization, settings: settings,
            tenantID: tenantID, by: AuditLog.localActor)
    }

    package func update(_ twin: Twin, _ edit: (Twin) throws -> Change) throws -> Twin {
        try update(twin, by: AuditLog.localActor, edit)
    }

    package func archive(_ twin: Twin) throws -> Twin { try archive(twin, by: AuditLog.localActor) }
    package func unarchive(_ twin: Twin) throws -> Twin { try unarchive(twin, by: AuditLog.localActor) }
    package func delete(_ twin: Twin) throws { try delete(twin, by: AuditLog.localActor) }
}

extension GroupStore {
    package func create(
        _ name: String, of twin: Twin, description: String? = nil, isPublic: Bool = false, settings: JSONObject = JSONObject()
    ) throws -> AccessGroup {
        try create(
            name, of: twin, description: description, isPublic: isPublic, settings: settings, by: AuditLog.localActor)
    }

    package func update(
        _ group: AccessGroup, name: String? = nil, description: String? = nil, settings: JSONObject? = nil
    ) throws -> AccessGroup {
        try update(group, name: name, description: description, settings: settings, by: AuditLog.localActor)
    }

    package func delete(_ group: AccessGroup) throws { try delete(group, by: AuditLog.localActor) }

    package func setLimit(_ type: LimitType, _ value: Int?, of group: AccessGroup) throws {
        try setLimit(type, value, of: group, by: AuditLog.localActor)
    }

    package func setOverride(_ type: OverrideType, _ value: JSON?, of group: AccessGroup) throws {
        try setOverride(type, value, of: group, by: AuditLog.localActor)
    }

    package func add(_ userID: String, to group: AccessGroup) throws { try add(userID, to: group, by: AuditLog.localActor) }

    @discardableResult
    package func remove(_ userID: String, from group: AccessGroup) throws -> Bool {
        try remove(userID, from: group, by: AuditLog.localActor)
    }

    package func remove(membership id: String, of twin: Twin) throws {
        try remove(membership: id, of: twin, by: AuditLog.localActor)
    }
}

extension ContentPermissions {
    @discardableResult
    package func grant(_ type: ContentType, _ ids: [String], to group: AccessGroup) throws -> Int {
        try grant(type, ids, to: group, by: AuditLog.localActor)
    }

    @discardableResult
    package func revoke(_ type: ContentType, _ ids: [String], from group: AccessGroup) throws -> Int {
        try revoke(type, ids, from: group, by: AuditLog.localActor)
    }

    @discardableResult
    package func grantAll(to group: AccessGroup) throws -> Int { try grantAll(to: group, by: AuditLog.localActor) }

    @discardableResult
    package func revokeAll(from group: AccessGroup) throws -> Int { try revokeAll(from: group, by: AuditLog.localActor) }
}

extension ShareLinks {
    package func rotate(_ twin: Twin) throws -> ShareLink { try rotate(twin, by: AuditLog.localActor) }

    package func setEnabled(_ twin: Twin, _ isEnabled: Bool) throws -> ShareLink {
        try setEnabled(twin, isEnabled, by: AuditLog.localActor)
    }

    package func setExpiry(_ twin: Twin, _ time: Timestamp?) throws -> ShareLink {
        try setExpiry(twin, time, by: AuditLog.localActor)
    }
}

extension KeyStore {
    package func create(
        _ name: String, tenantID: String? = nil, twins: [Twin] = [], group: AccessGroup? = nil, domains: [String] = [],
        scopes: [Scope] = standardScopes, expiresInDays days: Int? = nil
    ) throws -> (key: Key, text: Secret) {
        try create(
            name, tenantID: tenantID, twins: twins, group: group, domains: domains, scopes: scopes, expiresInDays: days,
            by: AuditLog.localActor)
    }

    package func revoke(_ id: String, tenantID: String? = nil) throws -> Key {
        try revoke(id, tenantID: tenantID, by: AuditLog.localActor)
    }
}

extension VerifiedAnswers {
    package func add(_ entry: Entry, to twin: Twin, by author: String? = nil) throws -> VerifiedAnswer {
        try add(entry, to: twin, clearance: .everything, by: author)
    }

    package func list(
        of twin: Twin, visibility: VerifiedAnswer.Visibility? = nil, includeRemoved: Bool = false, limit: Int = -1
    ) throws -> [VerifiedAnswer] {
        try list(of: twin, visibility: visibility, includeRemoved: includeRemoved, clearance: .everything, limit: limit)
    }

    package func matches(_ question: String, of twin: Twin) throws -> [SuggestedQuestion] {
        try matches(question, of: twin, clearance: .everything)
    }

    package func edit(_ id: String, answer: String, reason: String) throws -> VerifiedAnswer {
        try edit(id, answer: answer, reason: reason, by: nil)
    }

    package func remove(_ id: String) throws { try remove(id, by: nil) }

    package func `import`(_ entries: [Entry], into twin: Twin, isDryRun: Bool = false) throws -> ImportReport {
        try self.import(entries, into: twin, by: nil, isDryRun: isDryRun)
    }
}

extension Escalations {
    package func answer(_ id: String, of twin: Twin, _ answer: String, publish: Bool = false) throws -> Escalation {
        try self.answer(id, of: twin, answer, publish: publish, by: nil)
    }

    package func dismiss(_ id: String, of twin: Twin) throws -> Escalation { try dismiss(id, of: twin, by: nil) }
}

extension Clarifications {
    package func resolve(
        _ id: String, of twin: Twin, answer: String, option label: String? = nil
    ) throws -> (clarification: Clarification, memory: OwnerMemory) {
        try resolve(id, of: twin, answer: answer, option: label, by: nil)
    }
}

extension OwnerMemories {
    package func retract(_ id: String, of twin: Twin, reason: String? = nil) throws {
        try retract(id, of: twin, reason: reason, by: AuditLog.localActor)
    }
}

extension JobQueue {
    package func retry(_ id: String, now: Timestamp = Clock.now) throws -> Job {
        try retry(id, by: AuditLog.localActor, now: now)
    }

    package func cancel(_ id: String, now: Timestamp = Clock.now) throws -> Job {
        try cancel(id, by: AuditLog.localActor, now: now)
    }
}

extension IngestRequest {
    package init(inputs: [Input]) { self.init(inputs: inputs, actor: AuditLog.localActor) }
}

extension Ingestion {
    package func upload(
        _ path: String, filename: String, into twin: Twin, title: String? = nil, metadata: JSONObject = JSONObject(),
        force: Bool = false, maximumFileBytes: Int = IngestRequest.defaultMaximumFileBytes,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        try upload(
            path, filename: filename, into: twin, title: title, metadata: metadata, force: force, actor: AuditLog.localActor,
            maximumFileBytes: maximumFileBytes, isCancelled: isCancelled)
    }
}

extension SourceCatalog {
    package func remove(_ sources: [Source]) throws { try remove(sources, by: AuditLog.localActor) }
}

extension TwinApply {
    package func run(
        _ manifest: TwinManifest, in directory: TwinDirectory, _ options: Options,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> ApplyReport {
        try run(manifest, in: directory, options, by: AuditLog.localActor, isCancelled: isCancelled)
    }
}

extension Workspace {
    package func upload(
        _ path: String, filename: String, into twin: Twin, title: String? = nil, metadata: JSONObject = JSONObject(),
        actor: String? = AuditLog.localActor, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        try upload(
            path, filename: filename, into: twin, title: title, metadata: metadata, clearance: .everything, actor: actor,
            isCancelled: isCancelled)
    }

    package func fetch(_ url: String, into twin: Twin) throws -> IngestItem {
        try fetch(url, into: twin, clearance: .everything, actor: AuditLog.localActor)
    }

    package func reextract(_ source: Source, allowPrivate: Bool = false) throws -> IngestItem {
        try reextract(source, clearance: .everything, allowPrivate: allowPrivate, by: AuditLog.localActor)
    }

    package func queueIngestion(
        of url: String, as kind: Source.Kind? = nil, into twin: Twin, allowPrivate: Bool = false, createdBy: String? = nil
    ) throws -> (job: Job, source: Source) {
        try queueIngestion(
            of: url, as: kind, into: twin, clearance: .everything, allowPrivate: allowPrivate, createdBy: createdBy)
    }

    package func queueReextraction(of source: Source, allowPrivate: Bool = false, createdBy: String? = nil) throws -> Job {
        try queueReextraction(of: source, clearance: .everything, allowPrivate: allowPrivate, createdBy: createdBy)
    }
}

extension PassageSearch {
    package func passages(for words: String, twin: Twin, limit: Int = 10) throws -> [StoredPassage] {
        try passages(for: words, twin: twin, clearance: .everything, limit: limit)
    }

    package func find(_ words: String, twin: Twin, limit: Int = 10) throws -> Found {
        try find(words, twin: twin, clearance: .everything, limit: limit)
    }
}

extension KnowledgeProfiler {
    package func profile(of twin: Twin) throws -> KnowledgeProfile { try profile(of: twin, clearance: .everything) }
}
