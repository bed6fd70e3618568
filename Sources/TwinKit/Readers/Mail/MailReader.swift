import TwinSupport

/// Mail: one message (RFC 5322 with MIME, RFC 2045 to 2049) or a mailbox of them (RFC 4155). The readable text of a message
/// is its plain text, else its HTML; attachments are named in a notice.
struct MailReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var attachments: [String] = []
    private var partCount = 0

    /// Parts of one message past this number are left out.
    private static let maximumParts = 1000

    private var maximumDepth: Int { max(1, limits.maximumDepth / 16) }

    private init(limits: ReaderLimits) {
        builder = DocumentBuilder(limits: limits)
        self.limits = limits
    }

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = MailReader(limits: limits)
        let header = bytes.withView { view in
            let header = MailHeader(view)
            reader.message(header, view, depth: 0)
            return header
        }
        let notices = reader.notices
        var document = try reader.builder.finish(title: header["subject"])
        document.author = header["from"]
        document.publishedAt = header["date"].flatMap(StatedDate.rfc3339)
        for name in ["from", "to", "cc", "message-id"] {
            if let value = header[name] { document.metadata[name] = .string(value) }
        }
        document.notices = notices
        return document
    }

    /// Each message is a part named by its subject. A message begins at a line `From ` after a blank line.
    static func readMailbox(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = MailReader(limits: limits)
        bytes.withView { view in
            var start: Int?
            var index = 0
            var isAfterBlank = true
            while index < view.count, !reader.builder.isFull {
                let end = view.lineEnd(from: index)
                if isAfterBlank, view.hasPrefix("From ", at: index) {
                    if let start { reader.mailboxMessage(view.slice(start, index)) }
                    start = end + 1
                }
                isAfterBlank = end == index || end == index + 1 && view[index] == 0x0D
                index = end + 1
            }
            if let start { reader.mailboxMessage(view.slice(start, view.count)) }
        }
        let notices = reader.notices
        var document = try reader.builder.finish()
        document.notices = notices
        return document
    }

    private mutating func mailboxMessage(_ view: ByteView) {
        let header = MailHeader(view)
        builder.endParagraph()
        builder.mark(.part(header["subject"] ?? "Message without subject"))
        builder.mark(.record)
        builder.mark(.prose)
        partCount = 0
        message(header, view, depth: 0)
    }

    private var notices: [String] {
        if attachments.isEmpty { return [] }
        let names = attachments.prefix(20).joined(separator: ", ")
        return ["attachments were not read: \(names)" + (attachments.count > 20 ? " and \(attachments.count - 20) more" : "")]
    }

    private mutating func message(_ header: MailHeader, _ view: ByteView, depth: Int) {
        builder.endParagraph()
        for (name, label) in [("from", "From"), ("to", "To"), ("cc", "Cc"), ("date", "Date"), ("subject", "Subject")] {
            guard let value = header[name] else { continue }
            builder.append(text: "\(label): \(value.prefix(1000))", onOneLine: true)
            builder.startLine()
        }
        builder.endParagraph()
        _ = part(header, view.slice(header.end, view.count), depth: depth)
    }

    /// Writes what is readable of a part; false when that is nothing.
    private mutating func part(_ header: MailHeader, _ body: ByteView, depth: Int) -> Bool {
        partCount += 1
        guard partCount <= Self.maximumParts, !builder.isFull else { return false }
        let type = header.parameterized("content-type")
        let disposition = header.parameterized("content-disposition")
        if type.value.hasPrefix("multipart/"), let boundary = type["boundary"], depth < maximumDepth {
            return multipart(type.value, parts(of: body, boundary: boundary), depth: depth)
        }
        let name = disposition["filename"] ?? type["name"]
        if disposition.value == "attachment"
            || !(type.value.isEmpty || type.value.hasPrefix("text/") || type.value == "message/rfc822")
        {
            attachments.append(String((name ?? (type.value.isEmpty ? "unnamed" : type.value)).prefix(100)))
            return false
        }
        if type.value == "message/rfc822" {
            guard depth < maximumDepth else { return false }
            let inner = MailHeader(body)
            message(inner, body, depth: depth + 1)
            return true
        }
        if !["", "text/plain", "text/html"].contains(type.value) {
            attachments.append(String((name ?? type.value).prefix(100)))
            return false
        }
        return text(decoded(header, body), type)
    }

    private func decoded(_ header: MailHeader, _ body: ByteView) -> [UInt8] {
        switch header.parameterized("content-transfer-encoding").value {
        case "base64": TransferEncoding.base64(body)
        case "quoted-printable": TransferEncoding.quotedPrintable(body)
        default: Array(body.contents)
        }
    }

    private mutating func text(_ bytes: [UInt8], _ type: MailHeader.Parameterized) -> Bool {
        let text = TextDecoding.decode(bytes, charset: type["charset"]).bytes
        let before = builder.offset
        builder.endParagraph()
        if type.value == "text/html" {
            let limits = limits
            let page = try? text.withView { (view) throws(ReadFailure) in try HTMLReader.read(view, limits: limits) }
            if let page { builder.append(page, headingShift: 1) }
        } else {
            text.withView {
                lines($0, isFlowed: type["format"]?.lowercased() == "flowed", dropsSpace: type["delsp"]?.lowercased() == "yes")
            }
        }
        builder.endParagraph()
        return builder.offset > before + 1
    }

    /// Plain text; with `format=flowed` a space at a line's end means that the paragraph goes on (RFC 3676).
    private mutating func lines(_ text: ByteView, isFlowed: Bool, dropsSpace: Bool) {
        var index = 0
        while index < text.count {
            let end = text.lineEnd(from: index)
            var line = text.slice(index, end)
            index = end + 1
            // Mailboxes quote lines that begin like the start of a message.
            if line.hasPrefix(">From ") { line = line.slice(1, line.count) }
            let isSoft = isFlowed && line.count > 0 && line[line.count - 1] == 0x20 && !line.hasPrefix("-- ")
            if isFlowed, line[0] == 0x20 { line = line.slice(1, line.count) }
            builder.append(any: isSoft && dropsSpace ? line.slice(0, line.count - 1) : line, onOneLine: false)
            if !isSoft { builder.endLine() }
        }
    }

    // MARK: Parts

    private mutating func multipart(_ type: String, _ parts: [ByteView], depth: Int) -> Bool {
        let headers = parts.map { MailHeader($0) }
        var order = Array(parts.indices)
        if type == "multipart/alternative" {
            // The plain text first, then HTML, then whatever the sender prefers.
            func rank(_ index: Int) -> Int {
                let type = headers[index].parameterized("content-type").value
                return type == "text/plain" || type.isEmpty ? 0 : type == "text/html" ? 1 : type.hasPrefix("multipart/") ? 2 : 3
            }
            order.sort { (rank($0), $0) < (rank($1), $1) }
        }
        var hasText = false
        for index in order {
            if type == "multipart/alternative", hasText { break }
            let view = parts[index]
            if part(headers[index], view.slice(headers[index].end, view.count), depth: depth + 1) { hasText = true }
        }
        return hasText
    }

    /// The parts between the lines that hold the boundary (RFC 2046 section 5.1). A message that was cut off ends its last part.
    private func parts(of body: ByteView, boundary: String) -> [ByteView] {
        var result: [ByteView] = []
        let mark = Array(boundary.utf8)
        var start: Int?
        var index = 0
        while index < body.count, result.count < Self.maximumParts {
            let end = body.lineEnd(from: index)
            if body[index] == UInt8(ascii: "-"), body[index + 1] == UInt8(ascii: "-"), end - index >= mark.count + 2,
                body.slice(index + 2, index + 2 + mark.count).contents.elementsEqual(mark),
                isBoundaryEnd(body.slice(index + 2 + mark.count, end).trimmed)
            {
                if let start { result.append(body.slice(start, max(start, index - 1))) }
                let after = index + 2 + mark.count
                start = end + 1
                if body[after] == UInt8(ascii: "-"), body[after + 1] == UInt8(ascii: "-") { return result }
            }
            index = end + 1
        }
        if let start, start < body.count { result.append(body.slice(start, body.count)) }
        return result
    }

    /// Behind a boundary only the mark of the last one may stand; otherwise it is the beginning of a longer boundary.
    private func isBoundaryEnd(_ rest: ByteView) -> Bool { rest.isEmpty || rest.hasPrefix("--") }
}
