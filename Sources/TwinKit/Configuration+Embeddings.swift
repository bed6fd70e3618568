import TwinSupport

/// The model that gives texts their vectors, so that they are found by what they mean.
extension Configuration {
    static let embeddingDefinitions = [
        Definition(
            name: "embedding.url", variable: "TWIN_EMBEDDING_URL", value: .url, fallback: nil,
            help: "Base URL of an OpenAI-compatible endpoint for embeddings."),
        Definition(
            name: "embedding.name", variable: "TWIN_EMBEDDING_MODEL", value: .text, fallback: nil,
            help: "The embedding model."),
        Definition(
            name: "embedding.key_file", variable: "TWIN_EMBEDDING_KEY_FILE", value: .path, fallback: nil,
            help: "File with the key of the embedding endpoint; TWIN_EMBEDDING_KEY holds the key itself."),
        Definition(
            name: "embedding.server", variable: "TWIN_EMBEDDING_SERVER",
            value: .word(LocalModelServer.started.map(\.rawValue)), fallback: nil,
            help: "The embedding server that twin starts on this machine; 'twin models use' sets it. embedding.url comes first."),
        Definition(
            name: "embedding.query_prefix", variable: "TWIN_EMBEDDING_QUERY_PREFIX", value: .text, fallback: nil,
            help: "Put before questions that are embedded, for models that want it, such as 'query: '."),
        Definition(
            name: "embedding.document_prefix", variable: "TWIN_EMBEDDING_DOCUMENT_PREFIX", value: .text, fallback: nil,
            help: "Put before what is searched, such as 'passage: '. Another prefix needs other vectors."),
    ]

    /// The embedding server that is to be started here; none where one is reached by its address, or none is wanted.
    package var embeddingServer: (server: LocalModelServer, model: String)? {
        guard text("embedding.url") == nil,
            let server = text("embedding.server").flatMap(LocalModelServer.init(rawValue:)), server.standingAddress == nil
        else { return nil }
        return (server, server.modelHelp == nil ? "" : text("embedding.name") ?? "")
    }

    /// The model that gives texts their vectors, for who waits `patience` milliseconds for it at most, or for as long as it takes;
    /// none while neither `embedding.url` nor `embedding.server` is set. A server that is started here has longer in a process
    /// that does not hurry: its first vector takes a while.
    func embeddingModel(patience: Int?, _ models: LocalModels) -> (any EmbeddingModel)? {
        let patient: @Sendable (ProviderConfiguration, Int?) -> ProviderConfiguration = { configuration, patience in
            var configuration = configuration
            if let patience {
                configuration.retries.attempts = 1
                configuration.timeouts.connect = min(configuration.timeouts.connect, patience)
                configuration.timeouts.idle = patience
                configuration.timeouts.total = patience
            }
            return configuration
        }
        if let provider = provider("embedding", keyVariable: "TWIN_EMBEDDING_KEY") {
            return EmbeddingsEndpoint(patient(provider, patience), wordings: wordings(of: provider.model))
        }
        guard let (server, model) = embeddingServer else { return nil }
        let name = model.isEmpty ? server.rawValue : FilePath.name(model)
        let wordings = server.wordings ?? wordings(of: name)
        return LocalEmbeddings(server: server, model: model, models: models, isQuestion: patience != nil) { address in
            let limit = patience.map { models.patience(hurried: $0) }
            return EmbeddingsEndpoint(patient(ProviderConfiguration(baseURL: address, model: name), limit), wordings: wordings)
        }
    }

    private func wordings(of model: String) -> EmbeddingWordings {
        EmbeddingWordings(
            query: EmbeddingWording(model: model, prefix: text("embedding.query_prefix") ?? ""),
            document: EmbeddingWording(model: model, prefix: text("embedding.document_prefix") ?? ""))
    }

    func embeddingState(_ models: LocalModels) -> ServiceProbe.State {
        guard let (server, model) = embeddingServer else {
            return state(ofProvider: "embedding", keyVariable: "TWIN_EMBEDDING_KEY")
        }
        return models.isWorking(server, model: model) ? .ok : .down
    }

    /// The server that gives vectors, as far as it is one that twin knows.
    package var usedServer: LocalModelServer? {
        if let url = text("embedding.url") {
            return LocalModelServer.allCases.first { $0.standingAddress == url }
        }
        return embeddingServer?.server
    }

    /// Settings of the embedding model that stand in the environment, and so come before those in the file.
    package var embeddingVariables: [String] {
        Self.embeddingDefinitions.map(\.variable).filter { hasVariable($0) }
    }

    /// Writes the settings of `choice` into the file, in place of those there are; without one, words alone are searched. Throws
    /// `TwinError`.
    package func use(_ choice: LocalModelChoice?) throws {
        var values: [(name: String, text: String?)] = Self.embeddingDefinitions.map { ($0.name, nil) }
        for (name, text) in choice?.settings ?? [:] { values.append((name, text)) }
        _ = try setting(values)
    }
}

/// A server and the model that it is to serve.
package struct LocalModelChoice: Sendable {
    package let server: LocalModelServer
    /// The path of the model's file, or its name; empty for a server that brings its own.
    let model: String

    /// Throws `TwinError` (`invalid`) for a model that is missing or not wanted, `notFound` for a file that is not there.
    package init(_ server: LocalModelServer, model: String?) throws {
        self.server = server
        guard let help = server.modelHelp else {
            if model != nil { throw TwinError(.invalid, "\(server.rawValue) brings its own model; leave out --model") }
            self.model = ""
            return
        }
        guard let model, !model.isEmpty else {
            throw TwinError(.invalid, "\(server.rawValue) needs --model MODEL: \(help)")
        }
        if server.standingAddress == nil {
            self.model = FilePath.absolute(model)
            guard FileContents.exists(self.model) else { throw TwinError(.notFound, "there is no file \(model)") }
        } else {
            self.model = model
        }
    }

    /// What the model is called.
    package var name: String {
        if model.isEmpty { return server.rawValue }
        // A name of a model may have slashes; only a file has a path.
        return server.standingAddress == nil ? FilePath.name(model) : model
    }

    /// What stands in the configuration's file for it.
    var settings: [String: String] {
        var settings: [String: String] = [:]
        if let address = server.standingAddress {
            settings["embedding.url"] = address
        } else {
            settings["embedding.server"] = server.rawValue
        }
        if !model.isEmpty {
            settings["embedding.name"] = model
            let wordings = EmbeddingWordings.customary(for: model)
            for (name, wording) in [("embedding.query_prefix", wordings.query), ("embedding.document_prefix", wordings.document)]
            where !wording.prefix.isEmpty { settings[name] = wording.prefix }
        }
        return settings
    }

    /// How many numbers a vector of it has, asked of the server itself, which is started for that. Throws `TwinError`.
    package func dimension(_ models: LocalModels) throws -> Int {
        do {
            let address = try server.standingAddress ?? models.address(of: server, model: model)
            let endpoint = EmbeddingsEndpoint(
                ProviderConfiguration(baseURL: address, model: name),
                wordings: server.wordings ?? EmbeddingWordings.customary(for: name))
            return try endpoint.embed(["A sentence."]).first?.count ?? 0
        } catch let error as ProviderError {
            throw error.twinError
        }
    }
}
