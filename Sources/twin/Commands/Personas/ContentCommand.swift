import TwinKit
import TwinSupport

enum ContentCommand {
    static let command = Command(
        "content", summary: "Draw pictures of personas and list them",
        discussion: """
            Pictures need a persona with LoRA weights and a model that takes them (images.cog.url or images.sdapi.url). They are \
            kept under the hash of their bytes, beside the database or in a bucket (storage.s3.url), and what they cost is booked \
            with them. Scenes are those of 'twin content templates', or a prompt of your own.
            """,
        examples: [
            Example("twin content generate Mara --template NAT-002", "one picture"),
            Example("twin content generate Mara --batch 20 --queue", "twenty, in a job that 'twin serve' does"),
        ],
        alsoCalled: ["pictures", "pieces"], subcommands: [generate, list, templates])

    static let generate = Command(
        "generate", summary: "Draw one picture, or a batch",
        discussion: """
            A batch is a job: 'twin jobs' shows it, stops it, and tries again what failed. It goes on where it was when the program \
            is killed, and books nothing twice. Ctrl-C leaves it to the next worker.
            """,
        examples: [
            Example("twin content generate Mara --prompt 'on a hill in spring'", "a prompt of your own"),
            Example("twin content generate Mara --batch 50 --json | jq .made", "a batch, and how many pictures it made"),
        ],
        arguments: [PersonasCommand.persona],
        options: [
            .string("template", "ID", help: "The scene, such as NAT-002"),
            .string("prompt", "WORDS", help: "What the picture shows"),
            .choice(
                "tier", "TIER", of: ContentPiece.Tier.allCases.map(\.rawValue), default: "capa1", help: "Who gets to see it"),
            .choice(
                "platform", "NAME", of: Hook.Platform.allCases.map(\.rawValue), default: "instagram", help: "What it is for"),
            .int("batch", in: 1...100, help: "Draw this many, by the templates"),
            .flag("queue", help: "Leave the batch to 'twin serve' or 'twin jobs run'"),
        ],
        exits: [.notConfigured, .notFound, .upstream, .interrupted], alsoCalled: ["draw", "make", "new"], run: generateContent)

    static let list = Command(
        "list", summary: "List a persona's pictures, newest first",
        examples: [Example("twin content list Mara --tier capa1 --json", "those for everybody")],
        arguments: [PersonasCommand.persona],
        options: [
            .choice("tier", "TIER", of: ContentPiece.Tier.allCases.map(\.rawValue), help: "Only this tier"),
            .int("limit", short: "n", in: 1...200, default: "50", help: "Show at most this many"),
            .int("offset", in: 0...1_000_000_000, default: "0", help: "Skip this many of the newest"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["ls"], run: listContent)

    static let templates = Command(
        "templates", summary: "List the scenes that there are",
        examples: [Example("twin content templates --category nature", "those outdoors")],
        options: [
            .choice("category", "NAME", of: ContentTemplate.Category.allCases.map(\.rawValue), help: "Only this category")
        ],
        alsoCalled: ["scenes"], run: listTemplates)

    private static func generateContent(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let personas = try workspace.personas()
        let avatar = try personas.resolve(call.required("PERSONA"))
        let platform = call.string("platform").flatMap(Hook.Platform.init) ?? .instagram
        if let count = call.int("batch") {
            guard !call.has("template"), !call.has("prompt"), !call.has("tier") else {
                throw call.usage("--batch draws by the templates; give it without --template, --prompt and --tier")
            }
            let batch = BatchRequest(count: count, platform: platform)
            let job = try personas.queue(batch, of: avatar, by: AuditLog.localActor)
            return try call.flag("queue") ? told(job, call) : finish(job, batch, workspace, call)
        }
        guard !call.flag("queue") else { throw call.usage("--queue goes with --batch") }
        let scene: Personas.Scene
        switch (call.string("template"), call.string("prompt")) {
        case (let id?, nil):
            guard let template = ContentTemplate.find(id) else {
                throw TwinError(.notFound, "there is no template '\(id)'; 'twin content templates' shows them")
            }
            scene = .template(template)
        case (nil, let words?): scene = .words(words)
        default: throw call.usage("give one of --template, --prompt and --batch")
        }
        let piece = try personas.generate(
            scene, of: avatar, platform: platform, tier: call.string("tier").flatMap(ContentPiece.Tier.init) ?? .open,
            by: AuditLog.localActor, isCancelled: { Interrupt.isRequested })
        try call.output.show(piece) {
            try call.output.line("\(avatar.name, .bold): \(piece.picture?.text ?? "-") \(piece.id, .dim)")
        }
        return .done
    }

    private static func told(_ job: Job, _ call: Invocation) throws -> ExitCode {
        try call.output.show(job) { try call.output.line(JobsCommand.line(job)) }
        return .done
    }

    private static func finish(_ queued: Job, _ batch: BatchRequest, _ workspace: Workspace, _ call: Invocation) throws
        -> ExitCode
    {
        let job = try workspace.run(queued, givesBack: true, isCancelled: { Interrupt.isRequested })
        let counts = try workspace.personas().counts(ofBatch: batch.id)
        let told = counts.json.merging([
            "job_id": .string(job.id), "batch_id": .string(batch.id), "status": .string(job.status.rawValue),
            "error": .optional(job.errorMessage),
        ])
        try call.output.show(JSON.object(told)) {
            try call.output.line(
                "\(counts.made) made, \(counts.failed) failed, \(counts.rejected) refused, \(counts.cost.description)")
            if let error = job.errorMessage { call.output.note("\(error)") }
        }
        guard job.isFinished else { return .interrupted }
        return job.status == .complete ? .done : .failed
    }

    private static func listContent(_ call: Invocation) throws -> ExitCode {
        let personas = try call.workspace().personas()
        let avatar = try personas.resolve(call.required("PERSONA"))
        let pieces = try personas.content(
            of: avatar, tier: call.string("tier"), limit: call.int("limit") ?? 50, offset: call.int("offset") ?? 0)
        try call.output.list(pieces, empty: "there is no picture yet; 'twin content generate' draws one") {
            var table = Table(.text("ID"), .text("TIER"), .text("RATING"), .text("PICTURE", shrinks: true), .text("MADE"))
            for piece in pieces {
                table.add(
                    StyledText(piece.id), StyledText(piece.tier), StyledText(piece.rating ?? "-"),
                    StyledText(piece.picture?.text ?? "-"),
                    StyledText(call.output.isTerminal ? Format.ago(piece.createdAt) : piece.createdAt.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func listTemplates(_ call: Invocation) throws -> ExitCode {
        let category = call.string("category").flatMap(ContentTemplate.Category.init)
        let templates = ContentTemplate.all.filter { category == nil || $0.category == category }
        try call.output.list(templates, empty: "there is none") {
            var table = Table(.text("ID"), .text("CATEGORY"), .text("TIER"), .text("SCENE", shrinks: true))
            for template in templates {
                table.add(
                    StyledText(template.id), StyledText(template.category.rawValue), StyledText(template.tier.rawValue),
                    StyledText(template.scene))
            }
            try call.output.table(table)
        }
        return .done
    }
}

extension ContentTemplate: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "category": .string(category.rawValue), "tier": .string(tier.rawValue), "scene": .string(scene),
            "pose": .string(pose), "lighting": .string(lighting), "angle": .string(angle), "tags": .strings(tags),
        ]
    }
}
