import Testing

@testable import TwinHTTP
@testable import TwinSupport

@Suite struct PathRedactionTests {
    @Test func `what looks like a token is not in a logged path, wherever it stands`() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
        for token in [
            "tenant_0192abcd_" + Base64.url.encode(Crypto.random(count: 32)), "tenant_x", jwt, "eyJhbGciOiJIUzI1NiJ9",
            Hex.encode(Crypto.random(count: 20)), Hex.encode(Crypto.random(count: 32)), "whsec_abc", "sk-abc",
            "%74enant_0192abcd_secret",
        ] {
            for path in ["/share/x/TOKEN", "/TOKEN", "/v1/TOKEN/messages", "/auth/accept-invitation/TOKEN", "/a/TOKEN.json"] {
                let logged = TokenLikeText.redacted(path.replacing("TOKEN", with: token))
                #expect(!logged.contains(token), "\(logged)")
                #expect(logged.contains("[redacted]"))
            }
        }
        // Random tokens of every usual form, and ones that were cut.
        var random = SeededGenerator(seed: 3)
        for count in [16, 20, 24, 32] {
            for _ in 0..<500 {
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                #expect(TokenLikeText.redacted("/x/" + Hex.encode(bytes)) == "/x/[redacted]")
                let token = Base64.url.encode(bytes)
                #expect(TokenLikeText.redacted("/x/" + token) == "/x/[redacted]", "\(token)")
            }
        }
    }

    @Test func `names and ids stay readable`() {
        for path in [
            "/", "/health", "/twins/0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e/sources", "/twins/0192F0C4-5A3E-7B1C-9D2E-4F5A6B7C8D9E",
            "/access-groups/default/permissions/verified_qna", "/conversations/amara-lindqvist-wind-turbine-gearboxes-2024",
            "/ingest/youtube/ada", "/metrics/dashboard/a-very-long-name-of-a-twin-with-many-words-in-it-all",
            "/a//b/", "/caf%C3%A9/menu-2024-winter-edition", "/files/Annual-Report-2024-Final-Version.pdf",
            "/files/IMG_20240101_120000.jpg", "/twins/on-h2o-and-b2b-in-the-north-sea",
        ] { #expect(TokenLikeText.redacted(path) == path) }
    }
}
