import TwinSupport

extension Personas {
    /// Does a job of this room. Throws what stopped it.
    package func perform(_ work: PersonaWork, avatarID: String, _ request: JSONObject, _ job: Job, _ context: JobContext) throws
        -> JSONObject
    {
        let avatar: Avatar
        do {
            avatar = try find(avatarID)
        } catch let error as TwinError where error.kind == .notFound {
            throw TwinError(.gone, "the avatar was deleted")
        }
        let unknown = TwinError(.failed, "this version does not know how to do this job; install a newer twin")
        switch work {
        case .batch:
            guard let request = BatchRequest(request) else { throw unknown }
            return try performBatch(request, of: avatar, job, context)
        case .dataset:
            guard let request = DatasetRequest(request) else { throw unknown }
            return try performDataset(request, of: avatar, job, context)
        case .training:
            guard let request = TrainingRequest(request) else { throw unknown }
            return try performTraining(request, of: avatar, job, context)
        }
    }
}
