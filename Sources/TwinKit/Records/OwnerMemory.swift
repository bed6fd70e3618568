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
    package enum Status: String, Sendable, CaseIterable {
        case active, superseded, retracted
    }
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
    package var supersededBy: String?
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns = """
        key, id, topic, memory_type, value, stance, intensity, confidence, status, provenance, superseded_by, created_at, updated_at,
        tenant_id, (SELECT t.id FROM twins t WHERE t.key = twin_key)
        """

    init(_ row: Row) {
        key = row.int64(0)
        id = row.text(1)
        topic = row.text(2)
        type = MemoryType(rawValue: row.text(3)) ?? .stance
        value = row.text(4)
        stance = row.optionalText(5).flatMap(Stance.init)
        intensity = row.optionalInt(6)
        confidence = row.double(7)
        status = Status(rawValue: row.text(8)) ?? .retracted
        provenance = row.json(9).objectValue ?? JSONObject()
        supersededBy = row.optionalText(10)
        createdAt = row.timestamp(11) ?? Timestamp(milliseconds: 0)
        updatedAt = row.timestamp(12) ?? createdAt
        tenantID = row.text(13)
        twinID = row.text(14)
    }
}
