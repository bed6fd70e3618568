import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The pages that are compiled into the program.
@Suite struct PageFileTests {
    private func text(_ name: String) throws -> String {
        String(decoding: try #require(PageFiles.all[name]).bytes, as: UTF8.self)
    }

    private func router() throws -> Router {
        // The desk is a page of the console where support is served.
        var options = TwinAPI.Options()
        options.contracts = try Contracts.named(["studio", "support", "console"])
        return try TwinAPI.router(Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"])), options)
    }

    /// The routes of the description, as `METHOD /path/{}`: the names of segments are each side's own.
    private func described(_ router: Router) -> Set<String> {
        Set(
            router.routes.filter { !$0.options.documentation.isHidden }.map { route in
                "\(route.method.rawValue) \(Self.template(route.pattern.text))"
            })
    }

    private static func template(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix("{") ? "{}" : String($0) }
            .joined(separator: "/")
    }

    /// The description says of each of its paths which methods there are; a page under one of them would be a method that it denies.
    @Test func `no page has the path of a described route`() throws {
        var options = TwinAPI.Options()
        options.contracts = Contracts.all
        let routes = try TwinAPI.router(Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"])), options).routes
        let described = Set(routes.filter { !$0.options.documentation.isHidden }.map { Self.template($0.pattern.text) })
        let pages = routes.filter { $0.options.documentation.isHidden }.map { Self.template($0.pattern.text) }
        #expect(pages.count > 8)
        #expect(pages.filter(described.contains) == [])
    }

    @Test func `the console calls described routes and no other, all from its one table`() throws {
        let described = try described(router())
        // name: "METHOD /path"
        let quoted = try text("api.js").split(separator: "\"").map(String.init)
        let calls = quoted.filter {
            ["GET /", "POST /", "PUT /", "PATCH /", "DELETE /"].contains(where: $0.hasPrefix)
        }
        #expect(calls.count > 45)
        for call in calls {
            let parts = call.split(separator: " ", maxSplits: 1).map(String.init)
            #expect(described.contains("\(parts[0]) \(Self.template(parts[1]))"), "\(call)")
        }
        let visitors = ["share.js", "invitation.js", "password.js", "frame.js", "visit.js", "widget.js"]
        for name in PageFiles.all.keys where name.hasSuffix(".js") && name != "api.js" && !visitors.contains(name) {
            let script = try text(name)
            for word in ["fetch(", "XMLHttpRequest", "EventSource", "sendBeacon", "WebSocket", "localStorage", "document.cookie"]
            {
                #expect(!script.contains(word), "\(name) has \(word)")
            }
        }
    }

    @Test func `what visitors' pages call is described`() throws {
        let described = try described(router())
        for (name, method, path) in [
            ("share.js", "GET", "/public/validate-share/"), ("share.js", "POST", "/public/chat/"),
            ("share.js", "POST", "/public/feedback/"), ("invitation.js", "GET", "/auth/invitation/"),
            ("invitation.js", "POST", "/auth/accept-invitation"), ("password.js", "POST", "/auth/forgot-password"),
            ("password.js", "POST", "/auth/reset-password"), ("frame.js", "POST", "/chat-widget/"),
            ("visit.js", "POST", "/api/public/widgets/"),
        ] {
            #expect(try text(name).contains(path), "\(name) does not call \(path)")
            #expect(described.contains { $0.hasPrefix("\(method) \(path)") }, "\(method) \(path)")
        }
    }

    @Test func `pages hold no scripts, styles or addresses of their own, and are small`() throws {
        for (name, file) in PageFiles.all {
            let content = String(decoding: file.bytes, as: UTF8.self)
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                // A comment may say that it is not there.
                #expect(!content.contains("." + word) && !content.contains(word + "("), "\(name) has \(word)")
            }
            if name.hasSuffix(".html") {
                #expect(!content.contains("<style") && !content.contains("style=\"") && !content.contains("onclick"), "\(name)")
                #expect(!content.contains("{{base}}") && content.contains(PageFiles.folder), "\(name)")
                #expect(content.contains("<html lang=\"en\""), "\(name)")
            }
        }
        func size(_ names: [String]) throws -> Int {
            try names.reduce(0) { $0 + (try #require(PageFiles.all[$1]?.packed?.count)) }
        }
        let shared = ["base.css", "page.css", "dom.js", "chat.js"]
        #expect(try size(["widget.js"]) < 12_288)
        #expect(try size(["share.html", "share.js"] + shared) < 20_480)
        #expect(try size(["frame.html", "frame.js"] + shared) < 20_480)
        #expect(try size(["frame.html", "visit.js"] + shared) < 20_480)
        let others = [
            "widget.js", "share.html", "share.js", "invitation.html", "invitation.js", "frame.html", "frame.js", "visit.js",
            "page.css",
        ]
        #expect(try size(PageFiles.all.keys.filter { !others.contains($0) }) < 61_440)
    }

    @Test func `the sites of a key become sources of a policy`() throws {
        let fixture = try TwinFixture()
        let store = KeyStore(database: fixture.database)
        for (domains, expected) in [
            ([], nil), (["*"], "*"), (["a.example", "*"], "*"),
            (["a.example"], "https://a.example:* http://a.example:*"),
            (["*.b.example"], "https://*.b.example:* http://*.b.example:* https://b.example:* http://b.example:*"),
        ] as [([String], String?)] {
            let key = try store.create("k", domains: domains, by: nil).key
            #expect(key.frameAncestors == expected, "\(domains)")
        }
    }
}
