#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Routes by path segment: built once, then only read. A literal segment beats a UUID, a UUID beats any other parameter, and
/// that beats the rest of the path, with a way back when the better segment leads nowhere. The best path that has any route is the one: what it
/// has no route for is not looked for on a lesser path, so that `DELETE /users/invite` never removes a user named `invite`.
struct RouteTrie: Sendable {
    private struct Node: Sendable {
        /// Sorted by length, then bytes.
        var literals: [(bytes: [UInt8], node: Int)] = []
        var uuid: Int?
        var parameter: Int?
        var rest: Int?
        var routes: [(method: HTTPMethod, route: Int)] = []
    }

    struct Lookup {
        var route: Int?
        /// The parameters' values, in the order of the pattern; UUIDs in lower case, as they are stored.
        var values: [String] = []
        /// The methods that the path answers to, when none of its routes has the method asked for.
        var allowed: Set<HTTPMethod> = []
        /// One of the routes with those methods.
        var neighbour: Int?
    }

    private var nodes = [Node()]

    /// Adds a route under its number. False if the same method and path are taken already.
    mutating func insert(_ pattern: RoutePattern, _ method: HTTPMethod, route: Int) -> Bool {
        var node = 0
        for segment in pattern.segments { node = child(of: node, segment) }
        guard !nodes[node].routes.contains(where: { $0.method == method }) else { return false }
        nodes[node].routes.append((method, route))
        return true
    }

    private mutating func child(of node: Int, _ segment: RoutePattern.Segment) -> Int {
        switch segment {
        case .literal(let text):
            let bytes = Array(text.utf8)
            if let found = nodes[node].literals.first(where: { $0.bytes == bytes }) { return found.node }
            nodes.append(Node())
            nodes[node].literals.append((bytes, nodes.count - 1))
            nodes[node].literals.sort {
                $0.bytes.count != $1.bytes.count ? $0.bytes.count < $1.bytes.count : $0.bytes.lexicographicallyPrecedes($1.bytes)
            }
            return nodes.count - 1
        case .uuid:
            if let found = nodes[node].uuid { return found }
            nodes.append(Node())
            nodes[node].uuid = nodes.count - 1
            return nodes.count - 1
        case .parameter:
            if let found = nodes[node].parameter { return found }
            nodes.append(Node())
            nodes[node].parameter = nodes.count - 1
            return nodes.count - 1
        case .rest:
            if let found = nodes[node].rest { return found }
            nodes.append(Node())
            nodes[node].rest = nodes.count - 1
            return nodes.count - 1
        }
    }

    /// Finds the route of a path that is percent-encoded and begins with `/`. One `/` at the end is of no account.
    func find(_ path: UnsafeRawBufferPointer, _ method: HTTPMethod) -> Lookup {
        var lookup = Lookup()
        guard path.first == UInt8(ascii: "/") else { return lookup }
        let end = path.count > 1 && path[path.count - 1] == UInt8(ascii: "/") ? path.count - 1 : path.count
        lookup.route = walk(path.part(0, end), from: 1, node: 0, method, &lookup)
        return lookup
    }

    private func walk(
        _ path: UnsafeRawBufferPointer, from start: Int, node: Int, _ method: HTTPMethod, _ lookup: inout Lookup
    ) -> Int? {
        let node = nodes[node]
        guard lookup.allowed.isEmpty else { return nil }
        if start >= path.count { return route(at: node, method, &lookup) }
        let end = path.firstOffset(of: UInt8(ascii: "/"), from: start) ?? path.count
        let segment = path.part(start, end)
        if let next = literal(segment, in: node), let found = walk(path, from: end + 1, node: next, method, &lookup) {
            return found
        }
        guard lookup.allowed.isEmpty else { return nil }
        if let next = node.uuid {
            let text = Self.text(segment)
            if Identifier.isValid(text) {
                lookup.values.append(text.lowercased())
                if let found = walk(path, from: end + 1, node: next, method, &lookup) { return found }
                lookup.values.removeLast()
            }
        }
        guard lookup.allowed.isEmpty else { return nil }
        if let next = node.parameter, !segment.isEmpty {
            lookup.values.append(Self.text(segment))
            if let found = walk(path, from: end + 1, node: next, method, &lookup) { return found }
            lookup.values.removeLast()
        }
        if let next = node.rest, lookup.allowed.isEmpty {
            lookup.values.append(Self.text(path.part(start, path.count)))
            if let found = route(at: nodes[next], method, &lookup) { return found }
            lookup.values.removeLast()
        }
        return nil
    }

    private func route(at node: Node, _ method: HTTPMethod, _ lookup: inout Lookup) -> Int? {
        for entry in node.routes where entry.method == method { return entry.route }
        if method == .head { for entry in node.routes where entry.method == .get { return entry.route } }
        for entry in node.routes {
            lookup.allowed.insert(entry.method)
            lookup.neighbour = lookup.neighbour ?? entry.route
        }
        return nil
    }

    private func literal(_ segment: UnsafeRawBufferPointer, in node: Node) -> Int? {
        if segment.contains(UInt8(ascii: "%")) {
            guard let decoded = PercentCoding.decodeStrictly(segment) else { return nil }
            return node.literals.first { $0.bytes == decoded }?.node
        }
        var low = 0
        var high = node.literals.count
        while low < high {
            let middle = (low + high) / 2
            let order = Self.compare(node.literals[middle].bytes, segment)
            if order == 0 { return node.literals[middle].node }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func compare(_ bytes: [UInt8], _ segment: UnsafeRawBufferPointer) -> Int {
        if bytes.count != segment.count { return bytes.count - segment.count }
        guard let base = segment.baseAddress else { return 0 }
        return Int(bytes.withUnsafeBytes { $0.baseAddress.map { memcmp($0, base, segment.count) } ?? 0 })
    }

    private static func text(_ segment: UnsafeRawBufferPointer) -> String {
        guard segment.contains(UInt8(ascii: "%")) else { return String(decoding: segment, as: UTF8.self) }
        return String(decoding: PercentCoding.decodeStrictly(segment) ?? Array(segment), as: UTF8.self)
    }
}
