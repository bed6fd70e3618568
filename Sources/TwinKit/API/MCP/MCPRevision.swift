import TwinHTTP
import TwinSupport

/// A revision of the Model Context Protocol (https://modelcontextprotocol.io/specification). Older clients shake hands with
/// `initialize`; since 2026-07-28 each request carries what the handshake settled, in `params._meta`.
enum MCPRevision {
    static let handshakes = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
    static let stateless = ["2026-07-28"]
    /// What a client is offered that asks for a handshake this server does not know.
    static let latestHandshake = "2025-11-25"

    private static let versionKey = "io.modelcontextprotocol/protocolVersion"
    private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfoKey = "io.modelcontextprotocol/serverInfo"

    /// Whether the message is of a stateless revision. Throws an `RPCError` for one that means to be, but states its version,
    /// method or name otherwise in the fields of HTTP than in its body: who routes by the one and who obeys the other would
    /// disagree.
    static func isStateless(_ message: RPCMessage, headers: HeaderFields?) throws(RPCError) -> Bool {
        let meta = message.params["_meta"]?.objectValue
        let header = headers?["mcp-protocol-version"]
        guard let stated = meta?[versionKey] else {
            if let header, stateless.contains(header) {
                throw RPCError(.invalidParams, "params._meta must hold \(versionKey) and \(capabilitiesKey)")
            }
            if let header, !handshakes.contains(header) { throw unsupported(header, among: handshakes + stateless) }
            return false
        }
        guard let version = stated.stringValue else { throw RPCError(.invalidParams, "\(versionKey) is a string") }
        guard meta?[capabilitiesKey]?.objectValue != nil else {
            throw RPCError(.invalidParams, "params._meta must hold \(capabilitiesKey), an object")
        }
        if let headers { try check(headers, version: version, message) }
        guard stateless.contains(version) else { throw unsupported(version, among: stateless) }
        return true
    }

    private static func check(_ headers: HeaderFields, version: String, _ message: RPCMessage) throws(RPCError) {
        try check(headers, "mcp-protocol-version", version)
        try check(headers, "mcp-method", message.method)
        let key = ["tools/call": "name", "prompts/get": "name", "resources/read": "uri"][message.method]
        if let key, let name = message.params[key]?.stringValue { try check(headers, "mcp-name", name) }
    }

    private static func check(_ headers: HeaderFields, _ field: String, _ value: String) throws(RPCError) {
        let fields = headers.all(field)
        guard fields.count == 1, decoded(fields[0]) == value else {
            throw RPCError(.headerMismatch, "the field \(field) does not say the same as the message")
        }
    }

    /// A field's value: as it is, or as `=?base64?…?=` where it has more than printable ASCII.
    private static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        let text = String(value.dropFirst(9).dropLast(2))
        guard let bytes = Base64.standard.decode(text), Base64.standard.encode(bytes) == text else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func unsupported(_ version: String, among supported: [String]) -> RPCError {
        RPCError(
            .unsupportedVersion, "Unsupported protocol version",
            data: ["supported": .strings(supported), "requested": .string(version)])
    }
}
