import TwinHTTP
import TwinSupport

/// The shapes that the persona contract answers with.
enum PersonaSchemas {
    static let pathParameters: JSONObject = [
        "avatar_id": JSONSchema.uuid, "lora_model_id": JSONSchema.uuid, "training_job_id": JSONSchema.string,
        "template_id": ["type": "string", "description": "Such as FIT-001"], "batch_id": JSONSchema.string,
    ]

    private static func words(_ length: ClosedRange<Int>) -> JSON { FieldRule.line(length).schema }
    private static let tier = JSONSchema.oneOf(ContentPiece.Tier.allCases.map(\.rawValue))

    static let all: JSONObject = [
        "PersonaError": JSONSchema.output(["detail": [:]]),
        "PersonaFaceRequest": JSONSchema.input(
            [
                "age_range": JSONSchema.oneOf(Personas.Face.AgeRange.allCases.map(\.rawValue)), "ethnicity": words(1...200),
                "aesthetic_style": words(1...200), "gender": JSONSchema.oneOf(["female", "male", "non-binary"]),
                "custom_prompt": FieldRule.text(1...2_000).schema,
                "provider": JSONSchema.oneOf(PersonaPresenter.providers.map { $0.wire }),
            ], required: ["aesthetic_style"]),
        "PersonaFace": JSONSchema.output([
            "success": JSONSchema.boolean, "avatar_id": JSONSchema.nullableString, "image_url": JSONSchema.nullableString,
            "metadata": JSONSchema.output([
                "age": JSONSchema.integer, "ethnicity": JSONSchema.string, "aesthetic_style": JSONSchema.string,
                "dominant_features": JSONSchema.array(JSONSchema.string), "quality_score": JSONSchema.nullableNumber,
                "provider_used": JSONSchema.string, "generation_params": JSONSchema.object,
            ]), "cost_usd": JSONSchema.number, "generation_time_seconds": JSONSchema.number, "provider": JSONSchema.string,
        ]),
        "PersonaAvatar": JSONSchema.output([
            "id": JSONSchema.uuid, "user_id": JSONSchema.string, "name": JSONSchema.string, "stage": JSONSchema.string,
            "base_image_url": JSONSchema.nullableString, "lora_model_id": JSONSchema.nullableString,
            "niche": JSONSchema.nullableString, "aesthetic_style": JSONSchema.nullableString, "created_at": JSONSchema.dateTime,
            "updated_at": JSONSchema.dateTime, "metadata": JSONSchema.object,
        ]),
        "PersonaPiece": JSONSchema.output([
            "id": JSONSchema.uuid, "avatar_id": JSONSchema.uuid, "content_type": JSONSchema.string, "access_tier": tier,
            "url": JSONSchema.nullableString, "hook_text": JSONSchema.nullableString, "safety_rating": JSONSchema.nullableString,
            "created_at": JSONSchema.dateTime, "metadata": JSONSchema.object,
        ]),
        "PersonaBatchRequest": JSONSchema.input(
            [
                "avatar_id": JSONSchema.uuid, "num_pieces": FieldRule.int(1...100).schema,
                "platform": JSONSchema.oneOf(Hook.Platform.allCases.map(\.rawValue)),
                "tier_distribution": JSONSchema.input(
                    JSONObject(
                        ContentPiece.Tier.allCases.map {
                            (key: "\($0.rawValue)_ratio", value: ["type": "number", "minimum": 0, "maximum": 1])
                        })), "include_hooks": JSONSchema.boolean, "safety_check": JSONSchema.boolean,
                "upload_to_storage": JSONSchema.boolean,
                "custom_prompts": [
                    "type": "array", "items": FieldRule.text(1...2_000).schema, "maxItems": 100,
                ], "custom_tiers": ["type": "array", "items": tier, "maxItems": 100], "generation_config": JSONSchema.object,
            ], required: ["avatar_id"]),
        "PersonaTemplate": JSONSchema.output([
            "id": JSONSchema.string, "category": JSONSchema.string, "tier": tier, "prompt_template": JSONSchema.string,
            "pose_description": JSONSchema.string, "lighting": JSONSchema.string, "angle": JSONSchema.string,
            "tags": JSONSchema.array(JSONSchema.string),
        ]),
        "PersonaLoRA": JSONSchema.output([
            "id": JSONSchema.uuid, "user_id": JSONSchema.string, "name": JSONSchema.string,
            "description": JSONSchema.nullableString, "base_model": JSONSchema.nullableString,
            "lora_weights_url": JSONSchema.nullableString, "preview_image_url": JSONSchema.nullableString,
            "tags": JSONSchema.array(JSONSchema.string), "is_active": JSONSchema.boolean, "meta_data": JSONSchema.object,
            "created_at": JSONSchema.dateTime, "updated_at": JSONSchema.dateTime,
        ]),
        "PersonaDataset": JSONSchema.output([
            "success": JSONSchema.boolean, "avatar_id": JSONSchema.uuid, "batch_id": JSONSchema.string,
            "total_images": JSONSchema.integer, "images": JSONSchema.array(JSONSchema.object),
            "total_cost_usd": JSONSchema.number,
            "generation_time_seconds": JSONSchema.number, "dataset_zip_url": JSONSchema.nullableString,
            "average_quality_score": JSONSchema.nullableNumber,
        ]),
        "PersonaTraining": JSONSchema.output([
            "success": JSONSchema.boolean, "avatar_id": JSONSchema.uuid, "training_job_id": JSONSchema.uuid,
            "estimated_time_minutes": JSONSchema.integer, "cost_estimate_usd": JSONSchema.number, "status": JSONSchema.string,
            "weights_url": JSONSchema.nullableString,
        ]),
        "PersonaTrainingStatus": JSONSchema.output([
            "training_job_id": JSONSchema.uuid, "status": JSONSchema.oneOf(["queued", "running", "completed", "failed"]),
            "progress_percentage": JSONSchema.number, "current_step": JSONSchema.integer, "total_steps": JSONSchema.integer,
            "estimated_time_remaining_minutes": JSONSchema.nullableNumber, "loss": JSONSchema.nullableNumber,
            "weights_url": JSONSchema.nullableString, "error_message": JSONSchema.nullableString,
        ]),
    ]
}
