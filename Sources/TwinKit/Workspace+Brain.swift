import TwinSupport

/// What the brain contract does in more than one room.
extension Workspace {
    /// Uploads on this database, each bounded by `ingest.max_file_mib`. Throws `TwinError` where that setting is no number in its
    /// range.
    package func documentUploads() throws -> DocumentUploads {
        DocumentUploads(
            database: database, maximumBytes: try configuration.integer("ingest.max_file_mib") << 20,
            bucket: configuration.flag("storage.s3.uploads") ? try configuration.bucket() : nil)
    }

    /// Queues an uploaded document to be read.
    package func queueProcessing(of source: Source, in twin: Twin, createdBy: String?) throws {
        try documentUploads().beginProcessing(source, of: twin) { connection in
            _ = try JobQueue.enqueue(.process, for: twin, sourceID: source.id, createdBy: createdBy, on: connection)
        }
    }

    /// Answers an escalation. What is added to the brain is a verified answer, and a node that stands for it.
    package func respond(
        to id: String, of twin: Twin, _ response: String, addingToBrain: Bool, by actor: String?
    ) throws -> (escalation: Escalation, nodeID: String?) {
        let escalation = try escalations.answer(id, of: twin, response, publish: addingToBrain, by: actor)
        guard addingToBrain else { return (escalation, nil) }
        let node = try database.write { connection in
            try OwnerNodes.add(
                type: "fact", name: escalation.question, origin: .escalation,
                properties: ["answer": .string(response), "verified_answer_id": .optional(escalation.verifiedAnswerID)], to: twin,
                on: connection)
        }
        return (escalation, node)
    }
}
