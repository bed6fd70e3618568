import TwinDatabase
import TwinSupport

/// Something that is stored, or that is somewhere else.
package enum Located: Sendable, Equatable {
    case stored(StoredName)
    case address(String)

    init?(_ name: String?, _ address: String?) {
        if let name = name.flatMap({ StoredName($0) }) {
            self = .stored(name)
        } else if let address {
            self = .address(address)
        } else {
            return nil
        }
    }

    /// For the columns of names in the storage and of addresses.
    var columns: (name: String?, address: String?) {
        switch self {
        case .stored(let name): (name.description, nil)
        case .address(let address): (nil, address)
        }
    }
}

/// A persona: the face and the look that pictures are made with. It shows an adult.
package struct Avatar: Sendable, Equatable {
    /// How far a persona is. Its person may use other words.
    package enum Stage {
        package static let draft = "draft"
        package static let faceGenerated = "face_generated"
        package static let loraReady = "lora_ready"
        package static let loraTrained = "lora_trained"
    }

    package let key: Int64
    package let id: String
    package let person: Person
    package let name: String
    package let stage: String
    package let niche: String?
    package let aestheticStyle: String?
    package let baseImage: Located?
    package let loraModelID: String?
    /// Without these no content is made.
    package let weights: Located?
    package let metadata: JSONObject
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, user_id, name, stage, niche, aesthetic_style, base_image, base_image_url, lora_model_id, lora_weights,
        lora_weights_url, metadata, created_at, updated_at
        """

    init(_ row: Row) throws {
        try row.check(columns: 16)
        key = row.int64(0)
        id = row.text(1)
        person = Person(tenantID: row.text(2), userID: row.text(3))
        name = row.text(4)
        stage = row.text(5)
        niche = row.optionalText(6)
        aestheticStyle = row.optionalText(7)
        baseImage = Located(row.optionalText(8), row.optionalText(9))
        loraModelID = row.optionalText(10)
        weights = Located(row.optionalText(11), row.optionalText(12))
        metadata = try row.object(13)
        createdAt = try row.requiredTimestamp(14)
        updatedAt = try row.requiredTimestamp(15)
    }
}

/// A picture that was made of a persona, with the words that go with it.
package struct ContentPiece: Sendable, Equatable {
    /// Who gets to see it: a label, which says nothing of what it shows.
    package enum Tier: String, Sendable, CaseIterable { case open = "capa1", members = "capa2", patrons = "capa3" }

    package let key: Int64
    package let id: String
    package let avatarKey: Int64
    package let avatarID: String
    package let contentType: String
    package let tier: String
    package let picture: Located?
    package let hook: String?
    package let rating: String?
    package let batchID: String?
    package let metadata: JSONObject
    package let createdAt: Timestamp

    static let columns = """
        key, id, avatar_key, (SELECT id FROM avatars WHERE key = avatar_key), content_type, tier, picture, picture_url, hook,
        rating, batch_id, metadata, created_at
        """

    init(_ row: Row) throws {
        try row.check(columns: 13)
        key = row.int64(0)
        id = row.text(1)
        avatarKey = row.int64(2)
        avatarID = row.text(3)
        contentType = row.text(4)
        tier = row.text(5)
        picture = Located(row.optionalText(6), row.optionalText(7))
        hook = row.optionalText(8)
        rating = row.optionalText(9)
        batchID = row.optionalText(10)
        metadata = try row.object(11)
        createdAt = try row.requiredTimestamp(12)
    }
}

/// Weights that teach a model how a persona looks.
package struct LoRAModel: Sendable, Equatable {
    package let key: Int64
    package let id: String
    package let person: Person
    package let name: String
    package let description: String?
    package let baseModel: String?
    package let weights: Located?
    package let previewImageURL: String?
    package let tags: [String]
    package let isActive: Bool
    package let metadata: JSONObject
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, user_id, name, description, base_model, weights, weights_url, preview_image_url, tags, is_active,
        metadata, created_at, updated_at
        """

    init(_ row: Row) throws {
        try row.check(columns: 15)
        key = row.int64(0)
        id = row.text(1)
        person = Person(tenantID: row.text(2), userID: row.text(3))
        name = row.text(4)
        description = row.optionalText(5)
        baseModel = row.optionalText(6)
        weights = Located(row.optionalText(7), row.optionalText(8))
        previewImageURL = row.optionalText(9)
        tags = try row.array(10) { $0.stringValue }
        isActive = row.bool(11)
        metadata = try row.object(12)
        createdAt = try row.requiredTimestamp(13)
        updatedAt = try row.requiredTimestamp(14)
    }
}
