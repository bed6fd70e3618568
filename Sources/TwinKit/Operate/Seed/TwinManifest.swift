import TwinSupport

/// A twin as text files say it should be. Everything is named by what people know it by (a question, a group's name, a path),
/// never by an id of the database, and nothing carries a time, so that the same twin always gives the same files.
///
/// A part whose file is missing, and a field of the twin or of a group that is left out, says nothing: it stays as it is.
package struct TwinManifest: Sendable, Equatable {
    /// Nil for what the files do not say, as all that follow.
    package var slug: String?
    package var name: String?
    package var description: String?
    package var specialization: String?
    /// Whole: settings that it leaves out fall back to their defaults.
    package var settings: JSONObject?
    package var groups: [Group]?
    package var answers: [Answer]?
    package var memories: [Memory]?
    package var decisions: [Decision]?
    package var sources: [SourceEntry]?

    package init() {}

    /// What a group may read of one kind.
    package enum Grant: Sendable, Equatable {
        /// All that the twin has when the files are applied.
        case all
        /// These and no others.
        case only([String])
    }

    /// An access group. Lists are whole: what a list leaves out is taken away.
    package struct Group: Sendable, Equatable {
        package var name: String
        package var isDefault: Bool?
        package var isPublic: Bool?
        /// Empty for none.
        package var description: String?
        package var settings: JSONObject?
        package var limits: [GroupStore.LimitType: Int]?
        package var overrides: [GroupStore.OverrideType: JSON]?
        /// Ids of users, as their tokens name them.
        package var members: [String]?
        /// Sources as `sources.jsonl` names them.
        package var sources: Grant?
        /// Verified answers by their questions.
        package var answers: Grant?

        package init(name: String) { self.name = name }
    }

    /// A line of `qna.jsonl`.
    package struct Answer: Sendable, Equatable {
        package var question: String
        package var answer: String
        package var visibility: VerifiedAnswer.Visibility
        /// Sources as `sources.jsonl` names them.
        package var citations: [String]
        /// Where it stands in its file, from 1.
        package var line = 0
    }

    /// A line of `memory.jsonl`.
    package struct Memory: Sendable, Equatable {
        package var entry: OwnerMemories.Entry
        package var line = 0
    }

    /// A line of `sources.jsonl`.
    package struct SourceEntry: Sendable, Equatable {
        package var kind: Source.Kind
        /// A path, an address, or the name of a stream: what the other files call it by.
        package var locator: String
        /// Taken instead of the document's own title.
        package var title: String?
        package var metadata: JSONObject
        /// The file with the text of a stream.
        package var content: String?
        package var line = 0
    }
}

extension JSON {
    /// The same value with the members of every object sorted by key and each key once, so that equal values give equal text.
    var canonical: JSON {
        switch self {
        case .object(let object): .object(object.canonical)
        case .array(let items): .array(items.map(\.canonical))
        default: self
        }
    }
}

extension JSONObject {
    var canonical: JSONObject {
        var last: [String: JSON] = [:]
        for member in members { last[member.key] = member.value }
        return JSONObject(last.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value.canonical) })
    }
}
