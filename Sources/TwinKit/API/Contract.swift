import TwinHTTP
import TwinSupport

/// A set of routes that existing clients speak, with everything that is particular to it: which paths are its own, how its
/// errors look, how it is described. `TwinAPI` puts contracts together and knows none of them; `Contracts` lists them.
package protocol Contract: Sendable {
    /// What `serve.contracts` and `--contracts` call it.
    var name: String { get }

    /// Patterns of the paths that are its own, and with them all below: `/api`, `/api/{tenant_id:uuid}`. An error on such a
    /// path that no route answers has this contract's form. Where two contracts have a path, the more particular prefix
    /// decides, and of equal ones the contract that is served first.
    var prefixes: [String] { get }

    /// Gives an error the form that its clients know: the status, a service's kind of error, the fields that are wrong, a
    /// limit's fields. It never fails, and tells nothing but what the report holds.
    func response(to error: ErrorReport, _ request: Request) -> Response

    /// The shapes its routes refer to in the API's description. Names are its own: two contracts that give one name to two
    /// shapes cannot be served together.
    var schemas: JSONObject { get }

    /// Schemas of what stands in its paths, by the segments' names.
    var pathParameters: JSONObject { get }

    /// How its clients prove who they are.
    var security: ContractSecurity { get }

    /// Patterns of the paths below which secrets stand, such as tokens of links. Logs hold the route's pattern in their place.
    var secretPaths: [String] { get }

    /// The form of a chat's answer where `Accept` names none that there is.
    var replyForm: ReplyForm { get }

    /// What stands around its routes, the first outermost; who asks is found out here.
    func layers(_ context: APIContext) -> [any Middleware]

    /// Its routes, one collection an area.
    func routes(_ context: APIContext) -> [RouteArea]
}

extension Contract {
    /// The defaults: nothing to add to the description, a token or a key, no secrets in paths, a JSON document for an answer.
    package var pathParameters: JSONObject { [:] }
    package var security: ContractSecurity { .bearerOrKey }
    package var secretPaths: [String] { [] }
    package var replyForm: ReplyForm { .document }
    /// Who asks is found out as for every contract, from a token or a key.
    package func layers(_ context: APIContext) -> [any Middleware] { [context.authentication] }
}

/// The ways to prove who one is that a contract's routes take.
package struct ContractSecurity: Sendable, Equatable {
    /// As OpenAPI writes security schemes, by name.
    package var schemes: JSONObject
    /// Names of those of which one is enough where a route says nothing.
    package var required: [String]

    package init(schemes: JSONObject, required: [String]) {
        self.schemes = schemes
        self.required = required
    }

    /// A token or an API key as a bearer, or an API key in its own field.
    package static let bearerOrKey = ContractSecurity(
        schemes: [
            "bearer": [
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "A token of a user, or an API key",
            ],
            "apiKey": ["type": "apiKey", "in": "header", "name": "X-Twin-Api-Key"],
        ], required: ["bearer", "apiKey"])
}

/// Routes that belong together, under the name that the API's description gives them.
package struct RouteArea: Sendable {
    package var tag: String
    package var routes: any RouteCollection

    package init(_ tag: String, _ routes: any RouteCollection) {
        self.tag = tag
        self.routes = routes
    }
}

/// Routes that belong together.
package protocol RouteCollection: Sendable {
    /// Throws a `TwinError` for a pattern that is not valid.
    func add(to group: inout RouteGroup) throws
}
