import TwinSupport

/// Mail: one message (RFC 5322 with MIME, RFC 2045 to 2049) or a mailbox of them (RFC 4155). The readable text of a message
/// is its plain text, else its HTML; attachments are named in a notice.
struct MailReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var attachments: [String] = []
    /// What else the source's log should say.
    private var remarks: [String] = []
    /// Bytes of attachments that may still be read.
    private var attachmentBudget: Int
    private var partCount = 0
    /// The name of the part that is open outside of what is quoted.
    private var part = ""

    /// Parts of one message past this number are left out.
    private static let maximumParts = 1000

    private var maximumDepth: Int { max(1, limits.maximumDepth / 16) }

    private init(limits: ReaderLimits) {
        builder = DocumentBuilder(limits: limits)
        self.limits = limits
        attachmentBudget = limits.maximumInputBytes
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

    /// The plain text of a message, with what it quotes told from what it says.
    static func body(_ text: String, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = MailReader(limits: limits)
        text.withView { reader.lines($0, isFlowed: false, dropsSpace: false) }
        return try reader.builder.finish()
    }

    /// Each message is a part named by its subject. A message begins at a line `From ` after a blank line, with a date behind the
    /// address and a header next (RFC 4155, appendix A): a sentence may begin with that word too.
    static func readMailbox(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = MailReader(limits: limits)
        bytes.withView { view in
            var start: Int?
            var index = 0
            var isAfterBlank = true
            while index < view.count, !reader.builder.isFull {
                let end = view.lineEnd(from: index)
                if isAfterBlank, view.hasPrefix("From ", at: index), index == 0 || Self.beginsMessage(view, at: index, end: end) {
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

    private static func beginsMessage(_ view: ByteView, at start: Int, end: Int) -> Bool {
        // `From address Thu Jan  1 00:00:00 1970`, with a zone before or behind the year.
        let words = view.slice(start + 5, end).contents.split(whereSeparator: \.isSpace)
        guard words.count >= 5 else { return false }
        let hasYear = words.contains { $0.count == 4 && $0.allSatisfy(\.isDigit) }
        let hasTime = words.contains { word in
            let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            return (2...3).contains(parts.count) && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.isDigit) }
        }
        guard hasYear, hasTime else { return false }
        let next = view.slice(end + 1, view.lineEnd(from: end + 1))
        if next.hasPrefix(">From ") { return true }
        guard let colon = next.first(UInt8(ascii: ":"), from: 0, to: 80), colon > 0 else { return false }
        return next.slice(0, colon).contents.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private mutating func mailboxMessage(_ view: ByteView) {
        let header = MailHeader(view)
        builder.endParagraph()
        part = header["subject"] ?? "Message without subject"
        builder.mark(.part(part))
        builder.mark(.record)
        builder.mark(.prose)
        partCount = 0
        message(header, view, depth: 0)
    }

    private var notices: [String] {
        let said = remarks.prefix(20)
        if attachments.isEmpty { return Array(said) }
        let names = attachments.prefix(20).joined(separator: ", ")
        return ["attachments were not read: \(names)" + (attachments.count > 20 ? " and \(attachments.count - 20) more" : "")]
            + said
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
        let name = (disposition["filename"] ?? type["name"]).map { String($0.prefix(100)) }
        if type.value == "message/rfc822" {
            guard depth < maximumDepth else { return false }
            decoded(header, body).withView { body in message(MailHeader(body), body, depth: depth + 1) }
            return true
        }
        let isText = ["", "text/plain", "text/html"].contains(type.value)
        if isText, disposition.value != "attachment" { return text(decoded(header, body), type) }
        if let name, let isRead = attachment(decoded(header, body), name: name, type: type) { return isRead }
        attachments.append(name ?? (type.value.isEmpty ? "unnamed" : String(type.value.prefix(100))))
        return false
    }

    /// Reads an attached document as a part of the mail. None when it is of no kind that is read, which its name and type say.
    private mutating func attachment(_ bytes: [UInt8], name: String, type: MailHeader.Parameterized) -> Bool? {
        let format = DocumentFormat(fileExtension: FormatDetection.fileExtension(name)) ?? DocumentFormat(mediaType: type.value)
        guard let format, format != .email, format != .mbox, format != .picture, bytes.count <= attachmentBudget else {
            return nil
        }
        attachmentBudget -= bytes.count
        do throws(ReadFailure) {
            var limits = limits
            limits.maximumUnpackedBytes = min(limits.maximumUnpackedBytes, 16 << 20)
            let media = type["charset"].map { "\(type.value); charset=\($0)" }
            let document = try DocumentReaders.read(DocumentInput(name: name, bytes: bytes, mediaType: media), limits: limits)
            builder.endParagraph()
            builder.append(text: "Attachment: \(name)", onOneLine: true)
            builder.append(document, headingShift: 1)
            remarks += document.notices.map { "\(name): \($0)" }
            return true
        } catch {
            remarks.append("the attachment \(name) was left out: \(error.message)")
            return false
        }
    }

    private func decoded(_ header: MailHeader, _ body: ByteView) -> [UInt8] {
        switch header.parameterized("content-transfer-encoding").value {
        case "base64": TransferEncoding.base64(body)
        case "quoted-printable": TransferEncoding.quotedPrintable(body)
        default: Array(body.contents)
        }
    }

    private mutating func text(_ bytes: [UInt8], _ type: MailHeader.Parameterized) -> Bool {
        let decoded = TextDecoding.decode(bytes, charset: type["charset"])
        if let notice = decoded.notice { remarks.append(notice) }
        let before = builder.offset
        builder.endParagraph()
        if type.value == "text/html" {
            if let page = page(decoded.bytes) {
                builder.append(page, headingShift: 1)
                if page.marks.contains(where: { $0.kind == .part("") }) { reopenPart() }
            }
        } else {
            decoded.bytes.withView {
                lines($0, isFlowed: type["format"]?.lowercased() == "flowed", dropsSpace: type["delsp"]?.lowercased() == "yes")
            }
        }
        builder.endParagraph()
        return builder.offset > before + 1
    }

    private func page(_ text: [UInt8]) -> ExtractedDocument? {
        let limits = limits
        return try? text.withView { (view) throws(ReadFailure) in try HTMLReader.read(view, as: .mail, limits: limits) }
    }

    /// Plain text; with `format=flowed` a space at a line's end means that the paragraph goes on (RFC 3676). What is quoted of others
    /// is a part of its own, named by whom the message says it is of, and each of its paragraphs begins with `>`; so is what stands
    /// below the line that begins a signature.
    private mutating func lines(_ text: ByteView, isFlowed: Bool, dropsSpace: Bool) {
        var index = 0
        var quoted = Quoted()
        var openDepth: Int?
        while index < text.count {
            let end = text.lineEnd(from: index)
            var line = text.slice(index, end)
            if line.count > 0, line[line.count - 1] == 0x0D { line = line.slice(0, line.count - 1) }
            index = end + 1
            // Mailboxes quote lines that begin like the start of a message.
            if line.hasPrefix(">From ") { line = line.slice(1, line.count) }
            if line.contents.elementsEqual("-- ".utf8) || line.contents.elementsEqual("--".utf8) && isFlowed, !quoted.isForwarded
            {
                begin(&quoted, "Signature")
                quoted.isSignature = true
                openDepth = nil
                continue
            }
            if let name = Self.forwarded(line) {
                begin(&quoted, Self.named(quoted.attribution ?? name))
                quoted.isForwarded = true
                builder.append(any: line)
                builder.endLine()
                openDepth = nil
                continue
            }
            // `> > text` is quoted twice, as `>> text` is.
            var (depth, place) = (0, 0)
            while line[place] == UInt8(ascii: ">") {
                depth += 1
                place += line[place + 1] == 0x20 && line[place + 2] == UInt8(ascii: ">") ? 2 : 1
            }
            line = line.slice(place, line.count)
            if depth > 0 || isFlowed, line[0] == 0x20 { line = line.slice(1, line.count) }
            let isSoft = isFlowed && line.count > 0 && line[line.count - 1] == 0x20 && !line.hasPrefix("-- ")
            if depth > 0, quoted.depth == 0, !quoted.isForwarded, !quoted.isSignature {
                if let open = openDepth, open != depth { builder.startLine() }
                begin(&quoted, Self.named(quoted.attribution))
                openDepth = nil
            } else if depth == 0, quoted.depth > 0, !line.trimmed.isEmpty {
                builder.endParagraph()
                reopenPart()
                quoted = Quoted()
                openDepth = nil
            }
            if depth > 0 { quoted.depth = depth }
            if let open = openDepth, open != depth || line.trimmed.isEmpty {
                builder.startLine()
                openDepth = nil
            }
            if line.trimmed.isEmpty {
                builder.endLine()
                continue
            }
            if depth > 0, builder.isAtLineStart {
                for _ in extent(0, min(depth, 20)) { builder.append(UInt8(ascii: ">")) }
                builder.append(0x20)
            }
            builder.append(any: isSoft && dropsSpace ? line.slice(0, line.count - 1) : line, onOneLine: false)
            if depth == 0 { quoted.note(line) }
            // A quoted line that was broken for its length goes on, so that its sentences are whole.
            let goesOn = isSoft || depth > 0 && !isFlowed && line.count >= 50
            if goesOn, !isSoft { builder.append(0x20) }
            openDepth = goesOn ? depth : nil
            if !goesOn { builder.endLine() }
        }
        builder.endParagraph()
        if quoted.depth > 0 || quoted.isForwarded || quoted.isSignature { reopenPart() }
    }

    /// What is being read of others' words.
    private struct Quoted {
        var depth = 0
        var isForwarded = false
        var isSignature = false
        /// The line that says who wrote what is quoted next, with the one before it.
        var attribution: String?
        private var previous = ""

        /// Looks at a line of the sender's own.
        mutating func note(_ line: ByteView) {
            let text = line.slice(0, min(line.count, 300)).string.trimmedText
            if text.isEmpty { return }
            let whole = previous.isEmpty ? text : previous + " " + text
            attribution = text.hasSuffix(":") ? (Self.saysWho(text) ? text : Self.saysWho(whole) ? whole : nil) : nil
            previous = text
        }

        private static func saysWho(_ text: String) -> Bool {
            let lower = text.lowercased()
            return ["wrote", "writes", "schrieb", "a \u{E9}crit", "escribi\u{F3}", "ha scritto", "schreef", "skrev", "said"]
                .contains {
                    lower.contains($0)
                }
        }
    }

    private mutating func begin(_ quoted: inout Quoted, _ name: String) {
        quoted = Quoted()
        builder.endParagraph()
        builder.mark(.part(name))
    }

    private mutating func reopenPart() { builder.mark(.part(part)) }

    private static func named(_ attribution: String?) -> String {
        guard let attribution else { return HTMLReader.quotedPart }
        return "\(HTMLReader.quotedPart): \(attribution.prefix(120))"
    }

    /// The line above a message that was answered or passed on, as programs write it; what follows is that message.
    private static func forwarded(_ line: ByteView) -> String? {
        guard line.hasPrefix("---"), line.count < 80 else { return nil }
        let words = line.string.filter { $0 != "-" }.trimmedText
        let lower = words.lowercased()
        let known = [
            "original message", "forwarded message", "urspr\u{FC}ngliche nachricht", "weitergeleitete nachricht",
            "message d'origine", "mensaje original",
        ]
        return known.contains(lower) ? words : nil
    }

    // MARK: Parts

    private mutating func multipart(_ type: String, _ parts: [ByteView], depth: Int) -> Bool {
        let headers = parts.map { MailHeader($0) }
        var order = Array(parts.indices)
        if type == "multipart/alternative" {
            // The plain text first, then HTML, then whatever the sender prefers; HTML before a plain text that only says where to
            // see the message.
            let isStub = isStub(headers, parts)
            func rank(_ index: Int) -> Int {
                let type = headers[index].parameterized("content-type").value
                if type == "text/plain" || type.isEmpty { return isStub ? 4 : 0 }
                return type == "text/html" ? 1 : type.hasPrefix("multipart/") ? 2 : 3
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

    /// Whether the plain text of alternatives says much less than the HTML beside it.
    private func isStub(_ headers: [MailHeader], _ parts: [ByteView]) -> Bool {
        func bytes(_ type: String, _ headers: [MailHeader], _ parts: [ByteView], depth: Int = 0) -> [UInt8]? {
            for (header, view) in zip(headers, parts) {
                let found = header.parameterized("content-type")
                let body = view.slice(header.end, view.count)
                // A page often stands beside its pictures.
                if depth < 3, type == "text/html", found.value == "multipart/related", let boundary = found["boundary"] {
                    let inner = self.parts(of: body, boundary: boundary)
                    if let page = bytes(type, inner.map { MailHeader($0) }, inner, depth: depth + 1) { return page }
                }
                guard found.value == type else { continue }
                return TextDecoding.decode(decoded(header, body), charset: found["charset"]).bytes
            }
            return nil
        }
        guard let plain = bytes("text/plain", headers, parts), plain.count < 2000,
            let html = bytes("text/html", headers, parts), let page = page(html)
        else { return false }
        // A text of other words than the page's is about the page, not what it says.
        let said = Self.words(page.text)
        let own = Self.words(plain.string)
        if own.count >= 4, said.count > own.count, own.intersection(said).count * 2 < own.count { return true }
        let words = plain.split(whereSeparator: \.isSpace).filter {
            !$0.starts(with: "http".utf8) && !$0.starts(with: "<http".utf8)
        }
        let length = words.reduce(0) { $0 + $1.count + 1 }
        return page.text.utf8.count > 2 * length + 100
    }

    /// The words of four letters or more, in lower case, without addresses.
    private static func words(_ text: String) -> Set<String> {
        Set(
            text.lowercased().split(whereSeparator: \.isWhitespace).filter { !$0.contains("://") }
                .flatMap { $0.split { !$0.isLetter } }.filter { $0.count >= 4 }.map(String.init))
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
