import TwinDatabase
import TwinHTTP
import TwinSupport

/// What kind of view a question asks for, or a memory holds.
package enum MemoryType: String, Sendable, CaseIterable {
    case belief, preference, stance, lens
    case toneRule = "tone_rule"
}

/// Something that the owner holds true: a stance, a preference, a way of looking at things.
package struct OwnerMemory: Sendable, Equatable {
    /// Only `active` ones answer.
    package enum Status: String, Sendable, CaseIterable {
        case active, superseded, retracted
    }
    /// The owner's attitude to the topic; `unknown` where the owner's words do not tell.
    package enum Stance: String, Sendable, CaseIterable {
        case positive, negative, neutral, mixed, unknown
    }

    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinID: String
    /// Its words in lower case, as questions are compared with it.
    package var topic: String
    package var type: MemoryType
    package var value: String
    package var stance: Stance?
    /// 1 to 10.
    package var intensity: Int?
    /// 0 to 1.
    package var confidence: Double
    package var status: Status
    /// Where it comes from: the clarification, or the owner's own entry.
    package var provenance: JSONObject
    /// The id of the memory that has taken its place.
    package var supersededBy: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns = """
        key, id, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at,
        tenant_id, (SELECT t.id FROM twins t WHERE t.key = twin_key)
        """

    init(_ row: Row) throws {
        try row.check(columns: 15)
        key = row.int64(0)
        id = row.text(1)
        topic = row.text(2)
        type = try row.value(3)
        value = row.text(4)
        stance = try row.optionalValue(5)
        intensity = row.optionalInt(6)
        confidence = row.double(7)
        status = try row.value(8)
        provenance = try row.object(9)
        supersededBy = row.optionalText(10)
        createdAt = try row.requiredTimestamp(11)
        updatedAt = try row.requiredTimestamp(12)
        tenantID = row.text(13)
        twinID = row.text(14)
    }
}
