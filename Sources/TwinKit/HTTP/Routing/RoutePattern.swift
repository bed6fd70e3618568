import TwinSupport

/// A route's path: literal segments, `{name}` for one segment, and `{name...}` at the end for all that is left.
struct RoutePattern: Sendable {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    let text: String
    let segments: [Segment]

    /// Throws a `TwinError` of kind `invalid` for a pattern that could never be matched or is ambiguous.
    init(_ text: String) throws {
        guard text.hasPrefix("/") else { throw TwinError(.invalid, "The route \(text) must begin with /") }
        self.text = text
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
            let name = String(part.dropFirst().dropLast(isRest ? 4 : 1))
            guard !name.isEmpty, names.insert(name).inserted, !isRest || index == parts.count - 1 else {
                throw TwinError(.invalid, "The route \(text) repeats a name, has an empty one, or continues after the rest")
            }
            return isRest ? .rest(name) : .parameter(name)
        }
    }

    var names: [String] {
        segments.compactMap {
            switch $0 {
            case .literal: nil
            case .parameter(let name), .rest(let name): name
            }
        }
    }

    /// The pattern as OpenAPI writes it, which has no notation for the rest of a path.
    var openAPIPath: String {
        segments.isEmpty
            ? "/"
            : segments.map {
                switch $0 {
                case .literal(let text): "/" + text
                case .parameter(let name), .rest(let name): "/{\(name)}"
                }
            }.joined()
    }
}
