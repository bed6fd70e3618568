import TwinHTTP
import TwinSupport

/// The page inside a widget's frame. It comes with a token of its own, because its calls come from twin's origin and not from
/// the site that shows it; which sites may, the key of the widget says.
struct WidgetPage: RouteCollection {
    let context: APIContext

    /// Where keys stand in the path.
    static let secretPath = "/widget"

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/widget.js",
            RouteOptions(
                "Load the widget", execution: .eventLoop, documentation: RouteDocumentation(security: [], isHidden: true))
        ) { request in
            guard let file = PageFiles.all["widget.js"] else { throw HTTPError(.notFound, "there is no widget") }
            // Sites that are isolated from others may load it too.
            return file.response(
                to: request, lifetime: "public, max-age=3600",
                headers: [HeaderField("cross-origin-resource-policy", "cross-origin")])
        }
        try group.get(
            "/widget/{twin_id}/{token}",
            RouteOptions("Open a widget's page", documentation: RouteDocumentation(security: [], isHidden: true)), open)
        try group.get(
            "/widget/desk/{tenant_id:uuid}",
            RouteOptions("Open the page of a desk's widget", documentation: RouteDocumentation(security: [], isHidden: true)),
            openDesk)
    }

    /// The page of a desk needs no token: what it may do, anybody may who reaches the desk.
    private func openDesk(_ request: Request) throws -> Response {
        try context.count([.openingWidgets(from: context.address(of: request))])
        let desk = try? context.desks.find(request.parameters.require("tenant_id"))
        guard let desk, desk.isActive, desk.widget.isEnabled, context.serves("support") else {
            return Self.response(frames: "*", ["problem": "there is no such widget"], script: "visit.js")
        }
        let words: JSON = [
            "twin_name": .string(desk.name), "welcome": .string(desk.widget.welcomeMessage),
            "placeholder": .string(desk.widget.placeholderText), "color": .string(desk.widget.primaryColor),
        ]
        let domains = desk.widget.allowedDomains
        return Self.response(
            frames: domains.isEmpty ? "*" : KeyDomain.frameAncestors(domains), ["twin": desk.tenantID, "words": words.text],
            script: "visit.js")
    }

    private func open(_ request: Request) throws -> Response {
        try context.count([.openingWidgets(from: context.address(of: request))])
        let name = try request.parameters.require("twin_id")
        do {
            guard let key = try context.workspace.keys.verify(Secret(request.parameters.require("token"))) else {
                throw TwinError(.notFound, "the key of this chat is no longer valid")
            }
            guard let frames = key.frameAncestors else {
                throw TwinError(
                    .notPermitted, "the key of this chat names no site; make one that names this site, or * for every site")
            }
            let twin = try context.authorizer.activeTwin(name, .chat, as: .apiKey(key))
            // Ids only: a slug can be guessed.
            guard twin.id == name else { throw TwinError(.notFound, "there is no such twin") }
            let page = PageWords(of: twin)
            return Self.response(
                frames: frames,
                [
                    "twin": twin.id, "token": try context.workspace.tokens.pageToken(for: key, twin).reveal(),
                    "words": page.json.text,
                ])
        } catch let error as TwinError where [.notFound, .notPermitted, .gone, .unauthenticated].contains(error.kind) {
            // Whoever set it up has to see why; it tells nothing of a tenant.
            return Self.response(frames: "*", ["problem": error.message])
        }
    }

    /// `values` stand in the page where their names do.
    private static func response(frames: String, _ values: [String: String], script: String = "frame.js") -> Response {
        var text = PageFiles.all["frame.html"].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        let all = ["twin": "", "token": "", "words": "{}", "problem": "", "script": script].merging(values) { $1 }
        for (name, value) in all { text = text.replacing("{{\(name)}}", with: value.escapedForHTML) }
        return .text(
            text, type: "text/html; charset=utf-8",
            headers: [PagePolicy.field(frames: frames), HeaderField("cache-control", "no-store")])
    }
}

/// What a twin says of itself on a page for visitors.
struct PageWords {
    let twin: Twin

    init(of twin: Twin) { self.twin = twin }

    /// Questions that are suggested at the most.
    private static let maximumSuggestions = 6

    var json: JSON {
        let settings = twin.settings
        let suggestions = (settings[TwinSettings.pageSuggestions] ?? "").split(separator: "\n").map { String($0).trimmed }
            .filter { !$0.isEmpty }
        return [
            "twin_name": .string(twin.name), "description": .string(twin.description),
            "welcome": .optional(settings[TwinSettings.pageWelcome]),
            "suggestions": .strings(Array(suggestions.prefix(Self.maximumSuggestions))),
            "color": .optional(settings[TwinSettings.pageColor]),
        ]
    }
}

extension KeyStore.Key {
    /// The sites that the key names, as sources of `frame-ancestors` (CSP Level 3); none when it names none: that every site
    /// may show a page has to be said.
    var frameAncestors: String? {
        allowedDomains.isEmpty ? nil : KeyDomain.frameAncestors(allowedDomains)
    }
}

extension KeyDomain {
    /// The sites of some domains, as sources of `frame-ancestors`.
    static func frameAncestors(_ domains: [String]) -> String {
        if domains.contains("*") { return "*" }
        return domains.flatMap { domain -> [String] in
            let hosts = domain.hasPrefix("*.") ? [domain, String(domain.dropFirst(2))] : [domain]
            // Keys name hosts, whatever the port.
            return hosts.flatMap { ["https://\($0):*", "http://\($0):*"] }
        }.joined(separator: " ")
    }
}

extension String {
    /// As it may stand in markup and in the value of an attribute.
    var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            // Names of a template's places are no markup, and none of a value's.
            .replacing("{", with: "&#123;")
    }
}
