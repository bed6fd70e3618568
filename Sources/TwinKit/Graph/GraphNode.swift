import TwinDatabase
import TwinHTTP
import TwinSupport

/// Something that a twin knows of, as a caller sees it: counts are of what the caller may read.
package struct GraphNode: Sendable, Equatable {
    /// Who put it into the graph: the reading of documents, the owner, or the owner's answer to an escalation.
    package enum Origin: String, Sendable, CaseIterable { case extracted, owner, escalation }

    package let key: Int64
    package let id: String
    package var type: String
    package var name: String
    /// The name folded; with the type it is what a node is known by.
    package var canonicalKey: String
    package var description: String?
    package var properties: JSONObject
    package var origin: Origin
    /// Other names for it, as far as the caller may read documents that use them.
    package var aliases: [String] = []
    /// Places that name it, and the distinct sources that these are in, as far as the caller may read them.
    package var mentionCount = 0
    package var sourceCount = 0
    /// Relations that it takes part in.
    package var degree = 0
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns =
        "n.key, n.id, n.node_type, n.name, n.canonical_key, n.description, n.properties, n.origin, n.created_at, n.updated_at"

    init(_ row: Row) throws {
        try row.check(columns: 10, allowsMore: true)
        key = row.int64(0)
        id = row.text(1)
        type = row.text(2)
        name = row.text(3)
        canonicalKey = row.text(4)
        description = row.optionalText(5)
        properties = try row.object(6)
        origin = try row.value(7)
        createdAt = try row.requiredTimestamp(8)
        updatedAt = try row.requiredTimestamp(9)
    }
}

/// A node by its type and its name folded: what outlives its row.
package struct GraphNodeName: Sendable, Hashable {
    package var type: String
    package var key: String

    package init(type: String, key: String) {
        self.type = type
        self.key = key
    }
}

extension GraphNode: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "node_type": .string(type), "name": .string(name), "description": .optional(description),
            "aliases": .strings(aliases), "properties": .object(properties), "origin": .string(origin.rawValue),
            "mention_count": .number(mentionCount), "source_count": .number(sourceCount), "degree": .number(degree),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
        ]
    }
}

/// Where something is said.
package struct GraphEvidence: Sendable, Equatable, JSONRepresentable {
    /// Either `sourceID` and `title`, or `messageID` for what the owner said.
    package var sourceID: String?
    package var title: String?
    package var messageID: String?
    /// Bytes of the source's text or of the message.
    package var range: Range<Int>
    /// Those bytes, white space folded.
    package var quote: String

    package var json: JSON {
        [
            "source_id": .optional(sourceID), "title": .optional(title), "message_id": .optional(messageID),
            "start": .number(range.lowerBound), "end": .number(range.upperBound), "quote": .string(quote),
        ]
    }
}

/// A relation as seen from one of its ends.
package struct GraphRelation: Sendable, Equatable, JSONRepresentable {
    package var id: String
    package var type: String
    package var from: String
    package var fromID: String
    package var to: String
    package var toID: String
    /// Distinct sources that say it.
    package var weight: Int
    /// Where it is said, as far as the caller may read; it may be cut off.
    package var evidence: [GraphEvidence]

    package var json: JSON {
        [
            "id": .string(id), "relationship_type": .string(type), "from": .string(from), "from_id": .string(fromID),
            "to": .string(to), "to_id": .string(toID), "weight": .number(weight), "evidence": .array(evidence.map(\.json)),
        ]
    }
}
