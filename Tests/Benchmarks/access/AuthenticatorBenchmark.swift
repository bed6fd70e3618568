import Dispatch
import TwinHTTP
import TwinKit
import TwinSupport

/// `twin-benchmark access DATABASE`: how many requests a second can be authenticated on one core. The database is made.
enum AuthenticatorBenchmark {
    static func run(_ arguments: [String]) throws {
        guard let path = arguments.first else { return print("usage: twin-benchmark access DATABASE") }
        let configuration = try Configuration(environment: ["TWIN_CONFIG": path + ".none"])
        let workspace = try Workspace(path: path, configuration: configuration, create: true)
        let email = "user\(Clock.now.milliseconds)@example.org"
        let user = try workspace.users.add(email: email, password: Secret("correct horse"))
        let tokens = try workspace.tokens
        let authenticator = try workspace.authenticator
        let one = try tokens.accessToken(for: user)
        // More than the cache holds, so that each is verified anew.
        let many = try (0..<20_000).map { _ in try tokens.accessToken(for: user) }
        let (_, key) = try workspace.keys.create("benchmark", by: AuditLog.localActor)
        // The first use of each notes the time in the background.
        for secret in [one, key] { _ = try authenticator.principal(bearer: secret, apiKey: nil, origin: nil) }
        authenticator.flush()
        try rate("the same token again and again", 200_000) { _ in
            _ = try authenticator.principal(bearer: one, apiKey: nil, origin: nil)
        }
        try rate("a token never seen before", many.count) { index in
            _ = try authenticator.principal(bearer: many[index], apiKey: nil, origin: nil)
        }
        try rate("an API key", 100_000) { _ in _ = try authenticator.principal(bearer: key, apiKey: nil, origin: nil) }
        try rate("a read transaction alone", 200_000) { _ in _ = try workspace.users.find(user.id) }
    }

    private static func rate(_ name: String, _ count: Int, _ body: (Int) throws -> Void) throws {
        let start = DispatchTime.now().uptimeNanoseconds
        for index in 0..<count { try body(index) }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        print("\(name): \(Int(Double(count) / seconds)) a second")
    }
}
