import FoundationEssentials
import TestSupport

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A workspace of a scene's database with an owner, made beside the server, and twins in it of which every text holds `marker`.
final class StudioTenant {
    let scene: Scene
    let workspace: Workspace
    let marker: String
    let owner: User
    private var made = 0

    init(_ scene: Scene, marker: String) throws {
        self.scene = scene
        self.marker = marker
        let environment = ["HOME": scene.home, "TWIN_CONFIG": scene.path("config.json")]
        workspace = try Workspace(
            path: scene.path("twin.db"), configuration: Configuration(environment: environment), create: true)
        owner = try workspace.users.sync(id: Identifier.make(), email: "owner@\(marker).example", fullName: "Owner \(marker)")
            .user
    }

    var tenantID: String { owner.tenantID ?? "" }

    func token(_ user: User) throws -> String {
        "authorization: Bearer " + (try workspace.tokens.accessToken(for: user).reveal())
    }

    func user(role: User.Role, password: Secret? = nil) throws -> User {
        try workspace.users.add(
            email: name("user").replacing(" ", with: "-") + "@\(marker).example", role: role, password: password,
            tenantID: tenantID)
    }

    func key(_ scopes: KeyStore.Scope..., twins: [Twin] = []) throws -> String {
        try workspace.keys.create(
            name("key"), tenantID: tenantID, twins: twins, scopes: scopes.isEmpty ? KeyStore.Scope.allCases : scopes
        ).text.reveal()
    }

    /// A name that no other thing of the tenant has.
    func name(_ kind: String) -> String {
        made += 1
        return "\(kind) \(marker) \(made)"
    }

    func twin() throws -> Twin {
        try workspace.twins.create(
            name: name("twin"), description: name("description"), specialization: "vanilla", settings: TwinSettings.checked([:]),
            tenantID: tenantID, by: owner.id)
    }

    func upload(_ filename: String, _ text: String, into twin: Twin) throws -> Source {
        let path = try scene.write("upload-\(name("file").replacing(" ", with: "-"))", text)
        let item = try workspace.upload(path, filename: filename, into: twin, actor: owner.id)
        return try workspace.sources.find(id: item.sourceID ?? "", twin: twin, grantedTo: nil)
    }

    /// A twin with one of everything that a path can name.
    struct Things {
        let twin: Twin
        let source: Source
        var parameters: [String: String]
        let shareToken: String
        let invitationToken: String
        let password: String
        let user: User
    }

    func things() throws -> Things {
        let twin = try twin()
        let source = try upload(
            "\(marker).md",
            "# Gears of \(marker)\n\nThe gear oil of \(marker) is changed every nine months.\n\nWe prefer grease of \(marker) over paste.\n",
            into: twin)
        let answer = try workspace.verifiedAnswers.add(
            .init(question: "What is the warranty of \(marker)?", answer: "Two years, says \(marker)."), to: twin, by: owner.id)
        let group = try workspace.groups.create(name("group"), of: twin, description: marker, by: owner.id)
        try workspace.permissions.grant(.source, [source.id], to: group, by: owner.id)
        let member = try user(role: .viewer)
        try workspace.groups.add(member.id, to: group, by: owner.id)
        let memory = try workspace.memories.add(
            .init(topic: "colour of \(marker)", type: .stance, value: "I am for \(marker)."), to: twin)
        let asked = try workspace.ask.answer(
            Ask.Question("What do you think about remote work at \(marker)?", of: twin.id), as: Ask.Reader(atFile: .user(owner)))
        let told = try workspace.ask.answer(
            Ask.Question("What is the warranty of \(marker)?", of: twin.id), as: Ask.Reader(atFile: .user(owner)))
        try workspace.database.write { connection in
            try Escalations.raise(
                "Who paints \(marker)?", confidence: 0, attempt: nil, twin: twin, conversation: nil, on: connection)
        }
        try workspace.learn(twin)
        let key = try workspace.keys.create(name("key"), tenantID: tenantID, by: owner.id).key
        let job = try workspace.queueReextraction(of: source, createdBy: owner.id)
        // Failed for now, so that it can be tried again.
        _ = try workspace.jobs.cancel(job.id)
        _ = try workspace.shareLinks.setEnabled(twin, true, by: owner.id)
        let share = try workspace.shareLinks.rotate(twin, by: owner.id)
        let invited = name("guest").replacing(" ", with: "-") + "@\(marker).example"
        let invitation = try workspace.invitations.invite(email: invited, tenantID: tenantID, by: .user(owner))
        return Things(
            twin: twin, source: source,
            parameters: [
                "twin_id": twin.id, "source_id": source.id, "qna_id": answer.id, "group_id": group.id,
                "membership_id": try workspace.groups.members(of: group).first?.id ?? "", "content_type": "source",
                "content_id": source.id, "memory_id": memory.id, "clarification_id": asked.clarification?.id ?? "",
                "conversation_id": asked.metadata.conversationID ?? "", "key_id": key.id, "job_id": job.id, "user_id": member.id,
                "message_id": told.done.messageID ?? "",
                "escalation_id": try workspace.escalations.list(of: twin).first?.id ?? "",
                "candidate_id": try workspace.candidates.list(of: twin, for: .everything, status: .pending).candidates.first?.id
                    ?? "",
            ],
            shareToken: share.token ?? "", invitationToken: invitation.token.reveal(), password: "correct horse", user: member)
    }
}
