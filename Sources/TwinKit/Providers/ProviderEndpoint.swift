#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// A model server: sends requests to it with the key, tries again where that can help, and turns whatever goes wrong
/// into a `ProviderError`. Calls block; any number may run at once.
///
/// The operator chose the server, so that its address may be anywhere, and the proxy of the environment is used for any
/// but this machine. Redirects are not followed: a key must not wander.
struct ProviderEndpoint: Sendable {
    let configuration: ProviderConfiguration
    private let client: HTTPClient

    init(_ configuration: ProviderConfiguration) {
        self.configuration = configuration
        let host = (try? WebAddress(configuration.baseURL))?.host ?? ""
        client = HTTPClient(policy: .any, userAgent: "twin", usesProxy: !WebAddress.isLoopback(host))
    }

    /// What is sent: a body with its type to a path below the base address.
    struct Call {
        var method = ClientRequest.Method.post
        var path: String
        var contentType: String
        var accept = "application/json"
        /// `Prefer` of RFC 7240, for servers that answer before they are done.
        var prefers: String?
        var body: [UInt8]

        /// JSON that is sent.
        init(_ method: ClientRequest.Method = .post, _ path: String, json: JSON, prefers: String? = nil) {
            self.init(method: method, path: path, contentType: "application/json", prefers: prefers, body: JSONWriter.bytes(json))
        }

        init(
            method: ClientRequest.Method = .post, path: String, contentType: String, accept: String = "application/json",
            prefers: String? = nil, body: [UInt8]
        ) {
            self.method = method
            self.path = path
            self.contentType = contentType
            self.accept = accept
            self.prefers = prefers
            self.body = body
        }
    }

    /// What an attempt came to. `hasBegun` says that the caller has been given a part of the answer, after which there is
    /// no second attempt.
    private struct AttemptFailure: Error {
        var error: ProviderError
        var isTransient: Bool
        /// Milliseconds that the server asks to wait.
        var wait: Int?
    }

    /// Posts JSON and gives the parsed answer.
    func post(_ path: String, _ json: JSON, isCancelled: @escaping () -> Bool) throws(ProviderError) -> JSON {
        try post(Call(path: path, contentType: "application/json", body: JSONWriter.bytes(json)), isCancelled: isCancelled)
    }

    /// Posts any body and gives the parsed JSON answer.
    func post(_ call: Call, isCancelled: @escaping () -> Bool) throws(ProviderError) -> JSON {
        var body: [UInt8] = []
        try stream(
            call, isCancelled: isCancelled, reset: { body = [] }, hasBegun: { false },
            receive: { _, bytes in body.append(contentsOf: bytes) })
        return try parse(body)
    }

    /// Posts and gives the body of a 2xx answer to `receive` as it comes. `reset` is called before each attempt; once
    /// `hasBegun` answers true, an error is final. What `receive` throws ends the call: a `ProviderError` as it is.
    func stream(
        _ call: Call, isCancelled: @escaping () -> Bool, reset: () -> Void, hasBegun: () -> Bool,
        receive: @escaping (ClientResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws(ProviderError) {
        let request = try makeRequest(call)
        let deadline = Clock.monotonicNanoseconds + UInt64(max(0, configuration.timeouts.total)) * 1_000_000
        var attempt = 1
        while true {
            reset()
            do {
                return try self.attempt(
                    request, deadline: deadline, isCancelled: isCancelled, hasBegun: hasBegun, receive: receive)
            } catch {
                guard error.isTransient, !hasBegun(), attempt < configuration.retries.attempts else { throw error.error }
                let wait = delay(afterAttempt: attempt, asked: error.wait)
                // A wait past the deadline would only postpone the same error.
                guard Clock.monotonicNanoseconds + UInt64(wait) * 1_000_000 < deadline else { throw error.error }
                try pause(wait, isCancelled)
                attempt += 1
            }
        }
    }

    /// Whether the server is there and takes the key, asked for its list of models, which costs nothing. A server without
    /// such a list is there too. Blocks for `milliseconds` at the most.
    func answers(within milliseconds: Int) -> Bool {
        guard var request = try? makeRequest(Call(path: "/models", contentType: "application/json", body: [])) else {
            return false
        }
        request.method = .get
        request.headers = ["Accept": "application/json"]
        request.limits.connectTime = milliseconds
        request.limits.totalTime = milliseconds
        var status = 0
        // The answer's content does not matter, nor where it breaks off.
        let whole = try? client.stream(request) { head, _ in status = head.status }
        status = whole?.status ?? status
        return (200...499).contains(status) && status != 401 && status != 403
    }

    private func makeRequest(_ call: Call) throws(ProviderError) -> ClientRequest {
        do {
            var base = configuration.baseURL
            while base.hasSuffix("/") { base.removeLast() }
            var request = ClientRequest(call.method, try WebAddress(base + call.path), body: call.body)
            request.headers.append("Content-Type", call.contentType)
            request.headers.append("Accept", call.accept)
            if let preference = call.prefers { request.headers.append("Prefer", preference) }
            if let source = configuration.keySource {
                let key = try source.read()
                request.secretHeaders = [("Authorization", Secret("Bearer \(key.reveal())"))]
            }
            request.limits.connectTime = configuration.timeouts.connect
            request.limits.idleTime = configuration.timeouts.idle
            request.limits.responseBytes = configuration.limits.responseBytes
            request.limits.redirects = 0
            return request
        } catch {
            throw ProviderError(.notConfigured, "the model server cannot be used: \(error)")
        }
    }

    private func attempt(
        _ request: ClientRequest, deadline: UInt64, isCancelled: @escaping () -> Bool, hasBegun: () -> Bool,
        receive: @escaping (ClientResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws(AttemptFailure) {
        var request = request
        let now = Clock.monotonicNanoseconds
        request.limits.totalTime = now < deadline ? max(1, Int((deadline - now) / 1_000_000)) : 1
        var refusal: [UInt8] = []
        do {
            let response = try client.stream(request, isCancelled: isCancelled) { head, bytes in
                if (200...299).contains(head.status) {
                    try receive(head, bytes)
                } else {
                    // The words of an error are wanted, not all that a server may send with it.
                    refusal.append(contentsOf: bytes.prefix(max(0, 65_536 - refusal.count)))
                }
            }
            guard !(200...299).contains(response.status) else { return }
            throw failure(response, refusal)
        } catch let error as AttemptFailure {
            throw error
        } catch let error as ProviderError {
            throw AttemptFailure(error: error, isTransient: error.kind == .serverError)
        } catch let error as HTTPClientError {
            throw failure(error, hasBegun: hasBegun())
        } catch {
            throw AttemptFailure(error: ProviderError(.malformedResponse, "\(error)"), isTransient: false)
        }
    }

    private func failure(_ error: HTTPClientError, hasBegun: Bool) -> AttemptFailure {
        let kind: ProviderError.Kind =
            switch error {
            case .timedOut, .stalled: .timedOut
            case .cancelled: .cancelled
            case .responseTooLarge, .headersTooLarge: .outputTooLarge
            case .libraryMissing, .invalidAddress, .unsupportedScheme, .credentialsInAddress: .notConfigured
            case .malformedResponse: .malformedResponse
            case .connectionBroken: hasBegun ? .brokenStream : .unreachable
            default: .unreachable
            }
        return AttemptFailure(
            error: ProviderError(kind, "the model server failed: \(error)"), isTransient: error.isTransient)
    }

    /// The failure that a status outside 2xx is.
    private func failure(_ response: ClientResponse, _ body: [UInt8]) -> AttemptFailure {
        let status = response.status
        let words = serverWords(body).map { ": \($0)" } ?? ""
        func failure(_ kind: ProviderError.Kind, _ text: String, isTransient: Bool = false) -> AttemptFailure {
            AttemptFailure(
                error: ProviderError(kind, text + words), isTransient: isTransient,
                wait: response.headers["Retry-After"].flatMap { RetryAfter.seconds($0, now: Clock.now) }
                    .map { $0 < Int.max / 1000 ? $0 * 1000 : .max })
        }
        switch status {
        case 401, 403: return failure(.unauthorized, "the model server refuses the key (status \(status))")
        case 404:
            return failure(
                .rejected, "the model server has no model \(configuration.model) or no such interface (status 404)")
        case 429:
            // Money that has run out does not come back within seconds.
            return failure(
                .rateLimited, "the model server limits requests (status 429)", isTransient: !words.contains("quota"))
        case 408, 409, 425, 500...599:
            return failure(.serverError, "the model server failed (status \(status))", isTransient: status != 501)
        case 300...399:
            return failure(
                .rejected, "the model server redirects (status \(status)); set its base address to where it points")
        default: return failure(.rejected, "the model server rejects the request (status \(status))")
        }
    }

    /// Parses a JSON answer. An error object is an error whatever the status was.
    func parse(_ body: [UInt8]) throws(ProviderError) -> JSON {
        guard !body.isEmpty else { throw ProviderError(.emptyOutput, "the model server gave an empty answer") }
        let json: JSON
        do { json = try JSONParser.parse(body) } catch {
            throw ProviderError(.malformedResponse, "the model server's answer is not JSON: \(error)")
        }
        try checkForError(json)
        return json
    }

    /// Throws when `json` is an error report in place of an answer.
    func checkForError(_ json: JSON) throws(ProviderError) {
        guard json.objectValue != nil else {
            throw ProviderError(.malformedResponse, "the model server's answer is not a JSON object")
        }
        guard let error = json["error"], !error.isNull else { return }
        throw ProviderError(.serverError, "the model server reports an error" + (words(of: json).map { ": \($0)" } ?? ""))
    }

    private func serverWords(_ body: [UInt8]) -> String? {
        guard let json = try? JSONParser.parse(body) else { return nil }
        return words(of: json)
    }

    /// The server's own explanation, shortened, without line breaks and without the key.
    private func words(of json: JSON) -> String? {
        let found = json["error"]?["message"] ?? json["error"] ?? json["message"] ?? json["detail"]
        guard var text = found?.stringValue ?? json["error"]?["code"]?.stringValue, !text.isEmpty else { return nil }
        if let key = try? configuration.keySource?.read() { text = key.redact(text) }
        let clean = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return clean.count > 200 ? clean.prefix(200) + "…" : clean
    }

    /// Milliseconds to wait after a failed attempt, the first being 1: what the server asks for, else an exponential
    /// delay between half and the whole of its length.
    private func delay(afterAttempt attempt: Int, asked: Int?) -> Int {
        let limit = max(0, configuration.retries.maximumDelay)
        if let asked { return min(asked, limit) }
        let full = min(limit, max(1, configuration.retries.firstDelay) << min(attempt - 1, 16))
        return Int.random(in: full / 2...max(full / 2, full))
    }

    private func pause(_ milliseconds: Int, _ isCancelled: () -> Bool) throws(ProviderError) {
        let end = Clock.monotonicNanoseconds + UInt64(milliseconds) * 1_000_000
        while true {
            if isCancelled() { throw ProviderError(.cancelled, "the request was cancelled") }
            let now = Clock.monotonicNanoseconds
            guard now < end else { return }
            usleep(UInt32(min(end - now, 50_000_000) / 1000) + 1)
        }
    }
}
