import TwinDatabase
import TwinHTTP
import TwinSupport

/// Personas: faces and looks that pictures are made with, for a person of a tenant. This is what makes and finds them; pictures,
/// batches, datasets and trainings stand in files of their own. It makes nothing up: without a model there is no picture.
///
/// Who may do what is the authorizer's to say, before anything here is called.
package struct Personas: Sendable {
    let database: Database
    let objects: ObjectStores
    package let links: StorageLinks
    package let decency: Decency
    let models: [any ImageModel]
    let trainer: CogTrainer?
    package let prices: PriceList
    /// Pictures of one batch that are drawn at once.
    let parallel: Int
    /// Fetches what callers name: public addresses only, unless the operator allows others.
    let fetcher: WebFetcher
    /// Writes hooks; without one they come from rules.
    let writer: (any LanguageModel)?
    /// Where trainers call back.
    let publicURL: String
    package let maximumWeightsBytes: Int

    package var costs: Costs { Costs(database: database) }

    // MARK: Faces

    /// What a face is to look like.
    package struct Face: Sendable, Equatable {
        /// Ages that can be drawn; there is none below 18.
        package enum AgeRange: String, Sendable, CaseIterable {
            case young = "18-25", adult = "26-35", middle = "36-45", older = "46+"

            /// The age that is drawn; always of an adult.
            package var years: Int {
                switch self {
                case .young: 22
                case .adult: 30
                case .middle: 40
                case .older: 50
                }
            }
        }

        package var age: AgeRange
        package var ethnicity: String
        package var style: String
        /// `female`, `male` or `non-binary`.
        package var gender: String
        package var more: String?
        /// The model that is to draw it, as the settings call it; none for the first that can.
        package var model: String?

        package init(
            age: AgeRange, ethnicity: String, style: String, gender: String, more: String? = nil, model: String? = nil
        ) {
            self.age = age
            self.ethnicity = ethnicity
            self.style = style
            self.gender = gender
            self.more = more
            self.model = model
        }

        /// What a person wrote of it.
        var words: String { [ethnicity, style, more ?? ""].joined(separator: ". ") }

        package var prompt: String {
            let extra = more.map { ", \($0)" } ?? ""
            return
                "Portrait photograph of a \(gender) adult, \(age.years) years old, \(ethnicity), \(style) style\(extra), fully "
                + "dressed, neutral background"
        }
    }

    /// A face that was drawn, and is kept nowhere yet but in the storage or in memory.
    package struct DrawnFace: Sendable {
        package var face: Face
        package var picture: Drawing
    }

    /// Draws a face to be looked at: nothing of it is kept but what it cost. Throws `TwinError`.
    package func preview(_ face: Face, for person: Person, by actor: String?, isCancelled: @escaping () -> Bool) throws
        -> DrawnFace
    {
        try requireDecent(face.words, what: "face", of: person, by: actor)
        let id = Identifier.make()
        let picture = try draw(
            ImageOrder(id: id, prompt: face.prompt, negativePrompt: Self.never), by: face.model, keeps: false, isCancelled)
        try database.write { connection in
            try Costs.book(
                picture.cost, for: .face, by: picture.model, of: person, avatar: nil, subject: "preview:\(id)", on: connection)
        }
        return DrawnFace(face: face, picture: picture)
    }

    /// Draws a face and makes a persona of it, with what it cost. Throws `TwinError`; a LoRA model that is not the person's or
    /// not active is `notFound`.
    package func create(
        _ name: String, niche: String, style: String, face: Face, loraModelID: String?, twin: Twin? = nil, for person: Person,
        by actor: String?, isCancelled: @escaping () -> Bool
    ) throws -> (avatar: Avatar, face: DrawnFace) {
        try requireDecent([name, niche, style, face.words].joined(separator: ". "), what: "avatar", of: person, by: actor)
        let lora = try loraModelID.map { try activeLoRA($0, of: person) }
        let id = Identifier.make()
        let picture = try draw(
            ImageOrder(id: id, prompt: face.prompt, negativePrompt: Self.never), by: face.model, keeps: true, isCancelled)
        let drawn = DrawnFace(face: face, picture: picture)
        let avatar = try database.write { connection in
            let avatar = try Self.insert(
                id: id, name, niche: niche, style: style, stage: Avatar.Stage.faceGenerated, image: picture.located, lora: lora,
                weights: lora?.weights, twin: twin,
                metadata: [
                    "facial_metadata": drawn.metadata,
                    "generation": ["provider": .string(picture.model), "prompt": .string(face.prompt)],
                    "cost_usd": .double(picture.cost.dollars),
                ], of: person, on: connection)
            try Self.add("facial_features", drawn.metadata, to: avatar, on: connection)
            try Costs.book(
                picture.cost, for: .face, by: picture.model, of: person, avatar: avatar.key, subject: "avatar:\(id)",
                on: connection)
            try Self.audit(.personaCreated, avatar, by: actor, on: connection)
            return avatar
        }
        return (avatar, drawn)
    }

    /// Makes a persona that is taught by weights: those of a LoRA model, which go before those of an address. Throws `TwinError`
    /// (`invalid` without either).
    package func create(
        _ name: String, niche: String, style: String, loraModelID: String?, weightsURL: String?, imageURL: String?, bio: String?,
        twin: Twin? = nil, for person: Person, by actor: String?
    ) throws -> Avatar {
        try requireDecent([name, niche, style, bio ?? ""].joined(separator: ". "), what: "avatar", of: person, by: actor)
        let lora = try loraModelID.map { try activeLoRA($0, of: person) }
        guard let weights = try lora?.weights ?? weightsURL.map({ Located.address(try checkedAddress($0)) }) else {
            throw TwinError(.invalid, "name a LoRA model (lora_model_id) or the address of its weights (lora_weights_url)")
        }
        let image = try imageURL.map { Located.address(try checkedAddress($0)) }
        return try database.write { connection in
            let avatar = try Self.insert(
                id: Identifier.make(), name, niche: niche, style: style, stage: Avatar.Stage.loraReady, image: image, lora: lora,
                weights: weights, twin: twin, metadata: [:], of: person, on: connection)
            if let bio { try Self.add("biography", ["text": .string(bio)], to: avatar, on: connection) }
            try Self.audit(.personaCreated, avatar, by: actor, on: connection)
            return avatar
        }
    }

    private static func insert(
        id: String, _ name: String, niche: String, style: String, stage: String, image: Located?, lora: LoRAModel?,
        weights: Located?, twin: Twin?, metadata: JSONObject, of person: Person, on connection: Connection
    ) throws -> Avatar {
        let now = Clock.now
        let avatar = try connection.first(
            """
            INSERT INTO avatars (id, tenant_id, user_id, of_twin, name, stage, niche, aesthetic_style, base_image, base_image_url,
                lora_model_id, lora_weights, lora_weights_url, metadata, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?15, ?15) RETURNING \(Avatar.columns)
            """,
            [
                id, person.tenantID, person.userID, twin?.key, name, stage, niche, style, image?.columns.name,
                image?.columns.address, lora?.id, weights?.columns.name, weights?.columns.address, JSON.object(metadata), now,
            ] as [any DatabaseConvertible], map: Avatar.init)
        guard let avatar else { throw TwinError(.failed, "the avatar was not stored") }
        return avatar
    }

    private static func add(_ kind: String, _ content: JSON, to avatar: Avatar, on connection: Connection) throws {
        try connection.run(
            "INSERT OR REPLACE INTO avatar_components (avatar_key, kind, content, created_at) VALUES (?, ?, ?, ?)", avatar.key,
            kind, content, Clock.now)
    }

    static func audit(
        _ action: AuditLog.Action, _ avatar: Avatar, _ more: JSONObject = [:], by actor: String?, on connection: Connection
    ) throws {
        let named: JSONObject = ["avatar_id": .string(avatar.id), "user_id": .string(avatar.person.userID)]
        try AuditLog.append(action, tenantID: avatar.person.tenantID, actor: actor, named.merging(more), on: connection)
    }

    // MARK: Finding and changing

    /// Throws `TwinError` (`notFound`).
    package func find(_ id: String) throws -> Avatar { try database.read { try Self.find(id, on: $0) } }

    static func find(_ id: String, on connection: Connection) throws -> Avatar {
        guard let avatar = try connection.first("SELECT \(Avatar.columns) FROM avatars WHERE id = ?", id, map: Avatar.init) else {
            throw OwnedTable<OwnedByPerson>.avatars.notFound
        }
        return avatar
    }

    /// The persona with this id or name, of the whole file. Throws `TwinError`: `notFound`, or `invalid` for a name that several
    /// have.
    package func resolve(_ name: String) throws -> Avatar {
        let found = try database.read { connection in
            try connection.rows(
                "SELECT \(Avatar.columns) FROM avatars WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC, key LIMIT 2", name,
                map: Avatar.init)
        }
        guard let first = found.first else {
            throw TwinError(.notFound, "there is no persona '\(name.shortened(to: 60))'; 'twin personas list' shows them")
        }
        guard found.count == 1 || first.id == name else {
            throw TwinError(.invalid, "several personas are called '\(name.shortened(to: 60))'; give the id")
        }
        return first
    }

    /// Personas, newest first. `limit` is brought into 1 to 1,000.
    package func list(_ scope: PersonScope, skip: Int = 0, limit: Int = 100) throws -> [Avatar] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Avatar.columns) FROM avatars WHERE (?1 IS NULL OR tenant_id = ?1) AND (?2 IS NULL OR user_id = ?2)
                ORDER BY key DESC LIMIT ?3 OFFSET ?4
                """, scope.tenantID, scope.userID, min(max(limit, 1), 1_000), max(skip, 0), map: Avatar.init)
        }
    }

    /// Says how far a persona is, in any word.
    package func setStage(_ avatar: Avatar, _ stage: String, by actor: String?) throws {
        try database.write { connection in
            try connection.run("UPDATE avatars SET stage = ?2, updated_at = ?3 WHERE key = ?1", avatar.key, stage, Clock.now)
            try Self.audit(.personaUpdated, avatar, ["stage": .string(stage)], by: actor, on: connection)
        }
    }

    // MARK: Decency and addresses

    /// What no picture shows, for models that can be told so.
    static let never = "nudity, underwear, sexual content, child, teenager, violence, blood"

    /// Throws `TwinError` (`invalid`) for words that ask for what no picture shows, and writes that down.
    func requireDecent(_ text: String, what: String, of person: Person, by actor: String?) throws {
        let judgement = decency.judge(text)
        guard !judgement.isSafe else { return }
        try database.write { try Decency.audit(judgement, what: what, of: person, by: actor, on: $0) }
        throw TwinError(.invalid, "this is refused: \(judgement.reason ?? "it is not decent")")
    }

    /// An address that a caller gives for a model's server to fetch from: public as far as it can be told by looking at it.
    /// Throws `TwinError` (`invalid`).
    func checkedAddress(_ text: String) throws -> String {
        guard let address = try? WebAddress(text) else {
            throw TwinError(.invalid, "the address must begin with http:// or https://")
        }
        if fetcher.configuration.addresses.allowsPrivate { return address.description }
        let host = address.host.filter { $0 != "[" && $0 != "]" }
        let last = host.split(separator: ".").last ?? ""
        let isNumber = last.allSatisfy(\.isNumber) || last.hasPrefix("0x")
        let isName =
            host.contains(".") && !isNumber && ![".local", ".internal", ".localhost"].contains(where: { host.hasSuffix($0) })
        let isPublic = IPAddress(host)?.isPublic ?? isName
        guard isPublic else { throw TwinError(.invalid, "\(address.host) is not on the public Internet") }
        return address.description
    }

    /// Where something can be fetched from.
    package func address(of located: Located?) throws -> String? {
        switch located {
        case .stored(let name): try links.address(of: name)
        case .address(let address): address
        case nil: nil
        }
    }

    /// Opens what an address of this server speaks for. Throws `TwinError` (`notFound`).
    package func open(_ name: String, expires: Int64, signature: String) throws -> (name: StoredName, object: StoredObject) {
        let name = try links.name(name, expires: expires, signature: signature)
        return (name, try objects.open(name))
    }
}

extension Personas.DrawnFace {
    /// What is known of a face. Nobody has looked at the picture, so that nothing is said of its quality or its features.
    package var metadata: JSON {
        [
            "age": .number(face.age.years), "ethnicity": .string(face.ethnicity), "aesthetic_style": .string(face.style),
            "dominant_features": [], "color_palette": .null, "quality_score": .null, "provider_used": .string(picture.model),
            "generation_params": [
                "prompt": .string(face.prompt), "width": .number(picture.width), "height": .number(picture.height),
            ],
        ]
    }
}
