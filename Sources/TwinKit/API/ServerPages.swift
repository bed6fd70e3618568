import TwinHTTP
import TwinSupport

/// Where the links lead that twin makes: share links and invitations. A front end that has pages of its own for them gets who
/// follows a link.
struct ServerPages: RouteCollection {
    let context: APIContext

    /// Where tokens of links stand in the path.
    static let secretPaths = ["/share", "/auth/accept-invitation"]

    func add(to group: inout RouteGroup) throws {
        let hidden = RouteOptions(
            "Open the page of a link", execution: .eventLoop, documentation: RouteDocumentation(security: [], isHidden: true))
        try group.get("/share/{twin_id}/{token}", hidden, share)
        try group.get("/auth/accept-invitation/{token}", hidden, invitation)
    }

    private func share(_ request: Request) throws -> Response {
        let twin = try Self.part(request, "twin_id")
        let token = try Self.part(request, "token")
        if let pages = context.workspace.frontEnd { return Self.redirect(pages.share(twinID: twin, token: token)) }
        return Self.page(
            title: "A digital twin was shared with you",
            "Ask it whatever you like; it answers from what its owner has taught it, and says where that stands.",
            command: """
                curl \(context.workspace.publicURL)/public/chat/\(twin)/\(token) \\
                  -H 'content-type: application/json' -d '{"message": "What can I ask you?"}'
                """)
    }

    private func invitation(_ request: Request) throws -> Response {
        let token = try Self.part(request, "token")
        if let pages = context.workspace.frontEnd { return Self.redirect(pages.invitation(token: Secret(token))) }
        return Self.page(
            title: "You are invited",
            "Accept with a password of your choice; the link is good once. Keep it to yourself: whoever has it can take your place.",
            command: """
                curl \(context.workspace.publicURL)/auth/accept-invitation \\
                  -H 'content-type: application/json' -d '{"token": "\(token)", "password": "YOUR PASSWORD"}'
                """)
    }

    /// A part of the path that may stand in a URL, a page and a command as it is. Anything else is no link of twin's.
    private static func part(_ request: Request, _ name: String) throws -> String {
        let text = try request.parameters.require(name)
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, text.utf8.count <= 200 else { throw HTTPError(.notFound, "this link is not valid") }
        return text
    }

    private static func redirect(_ url: String) -> Response {
        Response(.seeOther, headers: [HeaderField("location", url)])
    }

    /// A page without scripts or anything from elsewhere.
    private static func page(title: String, _ text: String, command: String) -> Response {
        .text(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>\(title)</title>
            <style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}
            pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;border:1px solid}</style></head>
            <body><main><h1>\(title)</h1><p>\(text)</p><pre>\(escape(command))</pre></main></body></html>

            """, type: "text/html; charset=utf-8",
            headers: [HeaderField("content-security-policy", OpenAPIPage.contentSecurityPolicy)])
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
