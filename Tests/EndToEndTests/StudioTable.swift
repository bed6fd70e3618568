import FoundationEssentials

/// A checked-in table of who gets which status from which route of a contract: `Contract/studio.tsv`, `Contract/brain.tsv`.
struct StudioTable {
    /// Whoever calls, each with all that it holds.
    enum Caller: String, CaseIterable, Sendable {
        case owner, viewer
        /// The owner of another tenant.
        case foreign
        /// API keys of one scope each, and one with all of them.
        case read, write, chat, all
        /// A key with all scopes for another twin of the same tenant.
        case otherTwin = "other_twin"
        /// A key with all scopes of another tenant.
        case foreignKey = "foreign_key"
        /// Has the session of a widget, which is no credential.
        case visitor
        /// Has the token of a share link.
        case share
        case nobody

        /// Whether not a word of the tenant may reach it.
        var isStranger: Bool { self == .foreign || self == .foreignKey || self == .otherTwin || self == .nobody }
    }

    /// Which credentials can be enough for a route.
    enum Security: String { case `public`, user, any }

    struct Row {
        var isContract: Bool
        var method: String
        var path: String
        var security: Security
        var statuses: [Caller: Int]

        var name: String { "\(method) \(path)" }
    }

    let rows: [Row]

    struct Malformed: Error { let line: String }

    init(_ contract: String = "studio") throws {
        let path = TwinBinary.repository + "/Tests/EndToEndTests/Contract/\(contract).tsv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        let callers =
            try lines.first.map { line in
                try line.dropFirst(4).map { name -> Caller in
                    guard let caller = Caller(rawValue: name) else { throw Malformed(line: name) }
                    return caller
                }
            } ?? []
        rows = try lines.dropFirst().map { line in
            guard line.count == 4 + callers.count, let security = Security(rawValue: line[3]) else {
                throw Malformed(line: line.joined(separator: " "))
            }
            let statuses = line.dropFirst(4).compactMap { Int($0) }
            guard statuses.count == callers.count else { throw Malformed(line: line.joined(separator: " ")) }
            return Row(
                isContract: line[0] == "contract", method: line[1], path: line[2], security: security,
                statuses: Dictionary(uniqueKeysWithValues: zip(callers, statuses)))
        }
    }
}
