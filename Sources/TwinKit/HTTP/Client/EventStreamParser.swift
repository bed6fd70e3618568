import TwinSupport

/// Takes an event stream apart (WHATWG HTML, section 9.2, "Server-sent events") as it arrives in pieces of any size.
package struct EventStreamParser {
    /// An event that is complete, which the blank line behind it says.
    package struct Event: Sendable, Equatable {
        /// The event's type; `message` when none is stated.
        package var name: String
        /// The `data` lines, joined by line feeds, as bytes: whether they are UTF-8 is for their reader to decide.
        package var data: [UInt8]
        /// The last id that the stream has stated, by this event or an earlier one; nil before the first.
        package var id: String?
    }

    /// A line or an event grew past the limit.
    package struct TooLarge: Error {}

    private let maximumEventBytes: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var id: String?
    private var previousWasReturn = false
    private var isFirstLine = true

    /// `maximumEventBytes` is the largest event that is kept, and so the memory that the parser holds.
    package init(maximumEventBytes: Int = 1 << 20) { self.maximumEventBytes = maximumEventBytes }

    /// Reads on and calls `handle` with each event that is now complete. An event that the end of the stream cuts off is
    /// dropped, as the standard asks.
    package mutating func parse(_ bytes: UnsafeRawBufferPointer, handle: (Event) throws -> Void) throws {
        for byte in bytes {
            let followsReturn = previousWasReturn
            previousWasReturn = byte == 0x0D
            switch byte {
            case 0x0A where followsReturn: continue
            case 0x0A, 0x0D: try endLine(handle)
            default:
                guard line.count < maximumEventBytes else { throw TooLarge() }
                line.append(byte)
            }
        }
    }

    private mutating func endLine(_ handle: (Event) throws -> Void) throws {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            defer {
                name = ""
                data = []
                hasData = false
            }
            if hasData { try handle(Event(name: name.isEmpty ? "message" : name, data: data, id: id)) }
            return
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == 0x20 { value.removeFirst() }
        // A line that begins with a colon is a comment: its field has no name.
        if field.elementsEqual("data".utf8) {
            guard data.count + value.count < maximumEventBytes else { throw TooLarge() }
            if hasData { data.append(0x0A) }
            data += value
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("id".utf8), !value.contains(0) {
            id = String(decoding: value, as: UTF8.self)
        }
    }
}
