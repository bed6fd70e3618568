import TwinSupport

/// The description of an API in OpenAPI 3.1, made from the route table, so that what is documented is what is served.
package struct OpenAPI: Sendable {
    package var title: String
    package var version: String
    package var description: String
    /// Schemas that routes refer to as `#/components/schemas/NAME`.
    package var schemas: JSONObject
    /// Security schemes by name, as OpenAPI writes them.
    package var securitySchemes: JSONObject
    /// Names of the schemes of which one is enough where a route says nothing.
    package var security: [String]
    /// Base URLs under which the API is reached; empty leaves it to where the description was read.
    package var servers: [String]

    package init(
        title: String, version: String, description: String = "", schemas: JSONObject = [:],
        securitySchemes: JSONObject = [:], security: [String] = [], servers: [String] = []
    ) {
        self.title = title
        self.version = version
        self.description = description
        self.schemas = schemas
        self.securitySchemes = securitySchemes
        self.security = security
        self.servers = servers
    }

    /// The document for these routes, apart from hidden ones.
    package func document(_ routes: [Route]) -> JSON {
        var paths = JSONObject()
        for route in routes where !route.options.documentation.isHidden {
            var item = paths[route.pattern.openAPIPath]?.objectValue ?? JSONObject()
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[route.pattern.openAPIPath] = .object(item)
        }
        var info: JSONObject = ["title": .string(title), "version": .string(version)]
        if !description.isEmpty { info["description"] = .string(description) }
        var document: JSONObject = ["openapi": "3.1.0", "info": .object(info)]
        if !servers.isEmpty { document["servers"] = .array(servers.map { ["url": .string($0)] }) }
        document["paths"] = .object(paths)
        var components = JSONObject()
        if !schemas.isEmpty { components["schemas"] = .object(schemas) }
        if !securitySchemes.isEmpty { components["securitySchemes"] = .object(securitySchemes) }
        if !components.isEmpty { document["components"] = .object(components) }
        if !security.isEmpty { document["security"] = Self.requirement(security) }
        return .object(document)
    }

    private func operation(_ route: Route) -> JSON {
        let documentation = route.options.documentation
        var operation: JSONObject = [:]
        if !documentation.tags.isEmpty { operation["tags"] = .strings(documentation.tags) }
        if !documentation.summary.isEmpty { operation["summary"] = .string(documentation.summary) }
        if !documentation.description.isEmpty { operation["description"] = .string(documentation.description) }
        operation["operationId"] = .string(Self.operationID(route))
        let parameters = parameters(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let request = documentation.request {
            operation["requestBody"] = [
                "required": .bool(documentation.isRequestRequired), "content": Self.content([request]),
            ]
        }
        var responses = JSONObject()
        let answers = documentation.answers.isEmpty ? [RouteDocumentation.Answer(.ok)] : documentation.answers
        for answer in answers {
            var response: JSONObject = ["description": .string(answer.description)]
            if !answer.contents.isEmpty { response["content"] = Self.content(answer.contents) }
            responses[String(answer.status.code)] = .object(response)
        }
        operation["responses"] = .object(responses)
        if let security = documentation.security { operation["security"] = Self.requirement(security) }
        return .object(operation)
    }

    /// The documented parameters, and those of the path that nobody documented.
    private func parameters(_ route: Route) -> [JSON] {
        let documented = route.options.documentation.parameters
        let added = route.pattern.segments.compactMap { segment -> RouteDocumentation.Parameter? in
            guard let name = segment.name, !documented.contains(where: { $0.location == .path && $0.name == name }) else {
                return nil
            }
            var schema = route.options.documentation.pathParameters[name] ?? JSONSchema.string
            if case .uuid = segment { schema = JSONSchema.uuid }
            return RouteDocumentation.Parameter(name, in: .path, schema: schema)
        }
        return (added + documented).map { parameter in
            let schema = parameter.location == .path ? Self.segment(parameter.schema) : parameter.schema
            var object: JSONObject = [
                "name": .string(parameter.name), "in": .string(parameter.location.rawValue),
                "required": .bool(parameter.isRequired), "schema": schema,
            ]
            if !parameter.description.isEmpty { object["description"] = .string(parameter.description) }
            return .object(object)
        }
    }

    /// What a segment of a path can be, where its schema leaves that open: no path with a control character is taken
    /// (`PercentCoding.problem(inPath:)`).
    private static func segment(_ schema: JSON) -> JSON {
        guard var object = schema.objectValue, object["type"] == "string",
            ["pattern", "format", "enum", "const"].allSatisfy({ object[$0] == nil })
        else { return schema }
        object["pattern"] = #"^[^\x00-\x1F\x7F]+$"#
        return .object(object)
    }

    private static func content(_ contents: [RouteDocumentation.Content]) -> JSON {
        .object(
            JSONObject(
                contents.map { content in
                    var media: JSONObject = ["schema": content.schema]
                    if let example = content.example { media["example"] = example }
                    return (key: content.type, value: .object(media))
                }))
    }

    private static func requirement(_ names: [String]) -> JSON {
        .array(names.map { .object(JSONObject([(key: $0, value: [])])) })
    }

    /// A name for generated clients: method and path in words, such as `get_twins_id`.
    private static func operationID(_ route: Route) -> String {
        let words = route.path.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
        return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
    }
}
