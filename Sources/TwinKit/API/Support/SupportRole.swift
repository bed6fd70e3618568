import TwinSupport

/// The roles of users in the contract's words.
enum SupportRole {
    static let names = ["admin", "supporter", "member"]

    static func name(_ role: User.Role) -> String {
        switch role {
        case .owner: "admin"
        case .supporter: "supporter"
        case .viewer: "member"
        }
    }

    static func role(_ name: String) -> User.Role? { User.Role.allCases.first { self.name($0) == name } }
}
