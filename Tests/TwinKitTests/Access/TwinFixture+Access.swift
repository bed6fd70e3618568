import TestSupport

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Who comes to a twin, and what reads their credentials.
extension TwinFixture {
    static let secret = Secret("a shared secret of more than 32 characters")

    var users: Users { Users(database: database) }
    var invitations: Invitations { Invitations(database: database, links: PageLinks(base: "https://app.example.org")) }
    var shareLinks: ShareLinks { ShareLinks(database: database, links: PageLinks(base: "https://app.example.org")) }
    var sessions: Sessions { Sessions(database: database) }

    /// With these variables and no file.
    func authenticator(_ environment: [String: String] = ["TWIN_JWT_SECRET": secret.reveal()]) throws -> Authenticator {
        var environment = environment
        environment["TWIN_CONFIG"] = folder.file("no-config.json")
        return try Authenticator(
            database: database, settings: Configuration(environment: environment).tokenSettings)
    }

    /// A user in a tenant whose address is proven, without the work of a password.
    @discardableResult
    func user(_ email: String, role: User.Role = .owner, tenantID: String? = nil) throws -> User {
        try database.write { connection in
            try Users.insert(
                id: Identifier.make(), tenantID: tenantID ?? twin.tenantID, email: email, isProven: true, role: role,
                fullName: nil,
                on: connection)
        }
    }

    func tenant(_ name: String) throws -> String {
        let id = Identifier.make()
        try database.write {
            try $0.run("INSERT INTO tenants (id, name, created_at) VALUES (?, ?, ?)", id, name, Clock.now)
        }
        return id
    }
}

/// Tokens put together by hand, as somebody who attacks would.
enum ForgedToken {
    static var now: Double { Double(Clock.now.milliseconds) / 1000 }

    static func claims(_ changes: JSONObject = JSONObject()) -> JSONObject {
        let usual: JSONObject = ["sub": "somebody", "email": "some@body.org", "exp": .double(now + 3600)]
        return usual.merging(changes)
    }

    /// A token with this header and these claims, signed with HMAC-SHA-256 and `key` whatever the header says.
    static func make(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String? = nil,
        key: [UInt8] = Array(TwinFixture.secret.reveal().utf8)
    ) throws -> Secret {
        let claims = claims ?? JSON.object(Self.claims()).text
        let signed = Base64.url.encode(Array(header.utf8)) + "." + Base64.url.encode(Array(claims.utf8))
        return Secret(signed + "." + Base64.url.encode(try Crypto.hmacSHA256(key: key, Array(signed.utf8))))
    }

    static func signed(_ changes: JSONObject) throws -> Secret {
        try JSONWebToken.sign(claims(changes), secret: TwinFixture.secret)
    }
}

/// The kind of the `TwinError` that `body` throws; none when it throws nothing or something else.
func failure(_ body: () throws -> Void) -> TwinError.Kind? {
    do {
        try body()
        return nil
    } catch {
        return (error as? TwinError)?.kind
    }
}
