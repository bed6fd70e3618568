import TwinSupport

/// A WebSocket's frames as the server writes them (RFC 6455 section 5.2): never masked, never in parts.
enum WebSocketFrame {
    enum Opcode: UInt8, Sendable {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue & 0x8 != 0 }
    }

    /// Of a control frame (section 5.5).
    static let maximumControlBytes = 125

    static func bytes(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + 10)
        frame.append(0x80 | opcode.rawValue)
        switch payload.count {
        case ...125: frame.append(UInt8(payload.count))
        case ...0xFFFF: frame += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            frame.append(127)
            for shift in stride(from: 56, through: 0, by: -8) { frame.append(UInt8(truncatingIfNeeded: payload.count >> shift)) }
        }
        return frame + payload
    }

    static func text(_ text: String) -> [UInt8] { bytes(.text, Array(text.utf8)) }

    /// A close with a code and words that are cut to fit; without a code it says nothing (section 7.1.5).
    static func close(_ code: UInt16?, _ reason: String = "") -> [UInt8] {
        guard let code else { return bytes(.close, []) }
        var words = Array(reason.utf8.prefix(maximumControlBytes - 2))
        // Not in the middle of a character.
        while !words.isEmpty, String(validating: words, as: UTF8.self) == nil { words.removeLast() }
        return bytes(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + words)
    }

    /// Whether a peer may send this code (section 7.4 and IANA's registry).
    static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
