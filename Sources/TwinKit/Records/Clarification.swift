import TwinDatabase
import TwinHTTP
import TwinSupport

/// A question that only the owner can answer, put to the owner.
package struct Clarification: Sendable, Equatable {
    /// What has become of it; `expired` is what nothing raises any more.
    package enum Status: String, Sendable, CaseIterable {
        case pendingOwner = "pending_owner"
        case answered, expired
    }

    /// One answer to choose.
    package struct Option: Sendable, Equatable, JSONRepresentable {
        package var label: String
        /// A sentence in the first person.
        package var value: String
        package var stance: OwnerMemory.Stance?
        /// 1 to 10.
        package var intensity: Int?

        init(_ label: String, _ value: String, _ stance: OwnerMemory.Stance? = nil, _ intensity: Int? = nil) {
            self.label = label
            self.value = value
            self.stance = stance
            self.intensity = intensity
        }

        init?(_ json: JSON) {
            guard let label = json["label"]?.stringValue, let value = json["value"]?.stringValue else { return nil }
            let word = json["stance"]?.stringValue
            let stance = word.flatMap(OwnerMemory.Stance.init)
            // A word that is no stance is damage, not the want of one.
            guard (word == nil) == (stance == nil) else { return nil }
            self.init(label, value, stance, json["intensity"]?.intValue)
        }

        package var json: JSON {
            var object: JSONObject = ["label": .string(label), "value": .string(value)]
            if let stance { object["stance"] = .string(stance.rawValue) }
            if let intensity { object["intensity"] = .number(intensity) }
            return .object(object)
        }
    }

    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinID: String
    package var conversationID: String?
    /// The message that asked it first, and who wrote that; none for a visitor without a name.
    package var sourceMessageID: String?
    package var createdBy: String?
    package var status: Status
    package var originalQuery: String
    /// What the owner is asked.
    package var question: String
    package var options: [Option]
    /// The memory that an answer becomes: topic, type, value, confidence, source.
    package var proposal: JSON
    /// How often it was asked while nobody had answered.
    package var timesAsked: Int
    /// What the answer became; nil until it is answered.
    package var ownerMemoryID: String?
    /// `owner` or `public`.
    package var requestedBy: String
    package var answerText: String?
    /// The user, or `local` for the command line; nil until it is answered, as are `answerText` and `answeredAt`.
    package var answeredBy: String?
    package var answeredAt: Timestamp?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns = """
        key, id, conversation_id, status, original_query, question, options, proposal, times_asked, owner_memory_id, requested_by,
        answer_text, answered_at, created_at, updated_at, tenant_id, (SELECT id FROM twins WHERE key = twin_key), source_message_id,
        created_by, answered_by
        """

    init(_ row: Row) throws {
        try row.check(columns: 20)
        key = row.int64(0)
        id = row.text(1)
        conversationID = row.optionalText(2)
        status = try row.value(3)
        originalQuery = row.text(4)
        question = row.text(5)
        options = try row.array(6, of: Option.init)
        proposal = try row.json(7)
        timesAsked = row.int(8)
        ownerMemoryID = row.optionalText(9)
        requestedBy = row.text(10)
        answerText = row.optionalText(11)
        answeredAt = try row.timestamp(12)
        createdAt = try row.requiredTimestamp(13)
        updatedAt = try row.requiredTimestamp(14)
        tenantID = row.text(15)
        twinID = row.text(16)
        sourceMessageID = row.optionalText(17)
        createdBy = row.optionalText(18)
        answeredBy = row.optionalText(19)
    }
}
