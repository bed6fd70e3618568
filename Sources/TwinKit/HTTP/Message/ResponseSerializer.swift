import TwinSupport

/// Writes the status line and the fields of a response (RFC 9112 sections 4 and 5).
enum ResponseSerializer {
    /// How the client finds the content's end.
    enum Framing: Equatable {
        case length(Int)
        case chunked
        /// The connection closes after it: HTTP/1.0 has nothing else for a length unknown beforehand.
        case untilClose
        /// A status that has no content, and so no length either.
        case none
    }

    static func write(
        _ response: Response, framing: Framing, closes: Bool, announcesKeepAlive: Bool, date: [UInt8],
        into buffer: inout ByteBuffer
    ) {
        switch response.status.code {
        case 200: buffer.append("HTTP/1.1 200 OK\r\n" as StaticString)
        default:
            buffer.append("HTTP/1.1 " as StaticString)
            buffer.append(decimal: response.status.code)
            buffer.append(" " as StaticString)
            buffer.append(response.status.reason)
            buffer.append("\r\n" as StaticString)
        }
        buffer.append(date)
        for field in response.headers where !isReserved(field.name) {
            buffer.append(fieldText: field.name)
            buffer.append(": " as StaticString)
            buffer.append(fieldText: field.value)
            buffer.append("\r\n" as StaticString)
        }
        switch framing {
        case .length(let length):
            buffer.append("content-length: " as StaticString)
            buffer.append(decimal: length)
            buffer.append("\r\n" as StaticString)
        case .chunked: buffer.append("transfer-encoding: chunked\r\n" as StaticString)
        case .untilClose, .none: break
        }
        if response.status.code == 101 {
            buffer.append("connection: Upgrade\r\n" as StaticString)
        } else if closes {
            buffer.append("connection: close\r\n" as StaticString)
        } else if announcesKeepAlive {
            buffer.append("connection: keep-alive\r\n" as StaticString)
        }
        buffer.append("\r\n" as StaticString)
    }

    /// The fields that the server itself answers for; a handler that sets one could contradict what is sent.
    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: name.equalsIgnoringCase("date")
        case 10: name.equalsIgnoringCase("connection")
        case 14: name.equalsIgnoringCase("content-length")
        case 17: name.equalsIgnoringCase("transfer-encoding")
        default: false
        }
    }

    /// One chunk of the chunked coding (RFC 9112 section 7.1); an empty one would be the end, so it is nothing.
    static func chunk(_ bytes: [UInt8], into buffer: inout ByteBuffer) {
        if bytes.isEmpty { return }
        buffer.append(hexadecimal: bytes.count)
        buffer.append("\r\n" as StaticString)
        buffer.append(bytes)
        buffer.append("\r\n" as StaticString)
    }
}
