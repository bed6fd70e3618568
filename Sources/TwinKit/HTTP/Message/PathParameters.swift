/// What the `{name}` segments of a route stand for in one request, percent-decoded.
package struct PathParameters: Sendable, Equatable {
    private(set) var names: [String] = []
    private(set) var values: [String] = []

    package init() {}

    init(names: [String], values: [String]) {
        self.names = names
        self.values = values
    }

    /// The value of the segment with this name; none when the route has no such segment.
    package subscript(name: String) -> String? {
        guard let index = names.firstIndex(of: name), index < values.count else { return nil }
        return values[index]
    }

    /// The value of a segment that the route is known to have. Throws `HTTPError` 404 otherwise, so that a slip in a
    /// pattern never opens a door.
    package func require(_ name: String) throws -> String {
        guard let value = self[name] else { throw HTTPError(.notFound, "Not Found") }
        return value
    }
}
