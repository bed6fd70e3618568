import TwinHTTP
import TwinKit
import TwinSupport

enum APICommand {
    static let command = Command(
        "api", summary: "Send one request to the HTTP API without a server",
        discussion: """
            The request goes through the same routes as one that 'twin serve' receives, but in this process. Its \
            answer's content goes to standard output as it is. Without --as-user or --as-key it is made by the operator, who \
            may do everything.

            The exit code follows the answer's status: 0 for success, 2 for a request that is wrong, 4 for one that is not \
            permitted, 5 for what is not there, 6 for a limit, 7 and 8 for a server that cannot answer now, and 1 otherwise.
            """,
        examples: [
            Example("twin api GET /twins | jq '.[].name'", "the names of the twins"),
            Example("twin api POST /twins --data '{\"name\":\"Ada Lovelace\"}'", "make a twin"),
            Example("twin api GET /auth/me --as-user ada@example.org --include", "as somebody else, with the answer's fields"),
        ],
        arguments: [
            Argument(
                "METHOD", help: "GET, POST, PUT, PATCH or DELETE", completion: .choices(["GET", "POST", "PATCH", "DELETE"])),
            Argument("PATH", help: "The path with its query, as in a URL"),
        ],
        options: [
            .string("data", "JSON", short: "d", help: "The content; @FILE reads it from a file, - from standard input"),
            .string("form", "NAME=VALUE", repeats: true, help: "A field of a form; NAME=@FILE sends a file"),
            .string("header", "NAME: VALUE", short: "H", repeats: true, help: "A field of the request"),
            .string("as-user", "USER", completion: .dynamic(.users), help: "Ask as this user: an e-mail address or an id"),
            .string("as-key", "KEY", completion: .dynamic(.keys), help: "Ask as the holder of this API key (its id or name)"),
            .flag("include", short: "i", help: "Print the answer's status and fields before its content"),
        ],
        exits: [.notConfigured, .notPermitted, .notFound, .limitReached, .busy, .upstream], alsoCalled: ["curl", "request"],
        run: run)

    /// Bytes of content at the most.
    private static let maximumContent = 64 << 20

    private static func run(_ call: Invocation) throws -> ExitCode {
        guard let method = HTTPMethod(rawValue: try call.required("METHOD").uppercased()) else {
            throw call.usage("there is no method '\(try call.required("METHOD"))'")
        }
        let workspace = try call.workspace(create: true)
        let router = try TwinAPI.router(workspace, options(call, workspace))
        var (headers, content) = try content(call)
        headers += try call.strings("header").map { try field($0, call) }
        var request: Request
        do {
            request = try Request(method, try call.required("PATH"), headers: headers, body: content)
        } catch let error as HTTPError {
            throw TwinError(.invalid, error.message)
        }
        request[Principal.self] = try principal(call, workspace)
        let response = try router.respond(to: request)
        if call.flag("include") {
            try call.output.data("\(response.status.code) \(response.status.reason)\n")
            for field in response.headers { try call.output.data("\(field.name): \(field.value)\n") }
            try call.output.data("\n")
        }
        try response.forEachPiece { bytes in
            try call.output.data(String(decoding: bytes, as: UTF8.self))
            try call.output.flush()
        }
        // On a terminal the prompt should not stand behind the content.
        if call.output.isTerminal { try call.output.data("\n") }
        return exitCode(response.status)
    }

    private static func options(_ call: Invocation, _ workspace: Workspace) throws -> TwinAPI.Options {
        var options = TwinAPI.Options()
        options.contracts = try workspace.configuration.contracts
        let log = ServerLog("text", output: call.output)
        options.errorLog = log.error
        return options
    }

    private static func principal(_ call: Invocation, _ workspace: Workspace) throws -> Principal {
        switch (call.string("as-user"), call.string("as-key")) {
        case (nil, nil): return .localOperator
        case (let name?, nil): return .user(try workspace.users.resolve(name))
        case (nil, let id?): return .apiKey(try workspace.keys.resolve(id))
        default: throw call.usage("--as-user and --as-key cannot be used together")
        }
    }

    private static func content(_ call: Invocation) throws -> ([HeaderField], [UInt8]) {
        let fields = call.strings("form")
        guard fields.isEmpty || !call.has("data") else { throw call.usage("--data and --form cannot be used together") }
        if let data = call.string("data") {
            let bytes: [UInt8]
            if data == "-" || data.hasPrefix("@") {
                bytes = try StandardInput.bytes(of: data == "-" ? "-" : String(data.dropFirst()), limit: maximumContent)
            } else {
                bytes = Array(data.utf8)
            }
            return ([HeaderField("content-type", "application/json")], bytes)
        }
        guard !fields.isEmpty else { return ([], []) }
        var form = MultipartForm()
        for field in fields {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else { throw call.usage("--form takes NAME=VALUE or NAME=@FILE") }
            if parts[1].hasPrefix("@") {
                let path = String(parts[1].dropFirst())
                form.append(
                    parts[0], fileName: FilePath.name(path), mediaType: "application/octet-stream",
                    try StandardInput.bytes(of: path, limit: maximumContent))
            } else {
                form.append(parts[0], parts[1])
            }
        }
        return ([HeaderField("content-type", form.contentType)], form.body())
    }

    private static func field(_ text: String, _ call: Invocation) throws -> HeaderField {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw call.usage("--header takes 'NAME: VALUE'") }
        return HeaderField(parts[0], String(parts[1].drop { $0 == " " }))
    }

    private static func exitCode(_ status: HTTPStatus) -> ExitCode {
        switch status.code {
        case ..<400: .done
        case 400, 405, 411, 413, 414, 415, 422, 431: .usage
        case 401, 403: .notPermitted
        case 404, 410: .notFound
        case 429: .limitReached
        case 408, 503, 504: .busy
        case 502: .upstream
        default: .failed
        }
    }
}
