import TwinHTTP
import TwinReaders
import TwinSupport

/// What the settings make of the services that talk to the outside.
extension Configuration {
    /// The network for ingestion. Without `allowPrivate` it reaches public addresses only.
    func remoteSources(allowPrivate: Bool, reading: any DocumentReading) -> any RemoteSources {
        var fetching = FetchConfiguration()
        fetching.reading = reading
        if allowPrivate { fetching.addresses = .any }
        if let url = text("youtube.url") { fetching.youTubeURL = url }
        if let url = text("x.oembed_url") { fetching.xEmbedURL = url }
        let transcription = provider("transcription", keyVariable: "TWIN_TRANSCRIPTION_KEY").map { configuration in
            var configuration = configuration
            // An hour of speech is written down in minutes, in which the server says nothing; each attempt may cost money.
            configuration.timeouts.idle = 3_600_000
            configuration.timeouts.total = 3_600_000
            configuration.retries.attempts = 1
            return TranscriptionsEndpoint(configuration)
        }
        return FetchedSources(SourceFetcher(fetching, transcription: transcription))
    }

    /// The model that words answers; none while `model.url` is not set.
    var languageModel: (any LanguageModel)? {
        provider("model", keyVariable: "TWIN_MODEL_KEY").map { configuration in
            var configuration = configuration
            let limit = ((try? integer("model.timeout")) ?? 180) * 1000
            configuration.timeouts.total = limit
            configuration.timeouts.idle = min(configuration.timeouts.idle, limit)
            return ChatCompletionsModel(configuration)
        }
    }

    /// The endpoint behind the settings `<name>.url`, `<name>.name` and `<name>.key_file`; none while no URL is set. The
    /// key is in the file, or in the environment variable `keyVariable`.
    func provider(_ name: String, keyVariable: String) -> ProviderConfiguration? {
        guard let url = text("\(name).url") else { return nil }
        let key: SecretSource? =
            text("\(name).key_file").map { .file($0) } ?? (hasVariable(keyVariable) ? .environment(keyVariable) : nil)
        return ProviderConfiguration(baseURL: url, model: text("\(name).name") ?? "default", keySource: key)
    }

    /// Where tools and webhooks of desks may lead: the public Internet, and the addresses that the operator lists.
    var toolPolicy: AddressPolicy {
        AddressPolicy(allowsPrivate: false, exceptions: Set(list("support.private_addresses").compactMap { IPAddress($0) }))
    }

    /// The issuer whose users may sign in. Throws `TwinError` (`notConfigured`) where none is set.
    func openIDSettings() throws -> OpenIDSignIn.Settings {
        guard let issuer = text("oidc.issuer"), let client = text("oidc.client_id") else {
            throw TwinError(.notConfigured, "no issuer is configured; set oidc.issuer and oidc.client_id")
        }
        return OpenIDSignIn.Settings(
            issuer: issuer, clientID: client,
            clientSecret: try secret(file: "oidc.client_secret_file", variable: "TWIN_OIDC_CLIENT_SECRET"),
            tenantID: text("oidc.tenant"), role: User.Role(rawValue: text("oidc.role") ?? "viewer") ?? .viewer)
    }

    /// Whether anybody may register at the support contract.
    var opensRegistration: Bool { text("support.registration") == "open" }

    /// Where the key is that seals the secrets in the database; none when none is named.
    package var sealingKey: SealingKeyFile? { text("secrets.master_key_file").map { SealingKeyFile(path: $0) } }

    /// The files that hold keys.
    package var keyPaths: [String] {
        Self.definitions.filter { ["key_file", "secret_file", "password_file"].contains(where: $0.name.hasSuffix) }.compactMap {
            text($0.name)
        }
    }

    /// What users, and the keys and visitors of a tenant, may use a day where nothing was set for them.
    var quotaDefaults: Quotas.Defaults {
        Quotas.Defaults(user: text("quota.default").flatMap { Int($0) }, tenant: text("quota.tenant_daily").flatMap { Int($0) })
    }

    /// For how many days conversations are kept; none keeps them.
    package var conversationDays: Int? { days("retention.conversations_days") }

    /// For how many days pictures of personas are kept; none keeps them.
    var pictureDays: Int? { days("retention.pictures_days") }

    private func days(_ name: String) -> Int? { text(name).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

    /// The key of the internal routes of the journal contract. Throws a `TwinError` (`notConfigured`) for one that cannot be read
    /// or is too short to be one.
    var journalInternalKey: Secret? {
        get throws {
            guard let key = try secret(file: "journal.internal_key_file", variable: "TWIN_JOURNAL_INTERNAL_KEY") else {
                return nil
            }
            guard key.reveal().utf8.count >= 16 else {
                throw TwinError(
                    .notConfigured,
                    "the key of journal.internal_key_file has fewer than 16 characters; 'openssl rand -hex 32' makes a good one")
            }
            return key
        }
    }

    /// What a primary and its replicas know each other by; none where there are no replicas. Throws `TwinError` (`notConfigured`).
    package func replicaToken() throws -> Secret? {
        guard let token = try secret(file: "replica.token_file", variable: "TWIN_REPLICA_TOKEN") else { return nil }
        guard token.reveal().utf8.count >= 32 else {
            throw TwinError(
                .notConfigured, "TWIN_REPLICA_TOKEN has fewer than 32 characters; 'openssl rand -hex 32' makes a good one")
        }
        return token
    }

    /// Whose word about the client's address is taken. Throws `TwinError` (`invalid`).
    package func trustedProxies() throws -> TrustedProxies {
        let proxies = Self.list(of: try checked("serve.trusted_proxies") ?? "")
        return proxies.isEmpty ? .loopback : try TrustedProxies(proxies)
    }

    /// What tokens are made and checked with. Throws `TwinError` (`notConfigured`) for a secret that cannot be read.
    package var tokenSettings: TokenSettings {
        get throws {
            TokenSettings(
                secret: try secret(file: "jwt.secret_file", variable: "TWIN_JWT_SECRET"), keySetLocation: text("jwt.jwks"),
                issuer: text("jwt.issuer"), audience: text("jwt.audience"))
        }
    }

    /// Whether a model server answers, by a request that costs nothing. Blocks for a second at the most.
    func state(ofProvider name: String, keyVariable: String) -> ServiceProbe.State {
        guard let provider = provider(name, keyVariable: keyVariable) else { return .notConfigured }
        return ProviderEndpoint(provider).answers(within: 1_000) ? .ok : .down
    }

    /// Where a front end is that has pages of its own for share links and invitations, without a slash at its end.
    package var frontendURL: String? { address("frontend.url") }

    /// The address under which the server is reached from outside, without a slash at its end.
    package var publicURL: String? { address("serve.public_url") }

    private func address(_ name: String) -> String? {
        guard var url = text(name) else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
