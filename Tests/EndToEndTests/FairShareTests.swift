import Glibc
import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// One tenant's or one client's load is not everybody's.
@Suite struct FairShareTests {
    @Test func `uploads that stall stop neither other tenants nor their own`() throws {
        let scene = try Scene()
        let (anna, bob) = (try TenantFixture(scene, marker: "anna"), try TenantFixture(scene, marker: "bob"))
        let twins = [try anna.twin().id, try bob.twin().id]
        let authorizations = [try anna.token(anna.owner), try bob.token(bob.owner)]
        let server = try RunningServer(scene)
        try scene.write("bees.md", "# Bees\n\nBees store honey in combs of wax for the winter.\n")
        // A process that begins uploads and sends nothing more of them: more than are read at once.
        let stalled = try scene.shell(
            """
            cat > stall.py <<'EOF'
            import socket, sys, time
            port, path, authorization, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
            sockets = []
            for _ in range(count):
                s = socket.create_connection(("127.0.0.1", port))
                s.sendall((f"POST {path} HTTP/1.1\\r\\nHost: a\\r\\n{authorization}\\r\\nContent-Length: 100000\\r\\n"
                           "Content-Type: multipart/form-data; boundary=b\\r\\n\\r\\n"
                           "--b\\r\\nContent-Disposition: form-data; name=file; filename=x.md\\r\\n\\r\\nbegun").encode())
                sockets.append(s)
            time.sleep(0.5)
            open("stalled", "w").close()
            # Until the server ends, or has waited long enough.
            sockets[0].recv(1)
            EOF
            python3 stall.py \(server.url.split(separator: ":").last ?? "") /ingest/file/\(twins[0]) '\(authorizations[0])' 40 > /dev/null 2>&1 &
            for i in $(seq 2400); do [ -e stalled ] && break; sleep 0.05; done; ls stalled
            """)
        #expect(stalled.output == "stalled\n", "\(stalled)")
        defer { server.stop(SIGKILL) }
        for index in [1, 0] {
            let reply = try scene.shell(
                "curl -sS --max-time 240 -H '\(authorizations[index])' -F file=@bees.md \(server.url)/ingest/file/\(twins[index])"
            )
            #expect(try reply.json()["status"] == "live", "\(reply)")
        }
        let document = try scene.shell(
            "curl -sS --max-time 240 -H '\(authorizations[1])' -F file=@bees.md -F twin_id=\(twins[1]) \(server.url)/ingest/document"
        )
        #expect(try document.json()["status"] == "live", "\(document)")
    }

    /// Asks as often as one client may in a minute, from the addresses that `forwarded` gives, and then once more.
    private func codes(_ server: RunningServer, _ forwarded: (Int) -> String) throws -> [Int] {
        // The limit is that of a minute of the clock, in which all of this has to happen, and a little more afterwards.
        let second = UInt32(Clock.now.description.dropFirst(17).prefix(2)) ?? 0
        if second >= 30 { sleep(61 - second) }
        let client = try server.client()
        return try (0...60).map { number in
            try client.send("GET", "/auth/invitation/none", headers: ["x-forwarded-for: \(forwarded(number))"]).status
        }
    }

    @Test func `clients behind a trusted proxy are told apart, and an IPv6 network counts as one`() throws {
        let server = try RunningServer(Scene(), "--log", "json")
        #expect(try codes(server) { "2001:db8:7:7::\(String($0 + 1, radix: 16))" }.last == 429)
        let other = try server.send("GET", "/auth/invitation/none", headers: ["x-forwarded-for: 2001:db8:7:8::1"])
        #expect(other.status == 404)
        // What the client itself has written before what the proxy adds changes nothing.
        let pretended = try server.send(
            "GET", "/auth/invitation/none", headers: ["x-forwarded-for: 203.0.113.\(Int.random(in: 1...200)), 2001:db8:7:7::99"])
        #expect(pretended.status == 429)
        server.stop()
        #expect(server.log.contains("\"remote\":\"2001:db8:7:8::1\""))
    }

    @Test func `nobody is believed who is no trusted proxy`() throws {
        let server = try RunningServer(Scene(), "--trusted-proxy", "none", "--log", "json")
        #expect(try codes(server) { "203.0.113.\($0 + 1)" }.last == 429)
        server.stop()
        #expect(!server.log.contains("203.0.113."))
        let elsewhere = try RunningServer(Scene(), environment: ["TWIN_TRUSTED_PROXIES": "172.16.0.0/12, fd00::/8"])
        #expect(try codes(elsewhere) { "203.0.113.\($0 + 1)" }.last == 429)
        let both = try RunningServer(Scene(), "--trusted-proxy", "172.16.0.0/12", "--trusted-proxy", "127.0.0.1")
        #expect(try codes(both) { "203.0.113.\($0 + 1)" }.last == 404)
    }

    @Test func `what is no proxy's address is refused`() throws {
        let scene = try Scene()
        for words in [["--trusted-proxy", "proxy.example.org"], ["--trusted-proxy", "10.0.0.0/99"]] {
            let result = try scene.run(Scene.binary, ["serve", "--port", "0"] + words)
            #expect(result.code == 2 && result.errors.contains(words[1]), "\(result)")
        }
        #expect(
            try scene.twin("serve", "--port", "0", environment: ["TWIN_TRUSTED_PROXIES": "10.0.0.0/8,x"]).code == 2)
    }
}
