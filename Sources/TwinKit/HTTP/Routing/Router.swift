import TwinSupport

/// Which route answers a request, or why none does. Found once, when the head has come, and kept with the request.
package struct RouteMatch: Sendable {
    let route: Route?
    let parameters: PathParameters
    /// The methods that the path has, when it has not the one asked for.
    let allowed: [HTTPMethod]
    /// How errors look: the route's own form, that of the routes the path has, or that of whose path it is.
    let errors: ErrorRenderer
}

/// Sends each request to its route. Built once from a table of routes, then only read; any thread may use it.
///
/// `HEAD` is answered by the `GET` route, without content; `OPTIONS` of a path that has routes by their methods. A path
/// without the method is 405 with `Allow`, a path without a route 404 (RFC 9110 sections 9.3 and 15.5).
package final class Router: Responder, RequestPlanner {
    private struct Dispatcher: Responder {
        func respond(to request: Request) throws -> Response {
            guard let route = request.match?.route else { return try withoutRoute(request) }
            do {
                if let rejection = request.rejection { throw rejection }
                return try route.responder.respond(to: request)
            } catch {
                return route.errors(error, request)
            }
        }

        private func withoutRoute(_ request: Request) throws -> Response {
            let allowed = request.match?.allowed ?? []
            if request.method == .options, request.head.rawPath == "*" || !allowed.isEmpty {
                let methods = allowed.isEmpty ? HTTPMethod.served : allowed
                return Response(.noContent, headers: [HeaderField("allow", Self.list(methods))])
            }
            let error =
                allowed.isEmpty
                ? HTTPError(.notFound, "Not Found")
                : HTTPError(.methodNotAllowed, "Method Not Allowed", headers: [HeaderField("allow", Self.list(allowed))])
            guard let match = request.match else { throw error }
            return match.errors(error, request)
        }

        private static func list(_ methods: [HTTPMethod]) -> String {
            methods.map(\.rawValue).sorted().joined(separator: ", ")
        }
    }

    /// Every route, in the order they were added.
    package let routes: [Route]
    private let trie: RouteTrie
    private let chain: any Responder
    private let owners: PathTable<ErrorRenderer>
    private let fallback: ErrorRenderer

    /// Throws a `TwinError` when two routes have the same method and path.
    package init(_ group: RouteGroup) throws {
        var trie = RouteTrie()
        for (number, route) in group.routes.enumerated() {
            guard trie.insert(route.pattern, route.method, route: number) else {
                throw TwinError(.conflict, "Two routes answer \(route.method.rawValue) \(route.path)")
            }
        }
        self.trie = trie
        routes = group.routes
        fallback = group.errors
        owners = group.owners
        chain = group.outermost.around(Dispatcher())
    }

    /// Finds the route, on the event loop's thread and before any content has come. A path without a route may send none.
    package func plan(for head: RequestHead) -> RequestPlan {
        let match = match(head)
        // What no route answers takes no thread and no content.
        var plan = match.route?.plan ?? RequestPlan(execution: .eventLoop, bodyLimit: 0)
        plan.match = match
        plan.rendersRejections = true
        return plan
    }

    /// Answers with the route's handler inside its layers. It never throws: an error is rendered in the form of whose path it is.
    package func respond(to request: Request) throws -> Response {
        var request = request
        let match = request.match ?? match(request.head)
        request.match = match
        request.parameters = match.parameters
        request.route = match.route?.path
        do {
            return try chain.respond(to: request)
        } catch {
            return match.errors(error, request)
        }
    }

    private func match(_ head: RequestHead) -> RouteMatch {
        let found = head.withPathBytes { trie.find($0, head.method) }
        if let number = found.route {
            let route = routes[number]
            let parameters =
                found.values.isEmpty
                ? PathParameters() : PathParameters(names: route.pattern.names, values: found.values)
            return RouteMatch(route: route, parameters: parameters, allowed: [], errors: route.errors)
        }
        var allowed = found.allowed
        if !allowed.isEmpty { allowed.insert(.options) }
        if allowed.contains(.get) { allowed.insert(.head) }
        let errors = found.neighbour.map { routes[$0].errors } ?? head.withPathBytes { owners.value(of: $0) } ?? fallback
        return RouteMatch(route: nil, parameters: PathParameters(), allowed: Array(allowed), errors: errors)
    }
}
