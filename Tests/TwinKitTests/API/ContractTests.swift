import Synchronization
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A contract that has nothing in common with studio's: its paths, its errors, its schemas and its credentials are its own.
private struct ShopContract: Contract {
    var name = "shop"
    var prefixes = ["/api", "/api/auth/me"]
    var schemas: JSONObject = ["ShopItem": JSONSchema.output(["price": JSONSchema.integer])]
    var pathParameters: JSONObject = ["item": ["type": "string", "pattern": "^[a-z]+$"]]
    var security = ContractSecurity(schemes: ["shop": ["type": "http", "scheme": "bearer"]], required: ["shop"])
    var secretPaths = ["/api/carts/{id:uuid}"]
    var replyForm = ReplyForm.document

    func response(to error: ErrorReport, _ request: Request) -> Response {
        .json(
            [
                "error": [
                    "code": .string(error.kind?.rawValue ?? "http"), "message": .string(error.message),
                    "details": .array(error.issues.map { .string($0.path) }), "at": .string(request.path),
                ]
            ], status: error.status, headers: error.headers)
    }

    func routes(_ context: APIContext) -> [RouteArea] { [RouteArea("Shop", ShopRoutes(context: context))] }
}

private struct ShopRoutes: RouteCollection {
    let context: APIContext

    func add(to group: inout RouteGroup) throws {
        try group.get("/api/items/{item}") { request in
            switch request.parameters["item"] {
            case "gone": throw TwinError(.gone, "the item was sold")
            case "field": throw ValidationError([FieldIssue([.name("body"), .name("n")], type: "t", message: "wrong")])
            case "often":
                throw RateLimit.Exceeded(
                    status: RateLimit.Status(limit: 3, remaining: 0, resetsAt: Timestamp(milliseconds: 1_000)), window: .hour)
            case "broken": throw TwinError(.failed, "/secret/file is broken")
            default: return .json(["price": 3])
            }
        }
        try group.get("/api/carts/{id:uuid}/{key}") { _ in .text("cart") }
        try group.get("/api/{tenant_id:uuid}/chat") { .text($0.parameters["tenant_id"] ?? "-") }
    }
}

/// Paths below one of another contract's.
private struct DeskContract: Contract {
    var name = "desk"
    var prefixes = ["/api/auth", "/api/{tenant_id:uuid}", "/api/admin"]
    var schemas: JSONObject = [:]

    func response(to error: ErrorReport, _ request: Request) -> Response {
        .json(["status_code": .number(error.status.code)], status: error.status)
    }

    func routes(_ context: APIContext) -> [RouteArea] { [] }
}

@Suite struct ContractTests {
    private func router(_ contracts: [any Contract], _ change: (inout TwinAPI.Options) -> Void = { _ in }) throws -> Router {
        var options = TwinAPI.Options()
        options.contracts = contracts
        change(&options)
        return try TwinAPI.router(Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"])), options)
    }

    private func call(_ router: Router, _ target: String, _ method: HTTPMethod = .get, operates: Bool = true) throws
        -> CollectedResponse
    {
        var request = try Request(method, target)
        if operates { request[Principal.self] = .localOperator }
        return try router.respond(to: request).collect()
    }

    private static let tenant = "01890000-0000-7000-8000-0000000000AB"

    /// The first member's name of the error at a path, which tells the contracts' forms apart.
    private func form(_ router: Router, _ target: String, _ method: HTTPMethod = .get) throws -> String? {
        try JSONParser.parse(call(router, target, method).body).objectValue?.keys.first
    }

    @Test func `an unknown path has the form of errors of the contract whose path it is`() throws {
        let all = try router([StudioContract(), ShopContract(), DeskContract()])
        for (target, expected) in [
            ("/nothing", "detail"), ("/", "status"), ("/apis", "detail"), ("/api", "error"), ("/api/none", "error"),
            ("/api/none/of/them/", "error"), ("/%61pi/none", "error"), ("/api/auth", "status_code"),
            ("/api/auth/session", "status_code"), ("/api/auth/me", "error"), ("/api/auth/me/x", "error"),
            ("/api/auth/men", "status_code"), ("/api/admin/x", "status_code"), ("/api/administrator", "error"),
            ("/api/v1/chat", "error"), ("/api/\(Self.tenant)/none", "status_code"), ("/api/\(Self.tenant)", "status_code"),
            ("//api/none", "detail"), ("/api//auth/x", "error"),
        ] { #expect(try form(all, target) == expected, "\(target)") }
        // Whoever is served decides: without the desk its paths fall to the shop, without the shop to studio.
        #expect(try form(router([StudioContract(), ShopContract()]), "/api/auth/session") == "error")
        #expect(try form(router([StudioContract()]), "/api/auth/session") == "detail")
        // The order of contracts does not matter where one prefix is the more particular.
        #expect(try form(router([DeskContract(), ShopContract(), StudioContract()]), "/api/auth/me") == "error")
        // A wrong method is told in the form of the routes that are there.
        #expect(try form(all, "/api/\(Self.tenant)/chat", .put) == "error")
        #expect(try form(all, "/twins", .put) == "detail")
    }

    @Test func `every error of a route has its contract's form, with the status, fields and limits`() throws {
        let router = try router([StudioContract(), ShopContract()])
        let gone = try call(router, "/api/items/gone")
        #expect(gone.status == .gone)
        #expect(
            gone.text
                == #"{"error":{"code":"gone","message":"the item was sold","details":[],"at":"/api/items/gone"}}"#)
        let field = try call(router, "/api/items/field")
        #expect(field.status == .unprocessableContent && field.text.contains(#""details":["body.n"]"#))
        let often = try call(router, "/api/items/often")
        #expect(often.status == .tooManyRequests && often.headers["x-ratelimit-limit"] == "3")
        #expect(often.headers["retry-after"] != nil && often.text.contains(#""code":"limit_reached""#))
        let broken = try call(router, "/api/items/broken")
        #expect(broken.status == .internalServerError && !broken.text.contains("secret"))
        // Who asks is found out before the contract's routes; what that throws has its form too.
        var request = try Request(.get, "/api/items/x", headers: [HeaderField("authorization", "Basic x")])
        request[Principal.self] = nil
        let refused = try router.respond(to: request).collect()
        #expect(refused.status == .unauthorized && refused.text.contains(#""code":"unauthenticated""#))
        #expect(refused.headers["www-authenticate"] == "Bearer")
    }

    @Test func `a segment for a tenant takes a UUID and nothing else, in lower case`() throws {
        let router = try router([ShopContract()])
        #expect(try call(router, "/api/\(Self.tenant)/chat").text == Self.tenant.lowercased())
        let encoded = "/api/" + Self.tenant.split(separator: "-").joined(separator: "%2D") + "/chat"
        #expect(try call(router, encoded).text == Self.tenant.lowercased())
        let near = ["v1", "auth", "", Self.tenant + "0", String(Self.tenant.dropLast()), Self.tenant.filter { $0 != "-" }]
        for word in near + [Self.tenant.replacing("A", with: "g"), "%20" + Self.tenant, "{tenant_id}"] {
            #expect(try call(router, "/api/\(word)/chat").status == .notFound, "\(word)")
        }
    }

    @Test func `the description has each contract's shapes, segments and credentials`() throws {
        let router = try router([StudioContract(), ShopContract()])
        let document = try JSONParser.parse(call(router, "/openapi.json").body)
        let item = document["paths"]?["/api/items/{item}"]?["get"]
        #expect(item?["tags"]?.text == #"["Shop"]"# && item?["security"]?.text == #"[{"shop":[]}]"#)
        #expect(item?["parameters"]?[0]?["schema"]?["pattern"]?.stringValue == "^[a-z]+$")
        let chat = document["paths"]?["/api/{tenant_id}/chat"]?["get"]
        #expect(chat?["parameters"]?[0]?["schema"]?.text == #"{"type":"string","format":"uuid"}"#)
        #expect(document["components"]?["schemas"]?["ShopItem"] != nil && document["components"]?["schemas"]?["Twin"] != nil)
        #expect(document["components"]?["securitySchemes"]?.objectValue?.keys == ["bearer", "apiKey", "shop"])
        #expect(document["servers"] == nil)
        let hosted = try Workspace(scratch: Configuration(environment: ["TWIN_PUBLIC_URL": "https://twin.example/base/"]))
        let described = try JSONParser.parse(call(TwinAPI.router(hosted), "/openapi.json").body)
        #expect(described["servers"]?.text == #"[{"url":"https://twin.example/base"}]"#)
        // One name for two shapes would make one contract's clients read the other's.
        var clash = ShopContract()
        clash.schemas = ["Twin": JSONSchema.string]
        #expect(throws: TwinError.self) { try self.router([StudioContract(), clash]) }
        // So would one route for two handlers.
        #expect(throws: TwinError.self) { try self.router([ShopContract(), ShopContract()]) }
    }

    @Test func `paths with secrets are logged by their route, whoever mistypes them`() throws {
        let paths = Mutex<[String]>([])
        let router = try router([StudioContract(), ShopContract()]) { options in
            options.accessLog = { entry in paths.withLock { $0.append(entry.path) } }
        }
        for target in [
            "/api/carts/\(Self.tenant)/s3cret", "/api/carts/\(Self.tenant)/s3cret/x", "/public/chat/x/s3cret/more",
            "/auth/invitation/s3cret", "/auth/s3cret", "/%61uth/s3cret", "/public/s3cret", "/auth/me", "/api/items/pen",
        ] { _ = try call(router, target) }
        #expect(
            paths.withLock { $0 } == [
                "/api/carts/{id}/{key}", "/api/carts/{id:uuid}/…", "/public/…", "/auth/invitation/{token}", "/auth/…", "/auth/…",
                "/public/…", "/auth/me", "/api/items/pen",
            ])
    }

    @Test func `a chat answers in the contract's form where Accept names none`() throws {
        func form(_ accept: String?, _ fallback: ReplyForm) throws -> ReplyForm {
            ReplyForm(try Request(.post, "/", headers: accept.map { [HeaderField("accept", $0)] } ?? []), fallback: fallback)
        }
        for fallback in [ReplyForm.lines, .document, .events] {
            for useless in [nil, "*/*", "text/html", "image/png, */*;q=0.1"] {
                #expect(try form(useless, fallback) == fallback)
            }
            #expect(try form("text/event-stream", fallback) == .events)
            #expect(try form("application/x-ndjson", fallback) == .lines)
            #expect(try form("application/json", fallback) == .document)
            #expect(try form("application/json, text/event-stream;q=0.9", fallback) == .events)
        }
        #expect(StudioContract().replyForm == .lines)
    }

    @Test func `contracts are named by their names, once each`() throws {
        #expect(Contracts.all.map(\.name) == ContractName.all)
        #expect(Contracts.byDefault.allSatisfy { Contracts.names.contains($0.name) })
        #expect(try Contracts.named(["studio", "studio"]).map(\.name) == ["studio"])
        for wrong in [["nothing"], ["studio", "Studio"], []] {
            #expect(throws: TwinError.self) { try Contracts.named(wrong) }
        }
        // A program that serves everything that it can has no two routes at one place.
        _ = try router(Contracts.all)
        let configuration = try Configuration(environment: ["HOME": "/nowhere", "TWIN_CONTRACTS": " studio , studio "])
        #expect(try configuration.contracts.map(\.name) == ["studio"])
        #expect(throws: TwinError.self) { try Configuration(environment: ["TWIN_CONTRACTS": "studio,what"]).contracts }
        #expect(throws: TwinError.self) { try Configuration(environment: ["TWIN_CONTRACTS": ","]).contracts }
        #expect(try Configuration(environment: ["HOME": "/nowhere"]).contracts.map(\.name) == Contracts.byDefault.map(\.name))
    }
}
