/// A twin as text files say it should be. Everything is named by what people know it by (a question, a group's name, a path),
/// never by an id of the database, and nothing carries a time, so that the same twin always gives the same files.
///
/// A part whose file is missing, and a field of the twin or of a group that is left out, says nothing: it stays as it is.
public struct TwinManifest: Sendable, Equatable {
    public var slug: String?
    public var name: String?
    public var description: String?
    public var specialization: String?
    public var settings: JSONObject?
    public var groups: [Group]?
    public var answers: [Answer]?
    public var memories: [Memory]?
    public var sources: [SourceEntry]?

    public init() {}

    /// What a group may read of one kind.
    public enum Grant: Sendable, Equatable {
        /// All that the twin has when the files are applied.
        case all
        /// These and no others.
        case only([String])
    }

    /// An access group. Lists are whole: what a list leaves out is taken away.
    public struct Group: Sendable, Equatable {
        public var name: String
        public var isDefault: Bool?
        public var isPublic: Bool?
        /// Empty for none.
        public var description: String?
        public var settings: JSONObject?
        public var limits: [GroupStore.LimitType: Int]?
        public var overrides: [GroupStore.OverrideType: JSON]?
        /// Ids of users, as their tokens name them.
        public var members: [String]?
        /// Sources as `sources.jsonl` names them.
        public var sources: Grant?
        /// Verified answers by their questions.
        public var answers: Grant?

        public init(name: String) { self.name = name }
    }

    /// A line of `qna.jsonl`.
    public struct Answer: Sendable, Equatable {
        public var question: String
        public var answer: String
        public var visibility: VerifiedAnswer.Visibility
        /// Sources as `sources.jsonl` names them.
        public var citations: [String]
        /// Where it stands in its file, from 1.
        public var line = 0
    }

    /// A line of `memory.jsonl`.
    public struct Memory: Sendable, Equatable {
        public var entry: OwnerMemories.Entry
        public var line = 0
    }

    /// A line of `sources.jsonl`.
    public struct SourceEntry: Sendable, Equatable {
        public var kind: Source.Kind
        /// A path, an address, or the name of a stream: what the other files call it by.
        public var locator: String
        /// Taken instead of the document's own title.
        public var title: String?
        public var metadata: JSONObject
        /// The file with the text of a stream.
        public var content: String?
        public var line = 0
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
