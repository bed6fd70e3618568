import TwinHTTP
import TwinSupport

/// One thing that applying a twin's files changed or, with a dry run, would change.
package struct TwinChange: Sendable, Equatable, JSONRepresentable {
    /// What was done, as scripts read it.
    package enum Action: String, Sendable, CaseIterable { case create, update, delete }
    /// What it was done to, as scripts read it.
    package enum Kind: String, Sendable, CaseIterable {
        case twin, group, source, memory, graph
        case verifiedAnswer = "verified_qna"
    }

    package var action: Action
    package var kind: Kind
    /// The slug, the group's name, the question, the memory's type and topic, what is decided of the graph, or the source as the files name it.
    package var name: String
    /// What differs, of an update.
    package var fields: [String] = []

    package var json: JSON {
        [
            "type": "change", "action": .string(action.rawValue), "kind": .string(kind.rawValue), "name": .string(name),
            "fields": .strings(fields),
        ]
    }
}

/// What applying a twin's files did.
package struct ApplyReport: Sendable {
    /// A source that could not be read; all else was done.
    package struct Failure: Sendable, Equatable, JSONRepresentable {
        package var name: String
        package var reason: String
        package var json: JSON { ["type": "failure", "kind": "source", "name": .string(name), "reason": .string(reason)] }
    }

    package var slug = ""
    /// None of a twin that a dry run would make.
    package var twin: Twin?
    package var isDryRun = false
    package var changes: [TwinChange] = []
    /// Entries of the files that were as the twin is.
    package var unchanged = 0
    package var failures: [Failure] = []
    /// Whether sources were read, so that they have no vectors yet.
    package var hasNewText = false

    /// How many changes did this.
    package func count(_ action: TwinChange.Action) -> Int { changes.count { $0.action == action } }

    /// Adds changes of a later step; one thing is told once.
    mutating func add(_ later: [TwinChange]) {
        struct Subject: Hashable {
            var kind: TwinChange.Kind
            var name: String
        }
        var known: [Subject: Int] = [:]
        for (index, change) in changes.enumerated() { known[Subject(kind: change.kind, name: change.name)] = index }
        for change in later {
            guard let index = known[Subject(kind: change.kind, name: change.name)] else {
                changes.append(change)
                continue
            }
            if changes[index].action == .update {
                changes[index].fields += change.fields.filter { !changes[index].fields.contains($0) }
            }
        }
    }

    package var summary: JSON {
        [
            "type": "summary", "twin": .string(slug), "twin_id": .optional(twin?.id), "dry_run": .bool(isDryRun),
            "created": .number(count(.create)), "updated": .number(count(.update)), "deleted": .number(count(.delete)),
            "unchanged": .number(unchanged), "failed": .number(failures.count),
        ]
    }
}

extension ApplyReport: JSONRepresentable {
    package var json: JSON {
        .object(
            (summary.objectValue ?? JSONObject()).merging([
                "changes": .array(changes.map(\.json)), "failures": .array(failures.map(\.json)),
            ]))
    }
}
