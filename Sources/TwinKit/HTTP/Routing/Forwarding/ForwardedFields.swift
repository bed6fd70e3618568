/// The fields that go with a request or a reply that is passed on, and those that belong to one connection or one server.
enum ForwardedFields {
    /// Of one connection (RFC 9110 section 7.6.1), or written by whoever sends. `Host` goes along: a browser's `Origin` is compared with it.
    private static let ofConnection: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "expect", "date", "alt-svc", "http2-settings",
    ]

    /// What this server says of the client itself, so that no client says it.
    private static let ofClient: Set<String> = [
        "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-correlation-id", "x-request-id",
        ForwardedIdentity.tokenField, ForwardedIdentity.clientField,
    ]

    static func ofRequest(_ request: Request) -> [HeaderField] {
        let named = Set(request.headers.members("connection").map { $0.lowercased() })
        return request.headers.list.filter { field in
            let name = field.name.lowercased()
            // A field without a value cannot be told to libcurl, and says nothing.
            return !field.value.isEmpty && !named.contains(name) && !ofConnection.contains(name) && !ofClient.contains(name)
        }
    }

    static func ofReply(_ headers: ClientHeaders) -> [HeaderField] {
        headers.fields.compactMap { field in
            let name = field.name.lowercased()
            return ofConnection.contains(name) || name == "x-correlation-id" ? nil : HeaderField(name, field.value)
        }
    }
}

/// How one server of an installation proves itself to another, and names the client for whom it asks.
package enum ForwardedIdentity {
    /// Holds the secret that the servers share.
    package static let tokenField = "x-twin-replica"
    /// The client's numeric address, where a client's request is passed on; without it the server asks for itself.
    package static let clientField = "x-twin-client"
}
