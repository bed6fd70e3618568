import TwinHTTP
import TwinSupport

/// A tool that asks a server: where, with which fields, within which bounds. The address is another's to say only where the
/// config leaves a place for an argument, and never its host.
struct HTTPTool: Sendable {
    /// In milliseconds.
    static let connectTime = 3_000
    static let maximumTime = 15_000
    static let maximumBytes = 256 << 10
    /// Further tries of a GET.
    static let retries = 2

    private let url: String
    private let headers: [(String, String)]
    /// The name of a secret of the tenant's, and the field that it goes into.
    let secretName: String?
    private let secretField: String
    private let secretPrefix: String
    private let milliseconds: Int

    /// Reads a tool's config: `{url, headers, secret_ref, secret_header, secret_prefix, allowed_hosts, timeout_ms}`. Throws
    /// `TwinError` (`invalid`).
    init(_ config: JSONObject) throws {
        guard let url = config["url"]?.stringValue else {
            throw TwinError(.invalid, "config.url is missing: the address to ask, with {name} where an argument goes")
        }
        self.url = url
        // A place for an argument may only stand behind the host.
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard let address = try? WebAddress(url.replacing("{", with: "").replacing("}", with: "")), parts.count >= 3,
            !parts[0].contains("{"), parts[1].isEmpty, !parts[2].contains(where: { "{?#\\".contains($0) })
        else {
            throw TwinError(
                .invalid, "config.url must begin with http:// or https://, name a host, and have {name} only behind the host")
        }
        let allowed = config["allowed_hosts"]?.arrayValue?.compactMap { $0.stringValue?.lowercased() } ?? []
        guard allowed.isEmpty || allowed.contains(address.host) else {
            throw TwinError(.invalid, "config.url leads to \(address.host), which is not among config.allowed_hosts")
        }
        headers = try (config["headers"]?.objectValue ?? JSONObject()).members.map { member in
            guard let value = member.value.stringValue, Self.isField(member.key, value) else {
                throw TwinError(.invalid, "config.headers: '\(member.key.shortened(to: 40))' is not a field that may be sent")
            }
            return (member.key, value)
        }
        secretName = config["secret_ref"]?.stringValue
        secretField = config["secret_header"]?.stringValue ?? "Authorization"
        secretPrefix = config["secret_prefix"]?.stringValue ?? "Bearer "
        guard Self.isField(secretField, secretPrefix, permitsCredentials: true) else {
            throw TwinError(.invalid, "config.secret_header is not a field that may be sent")
        }
        milliseconds = config["timeout_ms"]?.intValue ?? Self.maximumTime
        guard (100...Self.maximumTime).contains(milliseconds) else {
            throw TwinError(.invalid, "config.timeout_ms is a number from 100 to \(Self.maximumTime)")
        }
    }

    private static func isField(_ name: String, _ value: String, permitsCredentials: Bool = false) -> Bool {
        let forbidden = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"]
        let isToken =
            !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        return isToken && !forbidden.contains(name.lowercased()) && value.utf8.count <= 2_048
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// Asks the server. Whatever goes wrong is told as what came out of it.
    func call(
        _ method: ClientRequest.Method, _ arguments: JSONObject, secret: Secret?, policy: AddressPolicy,
        isCancelled: @escaping () -> Bool
    ) -> ToolOutcome {
        let request: ClientRequest
        do {
            request = try self.request(method, arguments, secret)
        } catch {
            return .failed("invalid_address", "\(error)")
        }
        let client = HTTPClient(policy: policy, userAgent: "twin")
        var attempt = 0
        while true {
            do {
                let response = try client.send(request, isCancelled: isCancelled)
                let isTransient = response.status == 429 || (502...504).contains(response.status)
                if method == .get, isTransient, attempt < Self.retries, !isCancelled() {
                    attempt += 1
                    continue
                }
                return Self.outcome(response)
            } catch {
                if method == .get, Self.isConnectionFailure(error), attempt < Self.retries, !isCancelled() {
                    attempt += 1
                    continue
                }
                return .failed(Self.word(error), Self.words(error))
            }
        }
    }

    private func request(_ method: ClientRequest.Method, _ arguments: JSONObject, _ secret: Secret?) throws -> ClientRequest {
        var text = url
        var rest: [(key: String, value: JSON)] = []
        for member in arguments.members {
            let mark = "{\(member.key)}"
            guard text.contains(mark) else {
                rest.append(member)
                continue
            }
            let value = member.value.stringValue ?? member.value.text
            // A path segment of dots would lead elsewhere.
            guard !value.isEmpty, value.utf8.contains(where: { $0 != UInt8(ascii: ".") }) else {
                throw TwinError(.invalid, "the argument \(member.key) cannot stand in an address")
            }
            text = text.replacing(mark, with: WebAddress.percentEncoded(value))
        }
        guard !text.contains("{") else { throw TwinError(.invalid, "an argument is missing that the address has a place for") }
        if method == .get, !rest.isEmpty {
            let pairs = rest.map {
                "\(WebAddress.percentEncoded($0.key))=\(WebAddress.percentEncoded($0.value.stringValue ?? $0.value.text))"
            }
            text += (text.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
        }
        var limits = ClientLimits()
        limits.connectTime = Self.connectTime
        limits.totalTime = milliseconds
        limits.idleTime = milliseconds
        limits.responseBytes = Self.maximumBytes
        limits.redirects = 0
        var request = ClientRequest(method, try WebAddress(text), limits: limits)
        for (name, value) in headers { request.headers.append(name, value) }
        request.headers.append("Accept", "application/json, text/plain;q=0.8, */*;q=0.1")
        if method == .post {
            request.headers.append("Content-Type", "application/json")
            request.body = JSONWriter.bytes(.object(JSONObject(rest)))
        }
        if let secret { request.secretHeaders = [(secretField, Secret(secretPrefix + secret.reveal()))] }
        return request
    }

    private static func outcome(_ response: ClientResponse) -> ToolOutcome {
        let body: JSON
        if let json = try? JSONParser.parse(response.body) {
            body = json
        } else if let text = String(validating: response.body, as: UTF8.self) {
            body = .string(text)
        } else {
            body = .string("(\(response.body.count) bytes that are not text)")
        }
        let output: JSON = ["status": .number(response.status), "body": body]
        return (200...299).contains(response.status)
            ? ToolOutcome(output: output) : ToolOutcome(output: output, error: "http_\(response.status)")
    }

    private static func isConnectionFailure(_ error: HTTPClientError) -> Bool {
        switch error {
        case .connectionFailed, .connectionBroken, .unknownHost: true
        default: false
        }
    }

    private static func word(_ error: HTTPClientError) -> String {
        switch error {
        case .addressRefused, .unsupportedScheme, .credentialsInAddress, .invalidAddress: "address_refused"
        case .timedOut, .stalled: "timed_out"
        case .responseTooLarge, .headersTooLarge: "too_large"
        case .cancelled: "cancelled"
        default: "unreachable"
        }
    }

    /// Never the address that a name led to.
    private static func words(_ error: HTTPClientError) -> String { "\(error)" }
}

/// What a tool's call came to: what it gave, and what was wrong.
package struct ToolOutcome: Sendable, Equatable {
    package var output: JSON
    /// A word for programs; none when it worked.
    package var error: String?
    /// What an answer that uses it stands on.
    package var citations: [Citation] = []

    package init(output: JSON, error: String? = nil, citations: [Citation] = []) {
        self.output = output
        self.error = error
        self.citations = citations
    }

    static func failed(_ word: String, _ message: String) -> ToolOutcome {
        ToolOutcome(output: ["status": "error", "error": .string(message)], error: word)
    }
}
