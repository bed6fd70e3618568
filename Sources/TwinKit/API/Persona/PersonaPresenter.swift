import TwinHTTP
import TwinSupport

/// Personas and what is theirs in the words of the contract.
struct PersonaPresenter {
    private let personas: Personas

    init(_ personas: Personas) { self.personas = personas }

    /// What the contract calls those who draw, and what the settings call them. Nobody here is Midjourney or Leonardo.
    static let providers: [(wire: String, model: String)] = [
        ("modal_sdxl_lora", "sdapi"), ("replicate_sdxl", "cog"), ("midjourney", "midjourney"), ("leonardo", "leonardo"),
        ("dall_e_3", "openai"),
    ]

    static func model(_ wire: String) -> String { providers.first { $0.wire == wire }?.model ?? wire }
    static func wire(_ model: String) -> String { providers.first { $0.model == model }?.wire ?? model }

    func json(_ face: Personas.DrawnFace, of avatar: Avatar?) throws -> JSON {
        let picture = face.picture
        var metadata = face.metadata.objectValue ?? JSONObject()
        metadata["provider_used"] = .string(Self.wire(picture.model))
        return [
            "success": true, "avatar_id": .optional(avatar?.id),
            "image_url": .optional(try picture.dataAddress ?? personas.address(of: picture.located)),
            "metadata": .object(metadata), "cost_usd": .double(picture.cost.dollars),
            "generation_time_seconds": .double(picture.seconds), "provider": .string(Self.wire(picture.model)),
        ]
    }

    func json(_ avatar: Avatar) throws -> JSON {
        [
            "id": .string(avatar.id), "user_id": .string(avatar.person.userID), "name": .string(avatar.name),
            "stage": .string(avatar.stage), "base_image_url": .optional(try personas.address(of: avatar.baseImage)),
            "lora_model_id": .optional(avatar.loraModelID), "niche": .optional(avatar.niche),
            "aesthetic_style": .optional(avatar.aestheticStyle), "created_at": .string(avatar.createdAt.description),
            "updated_at": .string(avatar.updatedAt.description), "metadata": .object(avatar.metadata),
        ]
    }

    func json(_ piece: ContentPiece) throws -> JSON {
        [
            "id": .string(piece.id), "avatar_id": .string(piece.avatarID), "content_type": .string(piece.contentType),
            "access_tier": .string(piece.tier), "url": .optional(try personas.address(of: piece.picture)),
            "hook_text": .optional(piece.hook), "safety_rating": .optional(piece.rating),
            "created_at": .string(piece.createdAt.description), "metadata": .object(piece.metadata),
        ]
    }

    func json(_ model: LoRAModel) throws -> JSON {
        [
            "id": .string(model.id), "user_id": .string(model.person.userID), "name": .string(model.name),
            "description": .optional(model.description), "base_model": .optional(model.baseModel),
            "lora_weights_url": .optional(try personas.address(of: model.weights)),
            "preview_image_url": .optional(model.previewImageURL), "tags": .strings(model.tags),
            "is_active": .bool(model.isActive), "meta_data": .object(model.metadata),
            "created_at": .string(model.createdAt.description), "updated_at": .string(model.updatedAt.description),
        ]
    }

    static func json(_ template: ContentTemplate) -> JSON {
        [
            "id": .string(template.id), "category": .string(template.category.rawValue), "tier": .string(template.tier.rawValue),
            "prompt_template": .string(template.scene), "pose_description": .string(template.pose),
            "lighting": .string(template.lighting), "angle": .string(template.angle), "tags": .strings(template.tags),
        ]
    }

    static func json(_ breakdown: Costs.Breakdown, rounded: Bool = false) -> JSON {
        .object(
            JSONObject(
                Costs.Operation.allCases.map {
                    (key: $0.rawValue, value: .double(rounded ? breakdown[$0].cents : breakdown[$0].dollars))
                }))
    }
}
