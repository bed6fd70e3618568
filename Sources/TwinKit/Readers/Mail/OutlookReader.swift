import TwinSupport

/// A message as Outlook saves it (MS-OXMSG): its properties are streams, each named by its number and its type.
enum OutlookReader {
    private static let subject = 0x0037
    private static let body = 0x1000
    private static let page = 0x1013
    private static let senderName = 0x0C1A
    private static let senderAddress = 0x5D01
    private static let to = 0x0E04
    private static let cc = 0x0E03
    private static let messageID = 0x1035
    private static let headers = 0x007D
    private static let fileNames = [0x3707, 0x3704]

    static func read(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        try bytes.withView { (view) throws(ReadFailure) in try read(view, limits) }
    }

    private static func read(_ view: ByteView, _ limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        guard let file = CompoundFile(view, maximumBytes: limits.maximumTextBytes) else {
            throw .malformed("its container is broken")
        }
        func text(_ property: Int, in storage: Int = 0) -> String? {
            let digits = String(property, radix: 16).uppercased()
            let name = "__substg1.0_" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            for entry in file.entries where entry.parent == storage && entry.name.hasPrefix(name) {
                guard let bytes = file.bytes(of: entry, limit: limits.maximumTextBytes) else { continue }
                switch entry.name.suffix(4) {
                case "001F": return TextDecoding.decode(bytes, charset: "utf-16le", isStated: true).bytes.string.nonBlank
                case "001E", "0102": return TextDecoding.decode(bytes).bytes.string.nonBlank
                default: continue
                }
            }
            return nil
        }
        let head = text(headers).map { Array($0.utf8) }
        let header = head.map { $0.withView { MailHeader($0) } }
        let from =
            [text(senderName), text(senderAddress).map { "<\($0)>" }].compactMap { $0 }.joined(separator: " ").nonBlank
            ?? header?["from"]
        var builder = DocumentBuilder(limits: limits)
        let date = header?["date"]
        for (label, value) in [("From", from), ("To", text(to)), ("Cc", text(cc)), ("Date", date), ("Subject", text(subject))] {
            guard let value else { continue }
            builder.append(text: "\(label): \(value.prefix(1000))", onOneLine: true)
            builder.startLine()
        }
        builder.endParagraph()
        if let words = text(body) {
            builder.append(try MailReader.body(words, limits: limits))
        } else if let html = text(page) {
            builder.append(
                try Array(html.utf8).withView { (view) throws(ReadFailure) in try HTMLReader.read(view, as: .mail, limits: limits)
                },
                headingShift: 1)
        }
        var names: [String] = []
        for (number, entry) in file.entries.enumerated() where entry.name.hasPrefix("__attach_version1.0_") && names.count < 50 {
            names.append(fileNames.lazy.compactMap { text($0, in: number) }.first ?? "unnamed")
        }
        var document = try builder.finish(title: text(subject))
        document.author = from
        document.publishedAt = date.flatMap(StatedDate.rfc3339)
        for (name, value) in [("from", from), ("to", text(to)), ("cc", text(cc)), ("message-id", text(messageID))] {
            if let value { document.metadata[name] = .string(value) }
        }
        if !names.isEmpty { document.notices.append("attachments were not read: \(names.joined(separator: ", "))") }
        return document
    }
}
