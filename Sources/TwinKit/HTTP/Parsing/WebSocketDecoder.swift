import TwinSupport

/// Reads a client's frames (RFC 6455 section 5), a message at a time. It takes bytes as they come, in whatever pieces, and holds
/// one message at the most.
struct WebSocketDecoder: Sendable {
    enum Event: Sendable, Equatable {
        case text(String)
        case binary([UInt8])
        case ping([UInt8])
        case pong
        /// The client ends it, perhaps with a code.
        case close(UInt16?)
    }

    /// Why the connection has to end, as its close frame says it (section 7.4.1).
    struct Failure: Error, Sendable, Equatable {
        let code: UInt16
        let reason: String

        static func violation(_ reason: String) -> Failure { Failure(code: 1002, reason: reason) }
    }

    private enum State: Sendable {
        case header
        case payload(Header)
    }

    private struct Header: Sendable {
        let isFinal: Bool
        let opcode: WebSocketFrame.Opcode
        let mask: (UInt8, UInt8, UInt8, UInt8)
        let length: Int
        var read = 0

        func unmasked(_ byte: UInt8, at place: Int) -> UInt8 {
            switch place & 3 {
            case 0: byte ^ mask.0
            case 1: byte ^ mask.1
            case 2: byte ^ mask.2
            default: byte ^ mask.3
            }
        }
    }

    /// Bytes of a message, all of its frames together.
    private let maximumMessage: Int
    private var state = State.header
    private var header: [UInt8] = []
    /// The data of a message so far, and which kind it is.
    private var message: [UInt8] = []
    private var messageOpcode: WebSocketFrame.Opcode?
    private var control: [UInt8] = []

    init(maximumMessage: Int) { self.maximumMessage = maximumMessage }

    /// Takes bytes up to the end of the next event, and answers how many it took. Once it has thrown it is of no more use.
    mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> (used: Int, event: Event?) {
        var used = 0
        while true {
            switch state {
            case .header:
                guard let head = try readHeader(bytes, &used) else { return (used, nil) }
                state = .payload(head)
            case .payload(var head):
                let count = min(head.length - head.read, bytes.count - used)
                var index = 0
                while index < count {
                    defer { index += 1 }
                    let byte = head.unmasked(bytes[used + index], at: head.read + index)
                    if head.opcode.isControl { control.append(byte) } else { message.append(byte) }
                }
                used += count
                head.read += count
                guard head.read == head.length else {
                    state = .payload(head)
                    return (used, nil)
                }
                state = .header
                if let event = try end(of: head) { return (used, event) }
            }
        }
    }

    private mutating func readHeader(_ bytes: UnsafeRawBufferPointer, _ used: inout Int) throws(Failure) -> Header? {
        while true {
            if header.count >= 2 {
                let needed = Self.headerLength(header[1])
                if header.count == needed {
                    defer { header.removeAll(keepingCapacity: true) }
                    return try parse(header)
                }
            }
            guard used < bytes.count else { return nil }
            header.append(bytes[used])
            used += 1
            // What is wrong already need not be waited for.
            if header.count == 1 { try checkFirst(header[0]) }
            if header.count == 2, header[1] & 0x80 == 0 { throw .violation("frames of a client are masked") }
        }
    }

    private static func headerLength(_ second: UInt8) -> Int {
        switch second & 0x7F {
        case 126: 8
        case 127: 14
        default: 6
        }
    }

    private func checkFirst(_ byte: UInt8) throws(Failure) {
        guard byte & 0x70 == 0 else { throw .violation("reserved bits are set") }
        guard let opcode = WebSocketFrame.Opcode(rawValue: byte & 0x0F) else { throw .violation("the opcode is reserved") }
        if opcode.isControl {
            guard byte & 0x80 != 0 else { throw .violation("control frames come in one piece") }
        } else if opcode == .continuation {
            guard messageOpcode != nil else { throw .violation("there is nothing to continue") }
        } else if messageOpcode != nil {
            throw .violation("the message before is not whole")
        }
    }

    private func parse(_ header: [UInt8]) throws(Failure) -> Header {
        guard let opcode = WebSocketFrame.Opcode(rawValue: header[0] & 0x0F) else { throw .violation("the opcode is reserved") }
        var length: UInt64
        switch header[1] & 0x7F {
        case 126:
            length = UInt64(header[2]) << 8 | UInt64(header[3])
            guard length > 125 else { throw .violation("the length is not in its shortest form") }
        case 127:
            length = 0
            for byte in header[2..<10] { length = length << 8 | UInt64(byte) }
            guard length >> 63 == 0, length > 0xFFFF else { throw .violation("the length is not in its shortest form") }
        case let short: length = UInt64(short)
        }
        if opcode.isControl {
            guard length <= WebSocketFrame.maximumControlBytes else { throw .violation("a control frame has at most 125 bytes") }
        } else {
            guard length <= UInt64(maximumMessage), message.count + Int(length) <= maximumMessage else {
                throw Failure(code: 1009, reason: "a message has at most \(maximumMessage) bytes")
            }
        }
        let mask = header.suffix(4)
        let first = mask.startIndex
        return Header(
            isFinal: header[0] & 0x80 != 0, opcode: opcode,
            mask: (mask[first], mask[first + 1], mask[first + 2], mask[first + 3]), length: Int(length))
    }

    /// A frame is whole.
    private mutating func end(of head: Header) throws(Failure) -> Event? {
        if head.opcode.isControl {
            let payload = control
            control = []
            switch head.opcode {
            case .ping: return .ping(payload)
            case .close: return .close(try Self.code(payload))
            default: return .pong
            }
        }
        if head.opcode != .continuation { messageOpcode = head.opcode }
        guard head.isFinal else { return nil }
        let whole = message
        message = []
        defer { messageOpcode = nil }
        guard messageOpcode == .text else { return .binary(whole) }
        guard let text = String(validating: whole, as: UTF8.self) else {
            throw Failure(code: 1007, reason: "a text is not UTF-8")
        }
        return .text(text)
    }

    private static func code(_ payload: [UInt8]) throws(Failure) -> UInt16? {
        guard !payload.isEmpty else { return nil }
        guard payload.count >= 2 else { throw .violation("a close has no code or a whole one") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard WebSocketFrame.isSendable(code) else { throw .violation("the code is not one to be sent") }
        guard String(validating: payload.dropFirst(2), as: UTF8.self) != nil else {
            throw Failure(code: 1007, reason: "a reason is not UTF-8")
        }
        return code
    }
}
