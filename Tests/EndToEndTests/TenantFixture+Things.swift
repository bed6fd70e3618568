import TestSupport

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

// What else stands in a tenant when a contract's routes are gone through.

extension TenantFixture {
    /// Beside the server of a scene, on its database.
    convenience init(_ scene: Scene, marker: String) throws { try self.init(marker, in: scene.folder) }

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
        let invited = "\(word("guest"))@\(marker).example"
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

    /// The fields with which every caller of a contract's table asks; those of strangers are of another tenant. `share` is the token of
    /// a share link, which is no credential here.
    func callers(beside other: TenantFixture, share: String) throws -> [StudioTable.Caller: [String]] {
        let plain = try workspace.twins.create(name: "Plain", tenantID: tenantID, by: owner.id)
        func field(_ key: String) -> [String] { ["x-twin-api-key: \(key)"] }
        return [
            .owner: [try token(owner)], .viewer: [try token(user(role: .viewer))], .foreign: [try other.token(other.owner)],
            .share: ["authorization: Bearer \(share)"], .read: field(try key(.read)), .write: field(try key(.write)),
            .chat: field(try key(.chat)), .all: field(try key(.read, .write, .chat)),
            .otherTwin: field(try key(.read, .write, .chat, twins: [plain])),
            .foreignKey: field(try other.key(.read, .write, .chat)),
        ]
    }
}
