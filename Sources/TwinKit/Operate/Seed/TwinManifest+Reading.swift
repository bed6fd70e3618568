import TwinSupport

/// From JSON to a manifest. Each throws a `TwinError` that names the file, the line and what is wrong with it.
extension TwinManifest {
    /// The layout of the files that this program writes and reads.
    static let format = 1

    mutating func readTwin(_ json: JSON, at place: ManifestPlace) throws {
        let object = try ManifestObject(
            json, fields: ["format", "slug", "name", "description", "specialization", "settings"], at: place)
        if let format = try object.integer("format"), format != Self.format {
            throw place.error("it has the format \(format) and this program reads \(Self.format); install a newer twin")
        }
        slug = try object.text("slug")
        if let slug, slug != TwinStore.slug(for: slug) || slug.isEmpty {
            throw place.error(
                "'\(slug.shortened(to: 80))' is not a slug; use lower-case letters, digits and single hyphens, at most 60")
        }
        name = try place.locating { try object.text("name").map(TwinStore.checkedName) }
        description = try place.locating { try object.text("description").map(TwinStore.checkedDescription) }
        specialization = try object.text("specialization")
        settings = try place.locating { try object.object("settings").map { try TwinSettings.checked($0).object.canonical } }
    }

    mutating func readGroups(_ json: JSON, file: String) throws {
        guard let items = json.arrayValue else { throw ManifestPlace(file: file).error("this is not a JSON array of groups") }
        guard items.count <= GroupStore.maximumGroups else {
            throw ManifestPlace(file: file).error("a twin has at most \(GroupStore.maximumGroups) access groups", .limitReached)
        }
        var groups: [Group] = []
        var members: Set<String> = []
        for (number, item) in items.enumerated() {
            let named = item["name"]?.stringValue.map { "'\($0.shortened(to: 60))'" } ?? "\(number + 1)"
            let place = ManifestPlace(file: "\(file), group \(named)")
            let group = try Self.group(item, at: place)
            guard !groups.contains(where: { $0.name == group.name }) else { throw place.error("this name appears twice") }
            for member in group.members ?? [] where !members.insert(member).inserted {
                throw place.error("the user '\(member.shortened(to: 60))' is listed twice; a user belongs to one group of a twin")
            }
            groups.append(group)
        }
        guard groups.count(where: { $0.isDefault == true }) <= 1 else {
            throw ManifestPlace(file: file).error("two groups have \"is_default\"; a twin has one")
        }
        guard groups.count(where: { $0.isPublic == true }) <= 1 else {
            throw ManifestPlace(file: file).error("two groups have \"is_public\"; visitors can be in one only")
        }
        self.groups = groups
    }

    private static func group(_ json: JSON, at place: ManifestPlace) throws -> Group {
        let object = try ManifestObject(
            json,
            fields: [
                "name", "is_default", "is_public", "description", "settings", "limits", "overrides", "members", "sources",
                "verified_qna",
            ], at: place)
        var group = Group(name: try object.required("name").trimmed)
        group.isDefault = try object.flag("is_default")
        group.isPublic = try object.flag("is_public")
        group.description = try place.locating { try object.text("description").map(TwinStore.checkedDescription) }
        group.settings = try place.locating {
            try object.object("settings").map { try TwinSettings.checked($0).object.canonical }
        }
        group.limits = try object.table("limits", of: GroupStore.LimitType.self, "a whole number from 0 to 1000000000") { json in
            json.intValue.flatMap { GroupStore.limitRange.contains($0) ? $0 : nil }
        }
        group.overrides = try object.table("overrides", of: GroupStore.OverrideType.self, "a value") { $0.canonical }
        for (type, value) in group.overrides ?? [:] { try place.locating { try type.check(value) } }
        group.members = try object.texts("members")?.map(\.trimmed)
        group.sources = try object.grant("sources")
        group.answers = try object.grant("verified_qna")
        return group
    }

    static func answer(_ json: JSON, at place: ManifestPlace) throws -> Answer {
        let object = try ManifestObject(json, fields: ["question", "answer", "visibility", "citations"], at: place)
        return Answer(
            question: try object.required("question").trimmed, answer: try object.required("answer").trimmed,
            visibility: try object.choice("visibility", of: VerifiedAnswer.Visibility.self) ?? .private,
            citations: try object.texts("citations") ?? [], line: place.line ?? 0)
    }

    static func memory(_ json: JSON, at place: ManifestPlace) throws -> Memory {
        let object = try ManifestObject(json, fields: ["topic", "type", "value", "stance", "intensity", "confidence"], at: place)
        let entry = OwnerMemories.Entry(
            topic: QuestionText.folded(try object.required("topic")),
            type: try object.choice("type", of: MemoryType.self) ?? .stance, value: try object.required("value").trimmed,
            stance: try object.choice("stance", of: OwnerMemory.Stance.self), intensity: try object.integer("intensity"),
            confidence: try object.number("confidence") ?? 1)
        return Memory(entry: entry, line: place.line ?? 0)
    }

    static func source(_ json: JSON, at place: ManifestPlace) throws -> SourceEntry {
        let object = try ManifestObject(json, fields: ["kind", "locator", "title", "metadata", "content"], at: place)
        let locator = try object.required("locator")
        let isAddress = ["http://", "https://"].contains { locator.lowercased().hasPrefix($0) }
        let kind = try object.choice("kind", of: Source.Kind.self) ?? (isAddress ? .url : .file)
        guard kind == .file || kind == .stream || isAddress else { throw place.error("\"locator\" must be an http(s) address") }
        let content = try object.text("content")
        guard content == nil || kind == .stream else { throw place.error("\"content\" is for the kind stream only") }
        return SourceEntry(
            kind: kind, locator: locator, title: try object.text("title"),
            metadata: try object.object("metadata")?.canonical ?? JSONObject(), content: content, line: place.line ?? 0)
    }
}
