import TwinDatabase
import TwinSupport

/// The access groups of a twin, with who is in them and what they may read.
extension TwinConvergence {
    mutating func converge(
        _ groups: [TwinManifest.Group], of twin: Twin, isNew: Bool, _ sources: SourceReferences, on connection: Connection
    ) throws {
        let stored = try connection.rows(
            "SELECT \(AccessGroup.columns) FROM access_groups WHERE twin_key = ?", twin.key, map: AccessGroup.init)
        func current(_ group: TwinManifest.Group) -> AccessGroup? {
            stored.first { group.isDefault == true ? $0.isDefault : $0.name == group.name }
        }
        if prune {
            let kept = Set(groups.compactMap { current($0)?.key })
            for group in stored where !group.isDefault && !kept.contains(group.key) {
                try GroupStore.delete(group, by: actor, on: connection)
                note(.delete, .group, group.name)
            }
        }
        var converged: [(AccessGroup, TwinManifest.Group, [String])] = []
        var created: Set<Int64> = []
        // Who stops being public makes room for who begins to be.
        for group in groups where group.isPublic == false {
            if let current = current(group), current.isPublic { try setPublic(current, false, on: connection) }
        }
        for group in groups {
            try Self.place(group).locating {
                guard let current = current(group) else {
                    guard group.isDefault != true else { throw TwinError(.failed, "the twin has no default group") }
                    let made = try GroupStore.create(
                        group.name, of: twin, description: group.description.flatMap { $0.isEmpty ? nil : $0 },
                        settings: group.settings ?? JSONObject(), by: actor, on: connection)
                    created.insert(made.key)
                    if group.isPublic == true { try makePublic(made, on: connection) }
                    converged.append((made, group, []))
                    return
                }
                guard group.isDefault != false || !current.isDefault else {
                    throw TwinError(.invalid, "it is the twin's default group and must stay so")
                }
                var fields: [String] = []
                if group.name != current.name { fields.append("name") }
                if let description = group.description, description != current.description ?? "" { fields.append("description") }
                if let settings = group.settings, settings != current.settings.canonical { fields.append("settings") }
                var changed = current
                if !fields.isEmpty {
                    changed = try GroupStore.update(
                        current, name: group.name, description: group.description, settings: group.settings, by: actor,
                        on: connection)
                }
                if let isPublic = group.isPublic, isPublic != current.isPublic {
                    if isPublic { try makePublic(current, on: connection) }
                    fields.append("is_public")
                }
                converged.append((changed, group, fields))
            }
        }
        // Members leave before others come, because a user is in one group.
        for index in converged.indices {
            guard let wanted = converged[index].1.members else { continue }
            let group = converged[index].0
            let members = try GroupStore.memberSet(of: group, on: connection)
            let named = try Self.place(converged[index].1).locating { try Self.members(wanted, of: group, on: connection) }
            for member in members.subtracting(named) {
                _ = try GroupStore.remove(member, from: group, by: actor, on: connection)
            }
            if members != named { converged[index].2.append("members") }
        }
        for (group, wanted, fields) in converged {
            var fields = fields
            try Self.place(wanted).locating {
                let members = try GroupStore.memberSet(of: group, on: connection)
                for member in try Self.members(wanted.members ?? [], of: group, on: connection).subtracting(members) {
                    try GroupStore.add(member, to: group, by: actor, on: connection)
                }
                fields += try convergeLimits(of: group, wanted, on: connection)
                fields += try convergeGrants(of: group, wanted, sources, on: connection)
            }
            let isOfNewTwin = isNew && group.isDefault
            if created.contains(group.key) {
                note(.create, .group, group.name)
            } else if fields.isEmpty {
                unchanged += 1
            } else if !isOfNewTwin {
                // The default group comes with the twin: what a new twin's is set to is part of making it.
                note(.update, .group, group.name, fields)
            }
        }
    }

    private static func place(_ group: TwinManifest.Group) -> ManifestPlace {
        ManifestPlace(file: "\(TwinDirectory.File.groups.rawValue), group '\(group.name.shortened(to: 60))'")
    }

    /// Whom the files name. The place of an address that nobody here has proven is held for whoever does.
    private static func members(
        _ names: [String], of group: AccessGroup, on connection: Connection
    ) throws -> Set<GroupStore.Member> {
        Set(try names.map { try GroupStore.member($0, of: group, holdsAnyAddress: true, on: connection) })
    }

    private func setPublic(_ group: AccessGroup, _ isPublic: Bool, on connection: Connection) throws {
        try GroupStore.setPublic(group, isPublic, on: connection)
    }

    private func makePublic(_ group: AccessGroup, on connection: Connection) throws {
        let other = try connection.first(
            "SELECT name FROM access_groups WHERE twin_key = ? AND is_public AND key <> ?", group.twinKey, group.key
        ) { $0.text(0) }
        if let other { throw TwinError(.conflict, "the group '\(other)' is already public, and visitors can be in one only") }
        try setPublic(group, true, on: connection)
    }

    private func convergeLimits(
        of group: AccessGroup, _ wanted: TwinManifest.Group, on connection: Connection
    ) throws -> [String] {
        var fields: [String] = []
        if let limits = wanted.limits {
            let current = try GroupStore.limits(of: group, on: connection)
            for type in GroupStore.LimitType.allCases where current[type] != limits[type] {
                try GroupStore.setLimit(type, limits[type], of: group, by: actor, on: connection)
            }
            if current != limits { fields.append("limits") }
        }
        if let overrides = wanted.overrides {
            let current = try GroupStore.overrides(of: group, on: connection).mapValues(\.canonical)
            for type in GroupStore.OverrideType.allCases where current[type] != overrides[type] {
                try GroupStore.setOverride(type, overrides[type], of: group, by: actor, on: connection)
            }
            if current != overrides { fields.append("overrides") }
        }
        return fields
    }

    private func convergeGrants(
        of group: AccessGroup, _ wanted: TwinManifest.Group, _ sources: SourceReferences, on connection: Connection
    ) throws -> [String] {
        var fields: [String] = []
        let place = Self.place(wanted)
        if let grant = wanted.sources {
            var keys: Set<Int64> = []
            var isWaiting = false
            switch grant {
            case .all:
                keys = Set(sources.stored.rows.map(\.key))
                // They come to the default group by themselves.
                isWaiting = sources.someAreComing && !group.isDefault
            case .only(let names):
                for name in names {
                    switch try sources.find(name, at: place) {
                    case .stored(let row): keys.insert(row.key)
                    case .coming: isWaiting = true
                    }
                }
            }
            let isChanged = try ContentPermissions.set(.source, keys, of: group, by: actor, on: connection)
            if isChanged || isWaiting && expectsSources { fields.append("sources") }
        }
        if let grant = wanted.answers {
            let keys = try answerKeys(grant, of: group, place, on: connection)
            if try ContentPermissions.set(.verifiedAnswer, keys, of: group, by: actor, on: connection) {
                fields.append("verified_qna")
            }
        }
        return fields
    }

    private func answerKeys(
        _ grant: TwinManifest.Grant, of group: AccessGroup, _ place: ManifestPlace, on connection: Connection
    ) throws -> Set<Int64> {
        switch grant {
        case .all:
            return Set(
                try connection.rows("SELECT key FROM verified_answers WHERE twin_key = ? AND is_active", group.twinKey) {
                    $0.int64(0)
                })
        case .only(let questions):
            return Set(
                try questions.map { question in
                    let key = try connection.first(
                        "SELECT key FROM verified_answers WHERE twin_key = ? AND folded = ? AND is_active", group.twinKey,
                        QuestionText.folded(question)
                    ) { $0.int64(0) }
                    guard let key else {
                        throw TwinError(.invalid, "there is no verified answer to '\(question.shortened(to: 120))'")
                    }
                    return key
                })
        }
    }
}
