import TwinDatabase
import TwinHTTP
import TwinSupport

/// The settings of personas: who draws and trains, what it costs, where it is kept, what is looked at.
extension Configuration {
    static let personaDefinitions: [Definition] = [
        Definition(
            name: "images.cog.url", variable: "TWIN_IMAGES_COG_URL", value: .url, fallback: nil,
            help: "A Cog server that draws, for example http://127.0.0.1:5000."),
        Definition(
            name: "images.cog.key_file", variable: "TWIN_IMAGES_COG_KEY_FILE", value: .path, fallback: nil,
            help: "File with the key of the Cog server; TWIN_IMAGES_COG_KEY holds the key itself."),
        Definition(
            name: "images.cog.price", variable: "TWIN_IMAGES_COG_PRICE", value: .dollars, fallback: "0.01",
            help: "Dollars that a picture of the Cog server costs."),
        Definition(
            name: "images.sdapi.url", variable: "TWIN_IMAGES_SDAPI_URL", value: .url, fallback: nil,
            help: "A server that speaks AUTOMATIC1111's /sdapi/v1, for example http://127.0.0.1:7860."),
        Definition(
            name: "images.sdapi.price", variable: "TWIN_IMAGES_SDAPI_PRICE", value: .dollars, fallback: "0",
            help: "Dollars that a picture of that server costs."),
        Definition(
            name: "images.openai.url", variable: "TWIN_IMAGES_OPENAI_URL", value: .url, fallback: nil,
            help: "Base URL of an OpenAI-compatible endpoint for pictures."),
        Definition(
            name: "images.openai.name", variable: "TWIN_IMAGES_OPENAI_MODEL", value: .text, fallback: nil,
            help: "The model for pictures."),
        Definition(
            name: "images.openai.key_file", variable: "TWIN_IMAGES_OPENAI_KEY_FILE", value: .path, fallback: nil,
            help: "File with the key of the picture endpoint; TWIN_IMAGES_OPENAI_KEY holds the key itself."),
        Definition(
            name: "images.openai.price", variable: "TWIN_IMAGES_OPENAI_PRICE", value: .dollars, fallback: "0.04",
            help: "Dollars that a picture of that endpoint costs."),
        Definition(
            name: "images.parallel", variable: "TWIN_IMAGES_PARALLEL", value: .integer(1...5), fallback: "2",
            help: "Pictures of one batch that are drawn at once."),
        Definition(
            name: "images.timeout", variable: "TWIN_IMAGES_TIMEOUT", value: .integer(1...3600), fallback: "300",
            help: "Seconds that one picture may take."),
        Definition(
            name: "training.cog.url", variable: "TWIN_TRAINING_COG_URL", value: .url, fallback: nil,
            help: "A Cog server in training mode."),
        Definition(
            name: "training.cog.key_file", variable: "TWIN_TRAINING_COG_KEY_FILE", value: .path, fallback: nil,
            help: "File with the key of the training server; TWIN_TRAINING_COG_KEY holds the key itself."),
        Definition(
            name: "training.cog.price", variable: "TWIN_TRAINING_COG_PRICE", value: .dollars, fallback: "2.50",
            help: "Dollars that a training costs."),
        Definition(
            name: "moderation.url", variable: "TWIN_MODERATION_URL", value: .url, fallback: nil,
            help: "Base URL of an OpenAI-compatible endpoint that looks at what pictures are asked for, beside twin's own rules."),
        Definition(
            name: "moderation.name", variable: "TWIN_MODERATION_MODEL", value: .text, fallback: "omni-moderation-latest",
            help: "The moderation model."),
        Definition(
            name: "moderation.key_file", variable: "TWIN_MODERATION_KEY_FILE", value: .path, fallback: nil,
            help: "File with the key of the moderation endpoint; TWIN_MODERATION_KEY holds the key itself."),
        Definition(
            name: "storage.folder", variable: "TWIN_STORAGE_FOLDER", value: .path, fallback: nil,
            help: "Where pictures, weights and clients' files are kept; without it a folder beside the database."),
        Definition(
            name: "storage.s3.url", variable: "TWIN_STORAGE_S3_URL", value: .url, fallback: nil,
            help: "An S3-compatible storage that new pictures, weights and files go to, for example https://s3.example.org."),
        Definition(
            name: "storage.s3.bucket", variable: "TWIN_STORAGE_S3_BUCKET", value: .text, fallback: nil,
            help: "The bucket, which must exist."),
        Definition(
            name: "storage.s3.region", variable: "TWIN_STORAGE_S3_REGION", value: .text, fallback: "us-east-1",
            help: "The region that requests are signed for."),
        Definition(
            name: "storage.s3.key_id", variable: "TWIN_STORAGE_S3_KEY_ID", value: .text, fallback: nil,
            help: "The name of the access key."),
        Definition(
            name: "storage.s3.secret_file", variable: "TWIN_STORAGE_S3_SECRET_FILE", value: .path, fallback: nil,
            help: "File with the secret of the access key; TWIN_STORAGE_S3_SECRET holds the secret itself."),
        Definition(
            name: "storage.s3.uploads", variable: "TWIN_STORAGE_S3_UPLOADS", value: .flag, fallback: "true",
            help: "Whether documents of the brain contract are sent right to the bucket, where there is one."),
        Definition(
            name: "loras.max_file_mib", variable: "TWIN_LORAS_MAX_FILE_MIB", value: .integer(1...10_240), fallback: "512",
            help: "The largest file of weights that is accepted, in MiB."),
        Definition(
            name: "persona.auth", variable: "TWIN_PERSONA_AUTH", value: .word(["on", "off"]), fallback: "on",
            help: "off lets callers on this machine use the persona contract without credentials, as persona.user."),
        Definition(
            name: "persona.user", variable: "TWIN_PERSONA_USER", value: .text, fallback: nil,
            help: "E-mail address or id of the user that callers without credentials act as."),
    ]

    /// The models that draw, in the order in which they are asked.
    var imageModels: [any ImageModel] {
        let seconds = (try? integer("images.timeout")) ?? 300
        func server(_ name: String) -> ProviderConfiguration? {
            provider("images.\(name)", keyVariable: "TWIN_IMAGES_\(name.uppercased())_KEY").map { configuration in
                var configuration = configuration
                configuration.timeouts.total = seconds * 1_000
                // Nothing comes while a picture is drawn.
                configuration.timeouts.idle = seconds * 1_000
                return configuration
            }
        }
        var models: [any ImageModel] = []
        if let cog = server("cog") { models.append(CogImages(cog)) }
        if let sdapi = server("sdapi") { models.append(StableDiffusionImages(sdapi)) }
        if let openAI = server("openai") { models.append(OpenAIImages(openAI)) }
        return models
    }

    var trainer: CogTrainer? { provider("training.cog", keyVariable: "TWIN_TRAINING_COG_KEY").map { CogTrainer($0) } }

    var moderation: (any ModerationModel)? {
        provider("moderation", keyVariable: "TWIN_MODERATION_KEY").map { configuration in
            var configuration = configuration
            configuration.retries.attempts = 2
            configuration.timeouts.total = 20_000
            return ModerationsEndpoint(configuration)
        }
    }

    /// What pictures and trainings cost. Throws `TwinError` (`invalid`).
    var priceList: PriceList {
        get throws {
            func price(_ name: String) throws -> Money { try checked(name).flatMap { Money(dollars: $0) } ?? .zero }
            return PriceList(
                pictures: [
                    "cog": try price("images.cog.price"), "sdapi": try price("images.sdapi.price"),
                    "openai": try price("images.openai.price"),
                ], training: try price("training.cog.price"))
        }
    }

    /// The folder for pictures, weights and files of a database at `path`.
    package func storageFolder(besides path: String) -> String { text("storage.folder") ?? path + ".storage" }

    /// Where pictures, weights and files of a database are kept. Throws `TwinError` (`notConfigured`).
    func objectStores(of database: Database) throws -> ObjectStores {
        try objectStores(folder: storageFolder(besides: database.path), files: StoredFiles(database: database))
    }

    /// The same in a folder that is named.
    func objectStores(folder root: String, files: StoredFiles) throws -> ObjectStores {
        let folder = FolderStore(root: root)
        let staging = root + "/incoming"
        guard let bucket = try bucket() else { return ObjectStores(folder, staging: staging, files: files) }
        return ObjectStores(bucket, [folder], staging: staging, files: files)
    }

    /// The bucket that is configured; none without one. Throws `TwinError` (`notConfigured`) for half a configuration.
    func bucket() throws -> BucketStore? {
        guard let url = text("storage.s3.url") else { return nil }
        guard let bucket = text("storage.s3.bucket"), let keyID = text("storage.s3.key_id"),
            let secret = try secret(file: "storage.s3.secret_file", variable: "TWIN_STORAGE_S3_SECRET")
        else {
            throw TwinError(
                .notConfigured, "storage.s3.url needs storage.s3.bucket, storage.s3.key_id and storage.s3.secret_file beside it")
        }
        return try BucketStore(
            endpoint: url, bucket: bucket,
            signature: RequestSignature(region: text("storage.s3.region") ?? "us-east-1", keyID: keyID, secret: secret))
    }
}
