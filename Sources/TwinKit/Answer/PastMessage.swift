/// A message of a conversation that the caller keeps.
package struct PastMessage: Sendable, Equatable {
    package var role: Message.Role
    package var content: String

    package init(_ role: Message.Role, _ content: String) {
        self.role = role
        self.content = content
    }
}
