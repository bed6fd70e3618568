import TwinDatabase
import TwinHTTP
import TwinSupport

/// Why a caller may read what it may read of a twin: the group that it resolves to, and what that group was granted.
package struct AccessExplanation: Sendable {
    /// Whom it is explained for.
    package enum Caller: Sendable, Equatable {
        case localOperator
        /// A member of the group with this id or name.
        case group(String)
        /// The holder of the API key with this id or name.
        case key(String)
        /// The user with this id, address or name, or the holder of an address that was invited.
        case user(String)

        var kind: String {
            switch self {
            case .localOperator: "operator"
            case .group: "group"
            case .key: "key"
            case .user: "user"
            }
        }

        var name: String? {
            switch self {
            case .localOperator: nil
            case .group(let name), .key(let name), .user(let name): name
            }
        }
    }

    /// What decided.
    package enum Rule: String, Sendable {
        /// Who can read the file can read everything.
        case localOperator = "operator"
        case requested, membership, `public`, `default`
        /// The group that an API key was made for.
        case key
        /// Nothing may be read.
        case refused
    }

    /// A source or a verified answer, and why it is visible or not.
    package struct Content: Sendable, Equatable {
        package var id: String
        /// A source's title, a verified answer's question.
        package var title: String
        /// A source's path or address.
        package var locator: String?
        package var isVisible: Bool
        /// Nil for what is not granted, or visible for another reason.
        package var grantedAt: Timestamp?
        package var reason: String
    }

    package var twin: Twin
    package var caller: Caller
    package var rule: Rule
    package var reason: String
    /// The group that decided; nil for who may read everything, and for who is refused.
    package var group: AccessGroup?
    package var sources: [Content]
    package var answers: [Content]
    /// The question that `passages` were searched for; nil without one.
    package var question: String?
    /// What a search for the question finds for this caller, best first.
    package var passages: [StoredPassage] = []
    /// What it finds for the operator among the same number, and this caller may not read.
    package var withheld: [StoredPassage] = []
}

/// Makes the explanation out of the same decisions that answers are made with.
package struct AccessExplainer: Sendable {
    let database: Database
    let search: PassageSearch

    package init(database: Database, search: PassageSearch) {
        self.database = database
        self.search = search
    }

    /// Explains a caller's access; with a question also which passages it leads to, at most `limit`. Throws `TwinError` for a
    /// group or a key that does not exist.
    package func explain(
        _ caller: AccessExplanation.Caller, of twin: Twin, question: String? = nil, limit: Int = 10
    ) throws -> AccessExplanation {
        let decision = try decide(caller, twin)
        var result = AccessExplanation(
            twin: twin, caller: caller, rule: decision.rule, reason: decision.reason, group: decision.group,
            sources: try contents(.source, twin, decision), answers: try contents(.verifiedAnswer, twin, decision))
        guard let question else { return result }
        result.question = question
        let everything = try search.passages(for: question, twin: twin, clearance: .everything, limit: limit)
        switch decision.clearance {
        case .everything?: result.passages = everything
        case .group?:
            let visible = Set(result.sources.filter(\.isVisible).map(\.id))
            if let clearance = decision.clearance {
                result.passages = try search.passages(for: question, twin: twin, clearance: clearance, limit: limit)
            }
            result.withheld = everything.filter { !visible.contains($0.sourceID) }
        case nil: result.withheld = everything
        }
        return result
    }

    private struct Decision {
        var rule: AccessExplanation.Rule
        var reason: String
        var clearance: Clearance?
        var group: AccessGroup? { clearance?.group }
    }

    private func decide(_ caller: AccessExplanation.Caller, _ twin: Twin) throws -> Decision {
        let groups = GroupStore(database: database)
        switch caller {
        case .localOperator:
            return Decision(
                rule: .localOperator, reason: "whoever uses the command line can read the database file, and so everything in it",
                clearance: .everything)
        case .group(let name):
            let group = try groups.find(name, of: twin)
            return Decision(rule: .requested, reason: "the group '\(group.name)' was asked for", clearance: .group(group))
        case .key(let id):
            let key = try KeyStore(database: database).resolve(id)
            guard key.allows(.chat, twin: twin) || key.allows(.read, twin: twin) else { return refusal(key, twin) }
            return try resolve(.apiKey(key), twin, "the key '\(key.name)'")
        case .user(let name):
            let user: User
            do {
                user = try Users(database: database).resolve(name)
            } catch let error as TwinError where error.kind == .notFound {
                return try invited(name, twin, error)
            }
            guard user.tenantID == twin.tenantID else {
                return Decision(
                    rule: .refused, reason: "the user '\(name)' is of another workspace, where this twin does not exist",
                    clearance: nil)
            }
            return try resolve(.user(user), twin, "the user '\(name)'")
        }
    }

    /// Somebody who has not come yet may read nothing; what waits for them is told. A stranger is not found.
    private func invited(_ name: String, _ twin: Twin, _ stranger: TwinError) throws -> Decision {
        guard let email = try? EmailAddress.checked(name),
            try Invitations.isPending(email, tenantID: twin.tenantID, in: database)
        else { throw stranger }
        let groups = GroupStore(database: database)
        let held = try groups.list(of: twin).first { group in
            try groups.members(of: group).contains { $0.isPending && $0.user?.email == email }
        }
        let whatWaits = held.map { ", and a place in the group '\($0.name)' is held for it" } ?? ""
        return Decision(
            rule: .refused, reason: "'\(email)' was invited and has not accepted yet\(whatWaits)", clearance: nil)
    }

    /// By the authorizer, as a question would be.
    private func resolve(_ principal: Principal, _ twin: Twin, _ who: String) throws -> Decision {
        let clearance: Clearance
        do {
            clearance = try Authorizer(database: database).chatClearance(of: twin, as: principal)
        } catch let error as TwinError where error.kind == .notPermitted || error.kind == .notFound {
            return Decision(rule: .refused, reason: error.message, clearance: nil)
        }
        guard let group = clearance.group else {
            return Decision(rule: .localOperator, reason: "\(who) may read everything", clearance: clearance)
        }
        let isMember =
            try principal.userID.map { id in try GroupStore(database: database).members(of: group).contains { $0.userID == id } }
            ?? false
        let (rule, why): (AccessExplanation.Rule, String) =
            bindsKey(principal)
            ? (.key, "was made for the group '\(group.name)'")
            : isMember
                ? (.membership, "is a member of the group '\(group.name)'")
                : group.isPublic && principal.userID == nil
                    ? (.public, "has no group of its own, and '\(group.name)' is the twin's public group")
                    : group.isDefault
                        ? (.default, "has no group of its own, and '\(group.name)' is the twin's default group")
                        : (.requested, "is bound to the group '\(group.name)'")
        return Decision(rule: rule, reason: "\(who) \(why)", clearance: clearance)
    }

    private func bindsKey(_ principal: Principal) -> Bool {
        if case .apiKey(let key) = principal { key.groupID != nil } else { false }
    }

    private func refusal(_ key: KeyStore.Key, _ twin: Twin) -> Decision {
        let why =
            !key.isActive
            ? "is revoked"
            : key.isExpired
                ? "has expired"
                : twin.tenantID != key.tenantID || !key.allowedTwinIDs.isEmpty && !key.allowedTwinIDs.contains(twin.id)
                    ? "does not open this twin" : "allows neither reading nor chatting"
        return Decision(rule: .refused, reason: "the key '\(key.name)' \(why)", clearance: nil)
    }

    private func contents(
        _ type: ContentPermissions.ContentType, _ twin: Twin, _ decision: Decision
    ) throws -> [AccessExplanation.Content] {
        func granted(_ alias: String) -> String { Visibility.grantedAt(type, alias, to: "?2") }
        let sql =
            switch type {
            case .source:
                """
                SELECT s.id, coalesce(s.title, s.name), s.locator, \(granted("s")), s.text_key IS NOT NULL FROM sources s
                WHERE s.twin_key = ?1 ORDER BY s.key
                """
            case .verifiedAnswer:
                """
                SELECT v.id, v.question, NULL, \(granted("v")), 1 FROM verified_answers v
                WHERE v.twin_key = ?1 AND v.is_active ORDER BY v.key
                """
            }
        return try database.read { connection in
            try connection.rows(sql, twin.key, decision.group?.key) { row in
                let granted = try row.timestamp(3)
                let (isVisible, reason): (Bool, String) =
                    switch decision.clearance {
                    case nil: (false, "the caller is refused")
                    case _ where !row.bool(4): (false, "no text could be read from it")
                    case .everything?: (true, "everything is visible to the operator")
                    case .group(let group)?:
                        granted.map { (true, "granted to '\(group.name)' on \($0)") } ?? (false, "not granted to '\(group.name)'")
                    }
                return AccessExplanation.Content(
                    id: row.text(0), title: row.text(1), locator: row.optionalText(2), isVisible: isVisible, grantedAt: granted,
                    reason: reason)
            }
        }
    }
}

extension AccessExplanation: JSONRepresentable {
    package var json: JSON {
        [
            "twin_id": .string(twin.id), "twin": .string(twin.slug),
            "caller": ["kind": .string(caller.kind), "name": .optional(caller.name)], "rule": .string(rule.rawValue),
            "reason": .string(reason),
            "group": group.map {
                [
                    "id": .string($0.id), "name": .string($0.name), "is_default": .bool($0.isDefault),
                    "is_public": .bool($0.isPublic),
                ]
            } ?? .null,
            "sources": .array(sources.map(\.json)), "verified_answers": .array(answers.map(\.json)),
            "question": .optional(question), "passages": .array(passages.map(\.json)),
            "withheld_passages": .array(withheld.map(\.json)),
        ]
    }
}

extension AccessExplanation.Content: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "title": .string(title), "locator": .optional(locator), "visible": .bool(isVisible),
            "granted_at": .optional(grantedAt?.description), "reason": .string(reason),
        ]
    }
}
