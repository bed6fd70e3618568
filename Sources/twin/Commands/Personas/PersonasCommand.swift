import TwinKit
import TwinSupport

enum PersonasCommand {
    static let command = Command(
        "personas", summary: "Make personas: faces that pictures are made with",
        discussion: """
            A persona is the face and the look of an adult. It is drawn by a model that is configured (images.cog.url, \
            images.sdapi.url or images.openai.url), or taught by LoRA weights; pictures of it ('twin content') need the weights. \
            Without a model there is no picture: nothing is made up.

            No picture shows nudity, sex, violence, hatred or anybody under 18. What asks for it is refused and written into the \
            audit log.
            """,
        examples: [
            Example("twin personas create Mara --niche hiking --style natural", "draw a face"),
            Example("twin personas list --json | jq -r '.[].name'", "for a script"),
        ],
        alsoCalled: ["persona", "avatars", "avatar"], subcommands: [create, list, show, stage, remove])

    static let persona = Argument("PERSONA", help: "Name or id of the persona")
    static let user = Option.string(
        "user", "USER", completion: .dynamic(.users), help: "Whose it is, by address or id; the first owner's without it")

    static let create = Command(
        "create", summary: "Make a persona, with a face that is drawn or with weights",
        examples: [
            Example("twin personas create Mara --niche hiking --style natural --age 36-45", "a face that is drawn"),
            Example("twin personas create Mara --weights https://example.org/mara.safetensors", "a face that weights know"),
        ],
        arguments: [Argument("NAME", help: "What it is called")],
        options: [
            .string("niche", "WORDS", default: "lifestyle", help: "What its content is about"),
            .string("style", "WORDS", default: "natural", help: "How it looks"),
            .choice(
                "age", "RANGE", of: Personas.Face.AgeRange.allCases.map(\.rawValue), default: "26-35", help: "How old it looks"),
            .choice("gender", "WORD", of: ["female", "male", "non-binary"], default: "female", help: "As which it looks"),
            .string("ethnicity", "WORDS", default: "diverse", help: "Where it seems to come from"),
            .string("look", "WORDS", help: "More about the face"),
            .choice(
                "model", "NAME", of: ["cog", "sdapi", "openai"], help: "Who draws it; the first that is configured without it"),
            .string("lora", "MODEL", help: "Use this LoRA model, by name or id, and draw nothing"),
            .string("weights", "URL", help: "Use the LoRA weights at this address, and draw nothing"), .twin, user,
        ],
        exits: [.notConfigured, .notFound, .upstream, .interrupted], alsoCalled: ["new", "add", "make"], run: createPersona)

    static let list = Command(
        "list", summary: "List the personas, newest first", examples: [Example("twin personas list", "all of them")],
        options: [
            .int("limit", short: "n", in: 1...1_000, default: "100", help: "Show at most this many"),
            .int("offset", in: 0...1_000_000_000, default: "0", help: "Skip this many of the newest"),
        ],
        exits: [.notConfigured], alsoCalled: ["ls"], run: listPersonas)

    static let show = Command(
        "show", summary: "Show one persona", examples: [Example("twin personas show Mara", "its stage and what it has")],
        arguments: [persona], exits: [.notConfigured, .notFound], alsoCalled: ["get", "info"], run: showPersona)

    static let stage = Command(
        "stage", summary: "Say how far a persona is", examples: [Example("twin personas stage Mara published", "in any word")],
        arguments: [persona, Argument("STAGE", help: "A word such as draft, face_generated, lora_ready or lora_trained")],
        exits: [.notConfigured, .notFound], alsoCalled: ["status"], run: setStage)

    static let remove = Command(
        "remove", summary: "Remove a persona with its pictures, datasets and trainings",
        discussion:
            "Its files go too, unless something else is the same to the byte. What it cost stays booked, and LoRA models stay.",
        examples: [Example("twin personas remove Mara --yes", "in a script")], arguments: [persona], options: [.yes],
        exits: [.notConfigured, .notFound], alsoCalled: ["rm", "delete"], run: removePersona)

    /// Whose things a command makes.
    static func person(_ call: Invocation, _ workspace: Workspace) throws -> Person {
        guard let name = call.string("user") else { return try workspace.authorizer.person(.manage, as: .localOperator) }
        let user = try workspace.users.resolve(name)
        return try workspace.authorizer.person(user.id, .manage, as: .localOperator)
    }

    private static func createPersona(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let personas = try workspace.personas()
        let person = try person(call, workspace)
        let name = try call.required("NAME")
        let niche = call.string("niche") ?? "lifestyle"
        let style = call.string("style") ?? "natural"
        let twin = try call.has("twin") ? call.twin(in: workspace) : nil
        let avatar: Avatar
        if call.has("lora") || call.has("weights") {
            avatar = try personas.create(
                name, niche: niche, style: style, loraModelID: try call.string("lora").map { try personas.resolveLoRA($0).id },
                weightsURL: call.string("weights"),
                imageURL: nil, bio: nil, twin: twin, for: person, by: AuditLog.localActor)
        } else {
            let face = Personas.Face(
                age: call.string("age").flatMap(Personas.Face.AgeRange.init) ?? .adult,
                ethnicity: call.string("ethnicity") ?? "diverse", style: style, gender: call.string("gender") ?? "female",
                more: call.string("look"), model: call.string("model"))
            avatar = try personas.create(
                name, niche: niche, style: style, face: face, loraModelID: nil, twin: twin, for: person, by: AuditLog.localActor,
                isCancelled: { Interrupt.isRequested }
            ).avatar
        }
        try call.output.show(avatar) {
            try call.output.line("\(avatar.name, .bold) is there: \(avatar.stage) \(avatar.id, .dim)")
        }
        return .done
    }

    private static func listPersonas(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let avatars = try workspace.personas().list(
            workspace.authorizer.personScope(as: .localOperator), skip: call.int("offset") ?? 0, limit: call.int("limit") ?? 100)
        try call.output.list(avatars, empty: "there is no persona yet; 'twin personas create NAME' makes one") {
            var table = Table(
                .text("ID"), .text("NAME", shrinks: true), .text("STAGE"), .text("NICHE", shrinks: true), .text("MADE"))
            for avatar in avatars {
                table.add(
                    StyledText(avatar.id), StyledText(avatar.name), StyledText(avatar.stage), StyledText(avatar.niche ?? "-"),
                    StyledText(call.output.isTerminal ? Format.ago(avatar.createdAt) : avatar.createdAt.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showPersona(_ call: Invocation) throws -> ExitCode {
        let personas = try call.workspace().personas()
        let avatar = try personas.resolve(call.required("PERSONA"))
        let counts = try personas.counts(of: avatar)
        let cost = try personas.costs.of(avatar).breakdown.total
        try call.output.show(avatar) {
            var details = Details([
                "id": "\(avatar.id, .bold)", "name": StyledText(avatar.name), "stage": StyledText(avatar.stage),
                "content": StyledText("\(counts.total) pictures"), "cost": StyledText(cost.description),
            ])
            details.add("niche", avatar.niche.map { StyledText($0) })
            details.add("style", avatar.aestheticStyle.map { StyledText($0) })
            details.add("face", avatar.baseImage.map { StyledText($0.text) })
            details.add("weights", avatar.weights.map { StyledText($0.text) })
            details.add("made", StyledText(avatar.createdAt.description))
            try call.output.details(details)
        }
        return .done
    }

    private static func removePersona(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let personas = try workspace.personas()
        let avatar = try personas.resolve(call.required("PERSONA"))
        let count = try personas.counts(of: avatar).total
        guard
            try call.flag("yes")
                || Confirmation.ask("Remove \(avatar.name) with \(Format.count(count, "picture"))?", call)
        else { return .done }
        try workspace.remove(avatar, by: AuditLog.localActor)
        try call.output.show(avatar) { try call.output.line("\(avatar.name, .bold) is removed") }
        return .done
    }

    private static func setStage(_ call: Invocation) throws -> ExitCode {
        let personas = try call.workspace().personas()
        let avatar = try personas.resolve(call.required("PERSONA"))
        try personas.setStage(avatar, call.required("STAGE"), by: AuditLog.localActor)
        let changed = try personas.find(avatar.id)
        try call.output.show(changed) { try call.output.line("\(changed.name, .bold) is \(changed.stage)") }
        return .done
    }
}
