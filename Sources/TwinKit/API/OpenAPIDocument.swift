import Synchronization
import TwinHTTP
import TwinSupport

/// The API's description, made from the routes that are served, once somebody asks for it.
final class OpenAPIDocument: Sendable {
    private let schemas: JSONObject
    private let securitySchemes: JSONObject
    private let servers: [String]
    private let routes = Mutex<[Route]>([])
    private let document = Mutex<JSON?>(nil)

    /// `server` is the address that clients use; none leaves it to where they read the description. Throws a `TwinError`
    /// (`conflict`) when two contracts mean different things by one name.
    init(contracts: [any Contract], server: String? = nil) throws {
        servers = server.map { [$0] } ?? []
        schemas = try Self.union(contracts.map(\.schemas) + [Self.schemas])
        securitySchemes = try Self.union([Self.security.schemes] + contracts.map(\.security.schemes))
    }

    /// What holds where a contract says nothing else, and for the server's own routes.
    static let security = ContractSecurity.bearerOrKey

    /// The shapes of the server's own routes.
    private static let schemas: JSONObject = [
        "Error": JSONSchema.output([
            "detail": ["anyOf": [JSONSchema.string, JSONSchema.object, JSONSchema.array(JSONSchema.object)]]
        ])
    ]

    private static func union(_ parts: [JSONObject]) throws -> JSONObject {
        var whole = JSONObject()
        for member in parts.flatMap(\.members) {
            guard whole[member.key] == nil || whole[member.key] == member.value else {
                throw TwinError(.conflict, "Two contracts mean different things by \(member.key)")
            }
            whole[member.key] = member.value
        }
        return whole
    }

    /// Takes the routes, which exist only after the routes that show this.
    func use(_ routes: [Route]) { self.routes.withLock { $0 = routes } }

    /// OpenAPI 3.1.
    var json: JSON {
        let routes = routes.withLock { $0 }
        return document.withLock { document in
            if let document { return document }
            let made = openAPI.document(routes)
            document = made
            return made
        }
    }

    private var openAPI: OpenAPI {
        OpenAPI(
            title: "twin", version: TwinVersion.current,
            description: "Ask a digital twin, teach it, and look after it.",
            schemas: schemas, securitySchemes: securitySchemes, security: Self.security.required, servers: servers)
    }
}
