import TwinSupport

/// A verified answer as the studio contract shows it.
package struct StudioVerifiedAnswer: JSONRepresentable {
    let answer: VerifiedAnswer

    package init(_ answer: VerifiedAnswer) { self.answer = answer }

    package var json: JSON {
        [
            "id": .string(answer.id), "twin_id": .string(answer.twinID), "question": .string(answer.question),
            "answer": .string(answer.answer),
            "visibility": .string(answer.visibility.rawValue), "source_ids": .strings(answer.citations),
            "citations": .array(answer.citations.map(citation)), "created_by": .optional(answer.createdBy),
            "is_active": .bool(answer.isActive), "created_at": .string(answer.createdAt.description),
            "updated_at": .string(answer.updatedAt.description), "patches": .array(answer.patches.map(patch)),
        ]
    }

    /// A citation names a whole source: the owner's answer quotes no passage of it.
    private func citation(_ source: String) -> JSON {
        [
            "id": .string("\(answer.id):\(source)"), "verified_qna_id": .string(answer.id), "source_id": .string(source),
            "chunk_id": .null, "citation_url": .optional(answer.citationURLs[source]),
            "created_at": .string(answer.createdAt.description),
        ]
    }

    private func patch(_ patch: VerifiedAnswer.Patch) -> JSON {
        [
            "id": .string(patch.id), "previous_answer": .string(patch.previousAnswer), "new_answer": .string(patch.newAnswer),
            "reason": .string(patch.reason), "patched_by": .optional(patch.patchedBy),
            "patched_at": .string(patch.patchedAt.description), "verified_qna_id": .string(answer.id),
        ]
    }
}
