import TwinSupport

/// A request that ends in an error status: what the client did, or what the server cannot do now. The message is meant
/// for the client and holds no secret.
package struct HTTPError: Error, Sendable, CustomStringConvertible {
    package var status: HTTPStatus
    /// One sentence without a final full stop.
    package var message: String
    package var headers: [HeaderField]

    package init(_ status: HTTPStatus, _ message: String, headers: [HeaderField] = []) {
        self.status = status
        self.message = message
        self.headers = headers
    }

    package var description: String { "\(status): \(message)" }

    /// 503 with `Retry-After` (RFC 9110 section 10.2.3), in seconds.
    package static func overloaded(_ message: String, retryAfter seconds: Int = 1) -> HTTPError {
        HTTPError(.serviceUnavailable, message, headers: [HeaderField("retry-after", String(seconds))])
    }
}

/// One field line of a response (RFC 9110 section 5).
package struct HeaderField: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HeaderField] {
    /// The value of the first field with this name, in any case.
    package subscript(name: String) -> String? { first { $0.name.equalsIgnoringCase(name) }?.value }

    /// Puts one field in the place of all fields with that name.
    package mutating func set(_ name: String, _ value: String) {
        if let index = firstIndex(where: { $0.name.equalsIgnoringCase(name) }) {
            self[index].value = value
            for other in indices.reversed() where other > index && self[other].name.equalsIgnoringCase(name) {
                remove(at: other)
            }
        } else {
            append(HeaderField(name, value))
        }
    }

    /// Adds the field unless one with that name is there.
    package mutating func setDefault(_ name: String, _ value: String) {
        if self[name] == nil { append(HeaderField(name, value)) }
    }

    /// Adds a member to a list field such as `Vary`, unless it is among its members already.
    package mutating func addMember(_ name: String, _ member: String) {
        guard let value = self[name] else { return append(HeaderField(name, member)) }
        let members = value.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)).trimmingSpace() }
        if !members.contains(where: { $0.equalsIgnoringCase(member) }) { set(name, value + ", " + member) }
    }
}

extension String {
    /// Equality of ASCII text without regard to case, as names of fields and schemes compare.
    package func equalsIgnoringCase(_ other: String) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { HTTPByte.lowercased($0) == HTTPByte.lowercased($1) }
    }

    /// This text without spaces and tabs at its ends (OWS, RFC 9110 section 5.6.3).
    package func trimmingSpace() -> String {
        var slice = utf8[...]
        while let first = slice.first, HTTPByte.isSpace(first) { slice.removeFirst() }
        while let last = slice.last, HTTPByte.isSpace(last) { slice.removeLast() }
        return String(Substring(slice))
    }
}
