import TwinSupport

/// A job as the studio contract shows it.
package struct StudioJob: JSONRepresentable {
    let job: Job

    package init(_ job: Job) { self.job = job }

    package var json: JSON {
        [
            "id": .string(job.id), "twin_id": .optional(job.twinID), "source_id": .optional(job.sourceID),
            "status": .string(job.status.rawValue), "job_type": .string(job.kind.rawValue), "priority": .number(job.priority),
            "error_message": .optional(job.errorMessage), "metadata": .object(job.metadata),
            "progress": .double((job.progress * 1000).rounded() / 1000), "attempts": .number(job.attempts),
            "max_attempts": .number(job.maximumAttempts), "run_after": .string(job.runAfter.description),
            "cancel_requested": .bool(job.isCancelRequested), "created_at": .string(job.createdAt.description),
            "updated_at": .string(job.updatedAt.description), "started_at": .optional(job.startedAt?.description),
            "completed_at": .optional(job.completedAt?.description),
        ]
    }
}

/// A line of a job's log as the studio contract shows it.
package struct StudioJobLog: JSONRepresentable {
    let entry: JobLog

    package init(_ entry: JobLog) { self.entry = entry }

    package var json: JSON {
        [
            "id": .string(String(entry.key)), "job_id": .string(entry.jobID), "log_level": .string(entry.level.rawValue),
            "message": .string(entry.message), "metadata": entry.metadata.isNull ? .object(JSONObject()) : entry.metadata,
            "created_at": .string(entry.createdAt.description),
        ]
    }
}
