import TwinHTTP
import TwinSupport

/// What is stored, for whoever has its address.
struct ServerStorage: RouteCollection {
    let context: APIContext

    private static let expires = FieldRule.int(0...99_999_999_999)
    private static let signature = FieldRule.string(1...200)

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/storage/{object}",
            .contract(
                "Fetch a picture or weights by their signed address", .publicRead,
                parameters: [
                    RouteDocumentation.Parameter("expires", in: .query, schema: Self.expires.schema, isRequired: true),
                    RouteDocumentation.Parameter("signature", in: .query, schema: Self.signature.schema, isRequired: true),
                ], answer: JSONSchema.binary, answerType: "application/octet-stream"), fetch)
    }

    private func fetch(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let expires = query.required("expires", Self.expires)
        let signature = query.required("signature", Self.signature)
        try query.validate()
        let (name, object) = try context.workspace.personas().open(
            request.parameters.require("object"), expires: Int64(expires), signature: signature)
        let headers = [
            HeaderField("content-type", name.kind.mediaType),
            // What stands under a name never changes; the address ends some time.
            HeaderField("cache-control", "private, max-age=3600, immutable"),
            HeaderField("content-disposition", name.kind.isPicture ? "inline" : "attachment; filename=\"\(name)\""),
            HeaderField("content-security-policy", "default-src 'none'; sandbox"), HeaderField("etag", "\"\(name.digest)\""),
        ]
        switch object {
        case .file(let file): return Response(.ok, headers: headers, body: .file(file))
        case .stream(let size, let read):
            return Response(
                .ok, headers: headers,
                body: .stream(.producing(length: size) { writer in try read { try writer.write(Array($0)) } }))
        }
    }
}
