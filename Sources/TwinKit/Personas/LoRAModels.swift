import TwinDatabase
import TwinSupport

extension Personas {
    /// What is said of a LoRA model.
    package struct LoRADraft: Sendable {
        package var name: String
        package var description: String?
        package var baseModel: String?
        package var previewImageURL: String?
        package var tags: [String]
        package var metadata: JSONObject

        package init(
            name: String, description: String? = nil, baseModel: String? = nil, previewImageURL: String? = nil,
            tags: [String] = [], metadata: JSONObject = [:]
        ) {
            self.name = name
            self.description = description
            self.baseModel = baseModel
            self.previewImageURL = previewImageURL
            self.tags = tags
            self.metadata = metadata
        }
    }

    /// LoRA models, newest first.
    package func loraModels(_ scope: PersonScope, includeInactive: Bool = false) throws -> [LoRAModel] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(LoRAModel.columns) FROM lora_models
                WHERE (?1 IS NULL OR tenant_id = ?1) AND (?2 IS NULL OR user_id = ?2) AND (?3 OR is_active)
                ORDER BY key DESC LIMIT 1000
                """, scope.tenantID, scope.userID, includeInactive, map: LoRAModel.init)
        }
    }

    /// Throws `TwinError` (`notFound`) for one that is not the person's.
    package func loraModel(_ id: String, of person: Person) throws -> LoRAModel {
        let found = try database.read { connection in
            try connection.first(
                "SELECT \(LoRAModel.columns) FROM lora_models WHERE id = ? AND tenant_id = ? AND user_id = ?", id,
                person.tenantID, person.userID, map: LoRAModel.init)
        }
        guard let found else { throw OwnedTable<OwnedByPerson>.loraModels.notFound }
        return found
    }

    /// The one with this id, or with this name among those in use, whoever's it is: for the operator. Throws `TwinError`:
    /// `notFound`, or `invalid` for a name that several have.
    package func resolveLoRA(_ name: String) throws -> LoRAModel {
        let found = try database.read { connection in
            try connection.rows(
                """
                SELECT \(LoRAModel.columns) FROM lora_models WHERE id = ?1 OR name = ?1 AND is_active
                ORDER BY id = ?1 DESC, key LIMIT 2
                """, name, map: LoRAModel.init)
        }
        guard let first = found.first else {
            throw TwinError(.notFound, "there is no LoRA model '\(name.shortened(to: 60))'; 'twin loras list' shows them")
        }
        guard found.count == 1 || first.id == name else {
            throw TwinError(.invalid, "several LoRA models are called '\(name.shortened(to: 60))'; give the id")
        }
        return first
    }

    func activeLoRA(_ id: String, of person: Person) throws -> LoRAModel {
        let found = try? loraModel(id, of: person)
        guard let found, found.isActive else {
            throw TwinError(.invalid, "there is no active LoRA model of that id and person")
        }
        return found
    }

    /// Adds weights that are somewhere else. Throws `TwinError`.
    package func addLoRA(_ draft: LoRADraft, at address: String, for person: Person, by actor: String?) throws -> LoRAModel {
        try requireDecent(draft, of: person, by: actor)
        return try insert(draft, .address(try checkedAddress(address)), for: person, by: actor)
    }

    /// Adds weights from a file. One that was uploaded is taken over; one that is somebody's own is copied, because they may
    /// change it. Throws `TwinError` (`invalid`) for what is no `.safetensors`.
    package func addLoRA(
        _ draft: LoRADraft, file path: String, isUpload: Bool, for person: Person, by actor: String?
    ) throws -> LoRAModel {
        try WeightsFile.check(path)
        // Before the file is stored: whoever judges may take its time, and a row follows its file at once.
        try requireDecent(draft, of: person, by: actor)
        let staged =
            isUpload
            ? try StagedFile.adopt(path, in: objects.staging, maximumBytes: maximumWeightsBytes)
            : try StagedFile.write(in: objects.staging, maximumBytes: maximumWeightsBytes) { append in
                try FileContents.forEachPiece(of: path) { piece in try piece.withUnsafeBytes { try append($0) } }
            }
        // Looked at again where nobody else can change it.
        try WeightsFile.check(staged.path)
        return try insert(draft, .stored(try objects.store(staged, kind: .safetensors)), for: person, by: actor)
    }

    /// Where uploads are received, on the storage's own disk.
    package func uploadFolder() throws -> String {
        try AtomicFile.makeFolder(objects.staging)
        return objects.staging
    }

    private func requireDecent(_ draft: LoRADraft, of person: Person, by actor: String?) throws {
        let words = ([draft.name, draft.description ?? ""] + draft.tags).joined(separator: ". ")
        try requireDecent(words, what: "lora_model", of: person, by: actor)
    }

    private func insert(_ draft: LoRADraft, _ weights: Located, for person: Person, by actor: String?) throws -> LoRAModel {
        let preview = try draft.previewImageURL.map { try checkedAddress($0) }
        return try database.write { connection in
            let model = try connection.first(
                """
                INSERT INTO lora_models (id, tenant_id, user_id, name, description, base_model, weights, weights_url,
                    preview_image_url, tags, metadata, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?12, ?12) RETURNING \(LoRAModel.columns)
                """,
                [
                    Identifier.make(), person.tenantID, person.userID, draft.name, draft.description, draft.baseModel,
                    weights.columns.name, weights.columns.address, preview, JSON.strings(draft.tags),
                    JSON.object(draft.metadata), Clock.now,
                ] as [any DatabaseConvertible], map: LoRAModel.init)
            guard let model else { throw TwinError(.failed, "the LoRA model was not stored") }
            try AuditLog.append(
                .loraAdded, tenantID: person.tenantID, actor: actor,
                ["lora_model_id": .string(model.id), "user_id": .string(person.userID)], on: connection)
            return model
        }
    }

    /// Takes a LoRA model out of use; doing it again changes nothing. Personas that have its weights keep them.
    package func removeLoRA(_ model: LoRAModel, by actor: String?) throws {
        guard model.isActive else { return }
        try database.write { connection in
            try connection.run("UPDATE lora_models SET is_active = 0, updated_at = ? WHERE key = ?", Clock.now, model.key)
            try AuditLog.append(
                .loraRemoved, tenantID: model.person.tenantID, actor: actor,
                ["lora_model_id": .string(model.id), "user_id": .string(model.person.userID)], on: connection)
        }
    }
}
