import Synchronization
import TwinHTTP
import TwinSupport

/// The API's description, made from the routes that are served, once somebody asks for it.
final class OpenAPIDocument: Sendable {
    private let contracts: [TwinAPI.Contract]
    private let routes = Mutex<[Route]>([])
    private let document = Mutex<JSON?>(nil)

    init(contracts: [TwinAPI.Contract]) { self.contracts = contracts }

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
            schemas: StudioSchemas.all,
            securitySchemes: [
                "bearer": [
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "A token of a user, or an API key",
                ],
                "apiKey": ["type": "apiKey", "in": "header", "name": "X-Twin-Api-Key"],
            ],
            security: ["bearer", "apiKey"], pathParameters: StudioSchemas.pathParameters)
    }
}
