import TwinKit
import TwinSupport

enum LoRAsCommand {
    static let command = Command(
        "loras", summary: "Keep LoRA weights, which teach a model a face",
        discussion: """
            Weights are .safetensors by their bytes, as a file or at an address; a pickle is refused whatever it is called. A file \
            is kept under the hash of its bytes. Training one of your own goes through the API ('twin api', /api/v1/loras/training) and \
            a Cog server (training.cog.url).
            """,
        examples: [Example("twin loras add Mara mara.safetensors --tag portrait", "a file")],
        alsoCalled: ["lora", "weights"], subcommands: [add, list, remove])

    static let add = Command(
        "add", summary: "Add weights from a file or an address",
        examples: [Example("twin loras add Mara https://example.org/mara.safetensors", "they stay where they are")],
        arguments: [
            Argument("NAME", help: "What they are called"),
            Argument("WEIGHTS", help: "A .safetensors file, or an address", completion: .files),
        ],
        options: [
            .string("base", "MODEL", help: "The model that they were made for"),
            .string("tag", "WORD", repeats: true, help: "A word to find them by"),
            .string("description", "WORDS", help: "What they are"), PersonasCommand.user,
        ],
        exits: [.notConfigured, .notFound, .limitReached], alsoCalled: ["create", "new", "upload"], run: addModel)

    static let list = Command(
        "list", summary: "List LoRA models, newest first", examples: [Example("twin loras list --all", "removed ones too")],
        options: [.flag("all", short: "a", help: "Include those that were removed")], exits: [.notConfigured], alsoCalled: ["ls"],
        run: listModels)

    static let remove = Command(
        "remove", summary: "Take LoRA models out of use; personas that have them keep them",
        examples: [Example("twin loras remove Mara", "by its name or id")],
        arguments: [Argument("MODEL", .oneOrMore, help: "Names or ids of LoRA models")], exits: [.notConfigured, .notFound],
        alsoCalled: ["rm", "delete"], run: removeModels)

    private static func addModel(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let personas = try workspace.personas()
        let person = try PersonasCommand.person(call, workspace)
        let draft = Personas.LoRADraft(
            name: try call.required("NAME"), description: call.string("description"), baseModel: call.string("base"),
            tags: call.strings("tag"))
        let weights = try call.required("WEIGHTS")
        let isAddress = weights.hasPrefix("http://") || weights.hasPrefix("https://")
        let model =
            try isAddress
            ? personas.addLoRA(draft, at: weights, for: person, by: AuditLog.localActor)
            : personas.addLoRA(
                draft, file: FilePath.absolute(weights), isUpload: false, for: person, by: AuditLog.localActor)
        try call.output.show(model) {
            try call.output.line("\(model.name, .bold) is there: \(model.weights?.text ?? "-") \(model.id, .dim)")
        }
        return .done
    }

    private static func listModels(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let models = try workspace.personas().loraModels(
            workspace.authorizer.personScope(as: .localOperator), includeInactive: call.flag("all"))
        try call.output.list(models, empty: "there is no LoRA model yet; 'twin loras add NAME FILE' adds one") {
            var table = Table(.text("ID"), .text("NAME", shrinks: true), .text("STATE"), .text("WEIGHTS", shrinks: true))
            for model in models {
                table.add(
                    StyledText(model.id), StyledText(model.name), StyledText(model.isActive ? "active" : "removed"),
                    StyledText(model.weights?.text ?? "-"))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func removeModels(_ call: Invocation) throws -> ExitCode {
        let personas = try call.workspace().personas()
        let models = try call.operands("MODEL").map { try personas.resolveLoRA($0) }
        for model in models { try personas.removeLoRA(model, by: AuditLog.localActor) }
        let changed = try models.map { try personas.resolveLoRA($0.id) }
        try call.output.list(changed, empty: "nothing was removed") {
            for model in changed { try call.output.line("\(model.name, .bold) is removed") }
        }
        return .done
    }
}
