import TwinSupport

/// A route's path: literal segments, `{name}` for one segment, `{name:uuid}` for one that has the form of a UUID, and
/// `{name...}` at the end for all that is left.
struct RoutePattern: Sendable {
    enum Segment: Sendable, Equatable {
        case literal(String)
        /// Matches nothing but a UUID, so that a word can never be taken for an identifier.
        case uuid(String)
        case parameter(String)
        case rest(String)

        /// None for a literal.
        var name: String? {
            switch self {
            case .literal: nil
            case .uuid(let name), .parameter(let name), .rest(let name): name
            }
        }
    }

    /// As documents and logs write it: `{name}` whatever the segment's form.
    let text: String
    let segments: [Segment]

    /// Throws a `TwinError` of kind `invalid` for a pattern that could never be matched or is ambiguous.
    init(_ text: String) throws {
        guard text.hasPrefix("/") else { throw TwinError(.invalid, "The route \(text) must begin with /") }
        let parts = text == "/" ? [] : text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var names: Set<String> = []
        segments = try parts.enumerated().map { index, part in
            guard part.hasPrefix("{"), part.hasSuffix("}") else {
                guard !part.isEmpty, !part.contains("{"), !part.contains("}") else {
                    throw TwinError(.invalid, "The route \(text) has an empty or half-open segment")
                }
                return .literal(part)
            }
            let isRest = part.hasSuffix("...}")
            let isUUID = part.hasSuffix(":uuid}")
            let name = String(part.dropFirst().dropLast(isRest ? 4 : isUUID ? 6 : 1))
            guard !name.isEmpty, !name.contains(":"), names.insert(name).inserted, !isRest || index == parts.count - 1 else {
                throw TwinError(.invalid, "The route \(text) repeats a name, has an empty one, or continues after the rest")
            }
            return isRest ? .rest(name) : isUUID ? .uuid(name) : .parameter(name)
        }
        self.text = Self.path(segments, rest: "...")
    }

    private static func path(_ segments: [Segment], rest: String) -> String {
        guard !segments.isEmpty else { return "/" }
        return segments.map {
            switch $0 {
            case .literal(let text): "/" + text
            case .uuid(let name), .parameter(let name): "/{\(name)}"
            case .rest(let name): "/{\(name)\(rest)}"
            }
        }.joined()
    }

    var names: [String] { segments.compactMap(\.name) }

    /// The pattern as OpenAPI writes it, which has no notation for the rest of a path.
    var openAPIPath: String { Self.path(segments, rest: "") }
}
