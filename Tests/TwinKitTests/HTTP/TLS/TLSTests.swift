import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// HTTPS, spoken with the tools that everybody has: a certificate by `openssl`, requests by `curl`.
@Suite(.enabled(if: access("/usr/bin/openssl", X_OK) == 0 && access("/usr/bin/curl", X_OK) == 0))
struct TLSTests {
    private func run(_ command: String) throws -> String {
        let pipe = try #require(popen(command, "r"))
        defer { pclose(pipe) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { result += buffer[..<count] }
        return String(decoding: result, as: UTF8.self)
    }

    @Test func `a client that trusts the certificate is served, over one connection too`() throws {
        let scratch = try TemporaryFolder()
        let folder = scratch.path
        _ = try run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
                + "-addext subjectAltName=IP:127.0.0.1 -keyout \(folder)/key.pem -out \(folder)/cert.pem 2>/dev/null; "
                + "head -c 900000 /dev/zero | tr '\\0' x > \(folder)/body")
        let server = try TestServer(echo) {
            $0.tls = TLSConfiguration(certificatePath: "\(folder)/cert.pem", keyPath: "\(folder)/key.pem")
        }
        let url = "https://127.0.0.1:\(server.port)"
        let curl = "curl -s --max-time 20 --cacert \(folder)/cert.pem"
        #expect(try run("\(curl) \(url)/a?b") == "GET /a b ")
        #expect(try run("\(curl) \(url)/1 \(url)/2 -w '[%{num_connects} %{http_version}]'") == "GET /1 - [1 1.1]GET /2 - [0 1.1]")
        let echoed = try run("\(curl) --data-binary @\(folder)/body \(url)/big")
        #expect(echoed.utf8.count == 900_000 + "POST /big - ".utf8.count)
        #expect(try run("curl -s --max-time 20 \(url)/ -w '%{http_code}'") == "000")
        // A client that speaks no TLS gets no answer, and hurts nobody.
        let plain = try server.client()
        plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(!plain.readToEnd().contains("200 OK"))
        #expect(try run("\(curl) \(url)/still") == "GET /still - ")
        #expect(throws: TwinError.self) {
            try TestServer(echo) {
                $0.tls = TLSConfiguration(certificatePath: "\(folder)/cert.pem", keyPath: "\(folder)/cert.pem")
            }
        }
    }
}
