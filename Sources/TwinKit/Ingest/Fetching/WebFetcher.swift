import TwinHTTP
import TwinSupport

/// Fetches documents by their address, under the configuration's limits and address policy. Calls block; any number may
/// run at once.
package struct WebFetcher: Sendable {
    package let configuration: FetchConfiguration
    let client: HTTPClient

    package init(_ configuration: FetchConfiguration = FetchConfiguration()) {
        self.configuration = configuration
        client = HTTPClient(policy: configuration.addresses, userAgent: configuration.userAgent)
    }

    /// Fetches the document at `url`. With the validators of the last time the server is asked for it only if it has
    /// changed. Throws `TwinError` with what is wrong with the address, the server or the answer.
    package func fetch(
        _ url: String, previous: WebValidators? = nil, isCancelled: @escaping () -> Bool = { false }
    ) throws -> FetchOutcome {
        do {
            return try fetch(WebAddress(url), previous: previous, isCancelled: isCancelled)
        } catch let error as HTTPClientError {
            throw error.twinError
        }
    }

    /// As `fetch(_:previous:isCancelled:)`; throws `HTTPClientError` as it is. `maximumBytes` stands for the
    /// configuration's limit.
    func fetch(
        _ address: WebAddress, previous: WebValidators? = nil, accept: String = Self.accept, maximumBytes: Int? = nil,
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> FetchOutcome {
        var request = ClientRequest(.get, address, limits: configuration.limits)
        if let maximumBytes { request.limits.responseBytes = maximumBytes }
        request.acceptsCompression = true
        request.headers.append("Accept", accept)
        if let etag = previous?.etag, Self.isFieldValue(etag) { request.headers.append("If-None-Match", etag) }
        if let date = previous?.lastModified, Self.isFieldValue(date) { request.headers.append("If-Modified-Since", date) }
        let response = try client.send(request, isCancelled: isCancelled)
        if response.status == 304, let previous, !previous.isEmpty { return .unchanged }
        guard response.status == 200 else { throw Self.refusal(response) }
        guard !response.body.isEmpty else {
            throw TwinError(.upstream, "\(response.address.host) answered with an empty document")
        }
        return .document(
            FetchedDocument(
                bytes: response.body, mediaType: response.headers["Content-Type"], address: response.address,
                validators: WebValidators(etag: response.headers["ETag"], lastModified: response.headers["Last-Modified"]),
                name: Self.name(response)))
    }

    /// What a reader here can make most of comes first.
    private static let accept =
        "text/html, application/xhtml+xml, text/markdown, application/rss+xml, application/atom+xml, application/pdf, "
        + "text/*;q=0.9, */*;q=0.5"

    /// Whether a stored validator can be sent: what is not printable was damaged.
    private static func isFieldValue(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1024 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func refusal(_ response: ClientResponse) -> TwinError {
        let host = response.address.host
        switch response.status {
        case 401, 407: return TwinError(.notPermitted, "\(host) asks for a login; download the document and ingest the file")
        case 403, 451: return TwinError(.notPermitted, "\(host) refuses to give the document (status \(response.status))")
        case 404, 410:
            return TwinError(.notFound, "\(host) has no such document (status \(response.status)); check the address")
        case 408, 425, 429, 503:
            let wait = response.headers["Retry-After"].flatMap { RetryAfter.seconds($0, now: Clock.now) }
            let when = wait.map { "in \($0) s" } ?? "later"
            return TwinError(.busy, "\(host) is busy (status \(response.status)); try again \(when)")
        default: return TwinError(.upstream, "\(host) answered with status \(response.status) instead of the document")
        }
    }

    /// The document's name: the server's own (RFC 6266), the last part of the path, or the host.
    static func name(_ response: ClientResponse) -> String {
        let stated = response.headers["Content-Disposition"].flatMap { ContentDisposition.fileName($0) }
        let candidates: [String?] = [stated, response.address.pathSegments.last, response.address.host]
        for candidate in candidates {
            guard let last = candidate?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else { continue }
            var name = String.UnicodeScalarView()
            name.append(contentsOf: last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200))
            let isName = !name.allSatisfy { $0 == "." || $0.properties.isWhitespace }
            if isName { return String(name) }
        }
        return "document"
    }
}

/// The header field that names a download (RFC 6266).
enum ContentDisposition {
    /// The file name; the form with an encoding (RFC 8187) wins, as section 4.3 asks.
    static func fileName(_ value: String) -> String? {
        var plain: String?
        for part in parameters(value) {
            switch part.name {
            case "filename*":
                let pieces = part.value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
                if pieces.count == 3, pieces[0].lowercased() == "utf-8" { return WebAddress.percentDecoded(pieces[2]) }
            case "filename": plain = part.value
            default: break
            }
        }
        return plain
    }

    private static func parameters(_ value: String) -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        var part = ""
        var isQuoted = false
        var isEscaped = false
        func finish() {
            if let equals = part.firstIndex(of: "=") {
                let name = part[..<equals].filter { !$0.isWhitespace }.lowercased()
                let trimmed = part[part.index(after: equals)...].drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }
                result.append((name, String(trimmed.reversed())))
            }
            part = ""
        }
        for character in value {
            if isEscaped {
                part.append(character)
                isEscaped = false
            } else if isQuoted && character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";" && !isQuoted {
                finish()
            } else {
                part.append(character)
            }
        }
        finish()
        return result
    }
}
