import TwinHTTP
import TwinSupport

/// A key as the line editor knows it.
enum Key: Sendable, Equatable {
    case text(String)
    /// Text between the marks of bracketed paste: its newlines do not end the line.
    case paste(String)
    case enter, tab, escape
    case left, right, up, down, home, end, wordLeft, wordRight
    case backspace, delete
    case cutToEnd, cutToStart, cutWordBackward, cutWordForward, putBack, transpose
    case clearScreen, search, interrupt, endOfInput, suspend
    /// A sequence that means nothing here.
    case unknown
}

/// Turns the bytes that a terminal sends into keys: UTF-8 text, control characters, and the escape sequences of xterm and its
/// kin (ECMA-48 section 5.4; xterm, "Control Sequences", PC-style function keys and bracketed paste mode).
struct KeyDecoder: Sendable {
    private enum State: Sendable {
        case ground
        case escape
        /// After `ESC O`.
        case singleShift
        case control(parameters: [UInt8])
        case text(bytes: [UInt8], missing: Int)
        case paste
    }

    /// A paste beyond this many bytes is cut.
    static let maximumPaste = 1 << 20
    /// Parameters of a control sequence beyond this many bytes are noise.
    private static let maximumParameters = 32

    private var state = State.ground
    private var pasted: [UInt8] = []

    /// Whether the bytes so far may be a whole key (a lone ESC) or the beginning of a longer one; when nothing follows within
    /// some hundredths of a second it is the former.
    var isAmbiguous: Bool { if case .escape = state { true } else { false } }

    /// The time in which a longer sequence would have gone on is over.
    mutating func timeOut() -> Key? {
        guard isAmbiguous else { return nil }
        state = .ground
        return .escape
    }

    /// Takes the next byte; returns a key when it completes one.
    mutating func feed(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return ground(byte)
        case .escape: return escape(byte)
        case .singleShift:
            state = .ground
            return Self.final(byte)
        case .control(let parameters): return control(byte, parameters)
        case .text(let bytes, let missing): return text(byte, bytes, missing)
        case .paste: return paste(byte)
        }
    }

    private mutating func ground(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x1B:
            state = .escape
            return nil
        case 0x0D, 0x0A: return .enter
        case 0x09: return .tab
        case 0x7F, 0x08: return .backspace
        case 0x01: return .home
        case 0x02: return .left
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x05: return .end
        case 0x06: return .right
        case 0x0B: return .cutToEnd
        case 0x0C: return .clearScreen
        case 0x0E: return .down
        case 0x10: return .up
        case 0x12: return .search
        case 0x14: return .transpose
        case 0x15: return .cutToStart
        case 0x17: return .cutWordBackward
        case 0x19: return .putBack
        case 0x1A: return .suspend
        case 0x20..<0x7F: return .text(String(Unicode.Scalar(byte)))
        case 0xC2...0xDF:
            state = .text(bytes: [byte], missing: 1)
            return nil
        case 0xE0...0xEF:
            state = .text(bytes: [byte], missing: 2)
            return nil
        case 0xF0...0xF4:
            state = .text(bytes: [byte], missing: 3)
            return nil
        default: return .unknown
        }
    }

    private mutating func text(_ byte: UInt8, _ bytes: [UInt8], _ missing: Int) -> Key? {
        guard byte & 0xC0 == 0x80 else {
            // The character broke off; what came instead is a key of its own.
            state = .ground
            return ground(byte)
        }
        if missing > 1 {
            state = .text(bytes: bytes + [byte], missing: missing - 1)
            return nil
        }
        state = .ground
        return .text(String(decoding: bytes + [byte], as: UTF8.self))
    }

    private mutating func escape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case UInt8(ascii: "["):
            state = .control(parameters: [])
            return nil
        case UInt8(ascii: "O"):
            state = .singleShift
            return nil
        case 0x1B:
            state = .escape
            return .escape
        case UInt8(ascii: "b"), UInt8(ascii: "B"): return .wordLeft
        case UInt8(ascii: "f"), UInt8(ascii: "F"): return .wordRight
        case UInt8(ascii: "d"), UInt8(ascii: "D"): return .cutWordForward
        case 0x7F, 0x08: return .cutWordBackward
        default: return .unknown
        }
    }

    private mutating func control(_ byte: UInt8, _ parameters: [UInt8]) -> Key? {
        if (0x20...0x3F).contains(byte) {
            let kept = parameters.count < Self.maximumParameters ? parameters + [byte] : parameters
            state = .control(parameters: kept)
            return nil
        }
        state = .ground
        guard (0x40...0x7E).contains(byte) else { return .unknown }
        let text = String(decoding: parameters, as: UTF8.self)
        if byte == UInt8(ascii: "~") {
            switch text {
            case "1", "7": return .home
            case "4", "8": return .end
            case "3": return .delete
            case "3;5", "3;3": return .cutWordForward
            case "200":
                state = .paste
                pasted = []
                return nil
            default: return .unknown
            }
        }
        // A second parameter of 3 or more is Alt or Ctrl held down.
        let modifier = text.split(separator: ";").dropFirst().first.flatMap { Int($0) } ?? 1
        switch (Self.final(byte), modifier) {
        case (.left, 3...): return .wordLeft
        case (.right, 3...): return .wordRight
        case (let key, _): return key
        }
    }

    private static func final(_ byte: UInt8) -> Key {
        switch byte {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        default: .unknown
        }
    }

    private static let endOfPaste = Array("\u{1B}[201~".utf8)

    private mutating func paste(_ byte: UInt8) -> Key? {
        pasted.append(byte)
        if pasted.suffix(Self.endOfPaste.count).elementsEqual(Self.endOfPaste) {
            state = .ground
            defer { pasted = [] }
            return .paste(String(decoding: pasted.dropLast(Self.endOfPaste.count), as: UTF8.self))
        }
        // The tail has to stay, for the end mark is found in it.
        if pasted.count > Self.maximumPaste + Self.endOfPaste.count {
            pasted.remove(at: Self.maximumPaste)
        }
        return nil
    }
}
