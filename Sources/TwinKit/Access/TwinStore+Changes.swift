import TwinDatabase
import TwinSupport

/// Making, changing and removing twins, with the default group and the share link that go with them.
extension TwinStore {
    /// Longest name and description in bytes of UTF-8.
    static let maximumNameLength = 200
    static let maximumDescriptionLength = 4_000

    /// Makes a twin and its default access group. Without a tenant it belongs to the file's first, made when there is
    /// none. Throws `TwinError` for a name that is blank, too long or taken.
    package func create(
        name: String, slug: String? = nil, description: String? = nil, specialization: String = "vanilla",
        settings: TwinSettings = TwinSettings(), tenantID: String? = nil, by actor: String?
    ) throws -> Twin {
        try database.write { connection in
            try Self.create(
                name: name, slug: slug, description: description, specialization: specialization, settings: settings,
                tenantID: tenantID, by: actor, on: connection)
        }
    }

    static func create(
        name: String, slug: String? = nil, description: String? = nil, specialization: String = "vanilla",
        settings: TwinSettings = TwinSettings(), tenantID: String? = nil, by actor: String?,
        on connection: Connection
    ) throws -> Twin {
        let name = try Self.checkedName(name)
        let description = try Self.checkedDescription(description ?? "\(name)'s digital twin")
        let tenant = try tenantID ?? Self.firstTenant(on: connection)
        if try connection.first("SELECT 1 FROM twins WHERE tenant_id = ? AND name = ?", tenant, name, map: { _ in true }) != nil {
            throw TwinError(.conflict, "there is already a twin named '\(name)'; choose another name")
        }
        let settings = try TwinSettings.checked(settings.object)
        let slug =
            try slug.map { try Self.checkedSlug($0, tenantID: tenant, on: connection) }
            ?? Self.freeSlug(for: name, tenantID: tenant, on: connection)
        let now = Clock.now
        let id = Identifier.make()
        let key = try Self.insert(
            id: id, tenantID: tenant, slug: slug, name: name, description: description, specialization: specialization,
            settings: settings, at: now, on: connection)
        let twin = try Self.load(key, on: connection)
        try GroupStore.createDefault(of: twin, on: connection)
        try AuditLog.append(.twinCreated, of: twin, actor: actor, ["name": .string(name), "slug": .string(slug)], on: connection)
        return twin
    }

    /// What can be changed of a twin; a field left `nil` stays as it is.
    package struct Change: Sendable, Equatable {
        package var name: String?
        package var slug: String?
        package var description: String?
        package var specialization: String?
        /// Replaces the whole settings object.
        package var settings: TwinSettings?
        /// Whether the share link answers. Making it so takes a twin that can be asked.
        package var isPublic: Bool?
        package init(
            name: String? = nil, slug: String? = nil, description: String? = nil, specialization: String? = nil,
            settings: TwinSettings? = nil, isPublic: Bool? = nil
        ) {
            self.name = name
            self.slug = slug
            self.description = description
            self.specialization = specialization
            self.settings = settings
            self.isPublic = isPublic
        }
    }

    /// Why a twin cannot be published yet.
    package struct NotReady: Error, Sendable, Equatable {
        /// What is missing, each as a clause without a full stop; never empty.
        package var issues: [String]

        package var error: TwinError {
            TwinError(.invalid, "the twin is not ready to be published: \(issues.joined(separator: "; "))")
        }
    }

    /// What keeps a twin from being published: nothing when it has at least one live source.
    static func publishingIssues(_ twin: Twin, on connection: Connection) throws -> [String] {
        try Source.isAnyLive(of: twin.key, on: connection) ? [] : ["no source is live; add one and wait until it can be asked"]
    }

    /// Changes a twin. `edit` sees the twin as it is inside the transaction, so that two changes at once both count.
    package func update(
        _ twin: Twin, by actor: String?, _ edit: (Twin) throws -> Change
    ) throws -> Twin {
        try database.write { try Self.update(twin, by: actor, on: $0, edit) }
    }

    static func update(
        _ twin: Twin, by actor: String?, on connection: Connection, _ edit: (Twin) throws -> Change
    ) throws -> Twin {
        let current = try Self.load(twin.key, on: connection)
        let change = try edit(current)
        let name = try change.name.map(Self.checkedName) ?? current.name
        if name != current.name,
            try connection.first(
                "SELECT 1 FROM twins WHERE tenant_id = ? AND name = ? AND key <> ?", current.tenantID, name, current.key,
                map: { _ in true }) != nil
        {
            throw TwinError(.conflict, "there is already a twin named '\(name)'; choose another name")
        }
        if let isPublic = change.isPublic {
            if isPublic {
                let issues = try Self.publishingIssues(current, on: connection)
                if !issues.isEmpty { throw NotReady(issues: issues) }
            }
            try ShareLinks.setEnabled(isPublic, of: current.key, on: connection)
        }
        let slug =
            change.slug == nil || change.slug == current.slug
            ? current.slug : try Self.checkedSlug(change.slug ?? "", tenantID: current.tenantID, on: connection)
        var changed = current
        changed.name = name
        changed.slug = slug
        changed.description = try change.description.map(Self.checkedDescription) ?? current.description
        changed.specialization = change.specialization ?? current.specialization
        changed.settings =
            try change.settings.map { try TwinSettings.checked($0.object, earlier: current.settings) } ?? current.settings
        try Self.store(changed, on: connection)
        let updated = try Self.load(current.key, on: connection)
        let fields = Self.differences(current, updated)
        if !fields.isEmpty {
            try AuditLog.append(.twinUpdated, of: updated, actor: actor, ["fields": .strings(fields)], on: connection)
        }
        return updated
    }

    /// The names of the properties in which two states of a twin differ.
    private static func differences(_ old: Twin, _ new: Twin) -> [String] {
        [
            ("name", old.name != new.name), ("slug", old.slug != new.slug), ("description", old.description != new.description),
            ("specialization", old.specialization != new.specialization),
            ("settings", old.settings.object != new.settings.object),
        ].filter(\.1).map(\.0)
    }

    /// Archives a twin: it keeps everything and answers nobody. Archiving again changes nothing.
    package func archive(_ twin: Twin, by actor: String?) throws -> Twin {
        try database.write { connection in
            if try Self.setArchived(true, twin.key, on: connection) {
                try AuditLog.append(.twinArchived, of: twin, actor: actor, on: connection)
            }
            // A link that was shared is dead for good, not only while the twin is archived.
            try ShareLinks.remove(of: twin.key, on: connection)
            return try Self.load(twin.key, on: connection)
        }
    }

    /// Brings an archived twin back with all that it knows. A link that was shared before stays dead. A twin that is not
    /// archived stays as it is.
    package func unarchive(_ twin: Twin, by actor: String?) throws -> Twin {
        try database.write { connection in
            if try Self.setArchived(false, twin.key, on: connection) {
                try AuditLog.append(.twinUnarchived, of: twin, actor: actor, on: connection)
            }
            return try Self.load(twin.key, on: connection)
        }
    }

    /// Deletes a twin with everything that belongs to it.
    package func delete(_ twin: Twin, by actor: String?) throws {
        try database.write { connection in
            guard try Self.remove(twin.key, on: connection) else { return }
            // Of the tenant and no longer of the twin, which is gone.
            try AuditLog.append(
                .twinDeleted, tenantID: twin.tenantID, actor: actor, ["twin_id": .string(twin.id), "name": .string(twin.name)],
                on: connection)
            try SourceWriter.removeUnusedTexts(of: twin.tenantID, on: connection)
        }
    }

    // MARK: Rules

    static func checkedName(_ name: String) throws -> String {
        let trimmed = name.trimmed
        guard !trimmed.isEmpty else { throw TwinError(.invalid, "a twin's name must not be blank") }
        guard trimmed.utf8.count <= maximumNameLength else {
            throw TwinError(.invalid, "a twin's name has at most \(maximumNameLength) bytes")
        }
        guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw TwinError(.invalid, "a twin's name must not hold control characters")
        }
        return trimmed
    }

    static func checkedDescription(_ text: String) throws -> String {
        guard text.utf8.count <= maximumDescriptionLength else {
            throw TwinError(.invalid, "a twin's description has at most \(maximumDescriptionLength) bytes")
        }
        return text
    }

    /// Throws `TwinError` for what is no slug, and for one that another twin of the tenant has.
    static func checkedSlug(_ slug: String, tenantID: String, on connection: Connection) throws -> String {
        // What looks like an id could pass for another twin's.
        guard slug == Self.slug(for: slug), !slug.isEmpty, !Identifier.isValid(slug) else {
            throw TwinError(.invalid, "'\(slug)' is not a slug; use lower-case letters, digits and single hyphens, at most 60")
        }
        guard try !isTaken(slug, tenantID, on: connection) else {
            throw TwinError(.conflict, "the slug '\(slug)' is taken; choose another one")
        }
        return slug
    }

    /// A slug made of the name, with a number behind it when the plain one is taken.
    private static func isTaken(_ slug: String, _ tenantID: String, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM twins WHERE tenant_id = ? AND slug = ?", tenantID, slug, map: { _ in true }) ?? false
    }

    private static func freeSlug(for name: String, tenantID: String, on connection: Connection) throws -> String {
        let base = slug(for: name)
        let stem = base.isEmpty ? "twin" : Identifier.isValid(base) ? "twin-\(base)" : base
        var candidate = stem
        var number = 2
        while try isTaken(candidate, tenantID, on: connection) {
            candidate = "\(stem)-\(number)"
            number += 1
        }
        return candidate
    }

    /// ASCII letters and digits in lower case, everything between them one hyphen, at most 60 characters.
    static func slug(for name: String) -> String {
        var result = ""
        for scalar in name.latinLettersWithoutMarks.unicodeScalars {
            let character = Character(scalar)
            if character.isASCII, character.isLetter || character.isNumber {
                result += character.lowercased()
            } else if !result.isEmpty, !result.hasSuffix("-") {
                result += "-"
            }
            if result.utf8.count >= 60 { break }
        }
        while result.hasSuffix("-") { result.removeLast() }
        return result
    }
}
