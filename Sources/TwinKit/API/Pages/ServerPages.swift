import TwinHTTP
import TwinSupport

/// The pages that twin serves itself: where the links lead that it makes (share links and invitations), and what pages load. A
/// front end that has pages of its own for the links gets who follows one.
struct ServerPages: RouteCollection {
    let context: APIContext

    /// Where tokens of links stand in the path.
    static let secretPaths = ["/share", "/auth/accept-invitation", "/auth/reset-password", WidgetPage.secretPath]

    /// A year: under an address that names its version a file never changes.
    private static let forEver = "public, max-age=31536000, immutable"

    func add(to group: inout RouteGroup) throws {
        func hidden(_ summary: String) -> RouteOptions {
            RouteOptions(summary, execution: .eventLoop, documentation: RouteDocumentation(security: [], isHidden: true))
        }
        try group.get("/share/{twin_id}/{token}", hidden("Open the page of a share link"), share)
        try group.get("/auth/accept-invitation/{token}", hidden("Open the page of an invitation"), invitation)
        try group.get("/auth/new-password", hidden("Open the page that asks for a new password")) { request in
            try Self.page("password.html", request)
        }
        try group.get("/auth/reset-password/{token}", hidden("Open the page of a new password"), newPassword)
        try group.get("/assets/{version}/{file}", hidden("Load what a page needs")) { request in
            guard try request.parameters.require("version") == PageFiles.version,
                let file = try PageFiles.all[request.parameters.require("file")]
            else { throw HTTPError(.notFound, "there is no such file; load the page again") }
            return file.response(to: request, lifetime: Self.forEver)
        }
        try WidgetPage(context: context).add(to: &group)
    }

    private func share(_ request: Request) throws -> Response {
        let twin = try Self.part(request, "twin_id")
        let token = try Self.part(request, "token")
        if let pages = context.workspace.frontEnd { return Self.redirect(pages.share(twinID: twin, token: token)) }
        return try Self.page("share.html", request)
    }

    private func invitation(_ request: Request) throws -> Response {
        let token = try Self.part(request, "token")
        if let pages = context.workspace.frontEnd { return Self.redirect(pages.invitation(token: Secret(token))) }
        return try Self.page("invitation.html", request)
    }

    private func newPassword(_ request: Request) throws -> Response {
        let token = try Self.part(request, "token")
        if let pages = context.workspace.frontEnd { return Self.redirect(pages.passwordReset(token: Secret(token))) }
        return try Self.page("password.html", request)
    }

    /// A page that is the same for everybody: what it shows, its script asks the API for.
    static func page(_ name: String, _ request: Request, lifetime: String = "no-store") throws -> Response {
        guard let file = PageFiles.all[name] else { throw HTTPError(.notFound, "there is no such page") }
        return file.response(to: request, lifetime: lifetime, headers: [PagePolicy.field()])
    }

    /// A part of the path that may stand in a URL as it is. Anything else is no link of twin's.
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
}
