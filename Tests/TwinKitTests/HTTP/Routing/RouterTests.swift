import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct RouterTests {
    private func router(_ build: (inout RouteGroup) throws -> Void) throws -> Router {
        var group = RouteGroup()
        try build(&group)
        return try Router(group)
    }

    private func call(
        _ router: Router, _ method: HTTPMethod, _ target: String, headers: [HeaderField] = [], body: String = ""
    ) throws -> CollectedResponse {
        try router.respond(to: Request(method, target, headers: headers, body: Array(body.utf8))).collect()
    }

    @Test func `a literal segment beats a parameter, with a way back`() throws {
        let router = try router { group in
            try group.get("/twins/me") { _ in .text("me") }
            try group.get("/twins/me/x") { _ in .text("me x") }
            try group.get("/twins/{id}") { .text("id \($0.parameters["id"] ?? "-")") }
            try group.get("/twins/{id}/y") { .text("y of \($0.parameters["id"] ?? "-")") }
            try group.get("/files/{path...}") { .text("rest \($0.parameters["path"] ?? "-")") }
            try group.get("/") { _ in .text("root") }
        }
        for (target, expected) in [
            ("/twins/me", "me"), ("/twins/me/x", "me x"), ("/twins/me/y", "y of me"), ("/twins/7", "id 7"),
            ("/twins/7/", "id 7"), ("/twins/a%2Fb", "id a/b"), ("/twins/%6de", "me"), ("/twins/%C3%A9?q=/x", "id é"),
            ("/files/a/b%20c", "rest a/b c"), ("/", "root"),
        ] {
            #expect(try call(router, .get, target).text == expected, "\(target)")
        }
        #expect(try call(router, .get, "/twins").status == .notFound)
        #expect(try call(router, .get, "/twins/7/y/z").status == .notFound)
        #expect(try call(router, .get, "/twins//y").status == .notFound)
    }

    @Test func `a UUID's segment stands between a literal and any other`() throws {
        let router = try router { group in
            try group.get("/a/b") { _ in .text("literal") }
            try group.get("/a/{id:uuid}") { .text("uuid \($0.parameters["id"] ?? "-") \($0.route ?? "-")") }
            try group.get("/a/{name}") { .text("name \($0.parameters["name"] ?? "-")") }
            try group.get("/a/{id:uuid}/x") { _ in .text("x") }
            try group.get("/a/{name}/{more}") { .text("\($0.parameters["name"] ?? "-")+\($0.parameters["more"] ?? "-")") }
            try group.post("/c/{id:uuid}") { _ in .text("post") }
        }
        let id = "01890000-0000-7000-8000-0000000000ab"
        for (target, expected) in [
            ("/a/b", "literal"), ("/a/\(id)", "uuid \(id) /a/{id}"), ("/a/\(id.uppercased())", "uuid \(id) /a/{id}"),
            ("/a/\(id)0", "name \(id)0"), ("/a/v1", "name v1"), ("/a/\(id)/x", "x"), ("/a/\(id)/y", "\(id)+y"),
        ] { #expect(try call(router, .get, target).text == expected, "\(target)") }
        #expect(try call(router, .post, "/c/x").status == .notFound)
        #expect(try call(router, .get, "/c/x").status == .notFound)
        #expect(try call(router, .get, "/c/\(id)").status == .methodNotAllowed)
    }

    @Test func `a table of prefixes gives the value of the most particular one`() throws {
        var table = PathTable<Int>()
        for (number, prefix) in ["/", "/a", "/a/{x:uuid}", "/a/b/c", "/a", "/a/{y}/d"].enumerated() {
            try table.insert(prefix, number)
        }
        for (path, expected) in [
            ("/", 0), ("/z", 0), ("/ab", 0), ("/a", 1), ("/a/", 1), ("/a/z", 1), ("/a/01890000-0000-7000-8000-0000000000ab", 2),
            ("/a/01890000-0000-7000-8000-0000000000ab/q/r", 2), ("/a/b", 1), ("/a/b/c", 3), ("/a/b/c/d/e", 3), ("/a/b/d/e", 5),
            ("/%61/b%2Fc", 1), ("/%61/%62/c", 3),
        ] { #expect(table[path] == expected, "\(path)") }
        #expect(table["*"] == nil && PathTable<Int>()["/a"] == nil)
        #expect(throws: TwinError.self) { try table.insert("a", 1) }
    }

    @Test func `a path without the method says which methods it has`() throws {
        let router = try router { group in
            try group.get("/a/{x}") { _ in .text("get") }
            try group.post("/a/b") { _ in .text("post") }
        }
        let wrong = try call(router, .put, "/a/b")
        #expect(wrong.status == .methodNotAllowed)
        #expect(wrong.headers["Allow"] == "OPTIONS, POST")
        #expect(wrong.text == #"{"detail":"Method Not Allowed"}"#)
        let options = try call(router, .options, "/a/c")
        #expect(options.status == .noContent && options.headers["allow"] == "GET, HEAD, OPTIONS")
        #expect(try call(router, .get, "/a/c").text == "get")
        #expect(try call(router, .head, "/a/c").status == .ok)
        // What is named literally is not one of the things that a parameter stands for.
        #expect(try call(router, .get, "/a/b").status == .methodNotAllowed)
        for method in [HTTPMethod.trace, .query] {
            #expect(try call(router, method, "/a/c").status == .methodNotAllowed)
            #expect(try call(router, method, "/none").status == .notFound)
        }
    }

    @Test func `two routes of one path and method are a conflict, and a pattern must make sense`() throws {
        #expect(throws: TwinError.self) {
            try router { group in
                try group.get("/a/{x}") { _ in .text("") }
                try group.get("/a/{y}") { _ in .text("") }
            }
        }
        for pattern in ["a", "/a//b", "/{x}/{x}", "/{rest...}/a", "/{", "/a{b}", "/{x:int}", "/{:uuid}"] {
            #expect(throws: TwinError.self, "\(pattern)") { try RoutePattern(pattern) }
        }
    }

    @Test func `layers run from the outside in and each group renders its errors`() throws {
        struct Mark: Middleware {
            let name: String
            func respond(to request: Request, next: any Responder) throws -> Response {
                var response = try next.respond(to: request)
                response.headers.append(HeaderField("x-mark", name))
                return response
            }
        }
        let router = try router { group in
            group.use(Mark(name: "outer"))
            try group.group(
                "/api", use: [Mark(name: "inner")],
                errors: { error, _ in
                    .json(["error": .string(ErrorReport(error).message)], status: ErrorReport(error).status)
                }
            ) { api in
                try api.get("/ok") { _ in .text("ok") }
                try api.get("/fails") { _ in throw TwinError(.conflict, "taken") }
            }
        }
        #expect(try call(router, .get, "/api/ok").headers.map(\.value).suffix(2) == ["inner", "outer"])
        let failure = try call(router, .get, "/api/fails")
        #expect(failure.status == .conflict && failure.text == #"{"error":"taken"}"#)
        #expect(failure.headers["x-mark"] == "outer")
        #expect(try call(router, .get, "/api/none").text == #"{"error":"Not Found"}"#)
        #expect(try call(router, .get, "/apis").text == #"{"detail":"Not Found"}"#)
    }

    @Test func `every wrong field of a request is named at once`() throws {
        let router = try router { group in
            try group.post("/people") { request in
                var body = try request.bodyFields()
                let name = body.required("name", .string(1...5))
                let age = body.optional("age", .int(0...150))
                _ = body.required("tags", .list(of: .string(2...3)))
                _ = body.optional("home", FieldRule<String>.fields(placeholder: "") { $0.required("city", .string) })
                var query = request.queryFields()
                _ = query.required("limit", .int(1...10))
                body.merge(query)
                try body.validate()
                return .text("\(name) \(age ?? -1)")
            }
        }
        #expect(try call(router, .post, "/people?limit=3", body: #"{"name":"Ada","age":36,"tags":["ab"]}"#).text == "Ada 36")
        let wrong = try call(router, .post, "/people?limit=x", body: #"{"name":"","age":200,"tags":["ab","c"],"home":{}}"#)
        #expect(wrong.status == .unprocessableContent)
        let detail = try #require(try JSONParser.parse(wrong.body)["detail"]?.arrayValue)
        #expect(
            detail.map { $0["loc"]?.text } == [
                #"["body","name"]"#, #"["body","age"]"#, #"["body","tags",1]"#, #"["body","home","city"]"#, #"["query","limit"]"#,
            ])
        #expect(
            detail.map { $0["type"]?.stringValue } == [
                "string_too_short", "less_than_equal", "string_too_short", "missing", "int_parsing",
            ])
        #expect(try call(router, .post, "/people", body: "[1]").status == .unprocessableContent)
        #expect(try call(router, .post, "/people", body: "{").status == .unprocessableContent)
        #expect(try call(router, .post, "/people").status == .unprocessableContent)
        #expect(
            try call(router, .post, "/people", headers: [HeaderField("content-type", "text/xml")], body: "<a/>").status
                == .unsupportedMediaType)
    }

    @Test func `the description of the API lists what is served`() throws {
        let router = try router { group in
            try group.group("/twins", tags: ["twins"]) { twins in
                try twins.get(
                    "/{id}",
                    RouteOptions(
                        "Read a twin",
                        documentation: RouteDocumentation(
                            parameters: [.init("full", schema: JSONSchema.boolean)],
                            answers: [
                                .init(.ok, content: .init(JSONSchema.reference("Twin"), example: ["id": "x"])), .init(.notFound),
                            ]))
                ) { _ in .text("") }
                try twins.post(
                    "/",
                    RouteOptions(
                        documentation: RouteDocumentation(request: .init(JSONSchema.object(["name": JSONSchema.string]))))
                ) {
                    _ in .text("")
                }
            }
            try group.get("/hidden", RouteOptions(documentation: RouteDocumentation(isHidden: true))) { _ in .text("") }
        }
        let document = OpenAPI(title: "T", version: "1", schemas: ["Twin": JSONSchema.object]).document(router.routes)
        #expect(document["openapi"] == "3.1.0")
        #expect(document["paths"]?.objectValue?.keys == ["/twins/{id}", "/twins"])
        let read = document["paths"]?["/twins/{id}"]?["get"]
        #expect(read?["summary"] == "Read a twin" && read?["tags"] == ["twins"] && read?["operationId"] == "get_twins_id")
        #expect(read?["parameters"]?.arrayValue?.map { $0["name"]?.stringValue } == ["id", "full"])
        #expect(read?["responses"]?.objectValue?.keys == ["200", "404"])
        #expect(
            document["paths"]?["/twins"]?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"]?["required"] == [
                "name"
            ])
    }

    @Test func `the page of an API shows its routes and lets no text become markup`() throws {
        let router = try router { group in
            try group.get("/a/{id}", RouteOptions("Read <b>&\"")) { _ in .text("") }
        }
        let page = OpenAPIPage.html(
            OpenAPI(title: "<script>", version: "1", schemas: ["T": ["type": "string"]]).document(router.routes))
        #expect(page.contains("<b>GET</b> <code>/a/{id}</code> Read &lt;b&gt;&amp;&quot;"))
        #expect(page.contains("<td>id<td>path<td>yes"))
        #expect(!page.contains("<script"))
    }

    @Test func `content that cannot be taken is an error in the group's shape`() throws {
        var group = RouteGroup()
        group.use(CorrelationID())
        try group.post("/small", RouteOptions(bodyLimit: 3)) { .text("got \(try $0.body.collect().count)") }
        let server = try TestServer(router: group)
        let client = try server.client()
        client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        #expect(client.readResponse().body == "got 3")
        client.send("POST /small HTTP/1.1\r\nHost: a\r\nx-request-id: me.1\r\nContent-Length: 4\r\n\r\nabcd")
        let refused = client.readResponse()
        #expect(refused.status == 413)
        #expect(refused.body == #"{"detail":"The content is larger than 3 bytes"}"#)
        #expect(refused.header("x-correlation-id") == "me.1")
        let other = try server.client()
        other.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd")
        #expect(other.readResponse().status == 404)
    }
}
