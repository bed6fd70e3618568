/// What a question about the owner's own view is about.
struct PersonalQuestion: Sendable {
    var type: MemoryType
    var topic: String
}
