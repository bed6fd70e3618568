import TwinSupport

/// JSON that programs write for themselves and that people read as something else: notebooks, and conversations.
enum JSONShapes {
    /// The document that a value is; none when it is just data. `people` are names by the numbers that messages have for them.
    static func read(_ value: JSON, people: [String: String] = [:], limits: ReaderLimits) throws(ReadFailure)
        -> ExtractedDocument?
    {
        if let cells = value["cells"]?.arrayValue, value["nbformat"] != nil { return try notebook(value, cells, limits) }
        if let sheets = value["worksheets"]?.arrayValue, value["nbformat"] != nil {
            return try notebook(value, sheets.flatMap { $0["cells"]?.arrayValue ?? [] }, limits)
        }
        if let version = value["version"]?.stringValue, version.contains("jsonfeed.org/"), let items = value["items"]?.arrayValue
        {
            return try JSONFeedReader.read(value, items, limits)
        }
        if let object = value.objectValue {
            if let messages = object["messages"]?.arrayValue, let first = messages.first, isMessage(first) {
                // Telegram and Discord name the chat; others hold messages only.
                let name = object["name"]?.stringValue ?? object["channel"]?["name"]?.stringValue ?? object["title"]?.stringValue
                return try chat([(name, messages)], people, limits)
            }
            // The whole of an account at Telegram.
            if let chats = object["chats"]?["list"]?.arrayValue {
                return try chat(chats.map { ($0["name"]?.stringValue, $0["messages"]?.arrayValue ?? []) }, people, limits)
            }
            if let mapping = object["mapping"]?.objectValue {
                return try chat([(object["title"]?.stringValue, turns(mapping, value))], people, limits)
            }
            return nil
        }
        guard let items = value.arrayValue, let first = items.first else { return nil }
        if first["mapping"]?.objectValue != nil {
            return try chat(
                items.map { item in (item["title"]?.stringValue, item["mapping"]?.objectValue.map { turns($0, item) } ?? []) },
                people, limits)
        }
        // Claude's and others': conversations with their messages.
        if let messages = first["chat_messages"]?.arrayValue, !messages.isEmpty || items.count > 1 {
            return try chat(items.map { ($0["name"]?.stringValue, $0["chat_messages"]?.arrayValue ?? []) }, people, limits)
        }
        return isMessage(first) ? try chat([(nil, items)], people, limits) : nil
    }

    /// Whether the first item of a list may be one of those that are read here.
    static func mayBegin(_ first: JSON) -> Bool {
        isMessage(first) || first["mapping"]?.objectValue != nil || first["chat_messages"]?.arrayValue != nil
    }

    /// Whether a value has the fields that a program gives its messages, so that a list of other things keeps all of its own: Slack,
    /// Telegram, Discord, Messenger, language models.
    private static func isMessage(_ item: JSON) -> Bool {
        guard let keys = item.objectValue.map({ Set($0.keys) }) else { return false }
        func has(_ names: String...) -> Bool { names.allSatisfy(keys.contains) }
        if has("ts", "text") { return has("user") || has("username") || has("bot_id") || item["type"]?.stringValue == "message" }
        if has("id", "type", "date") { return (has("text") && has("from")) || has("actor") }
        if has("timestamp", "content"), item["author"]?.objectValue != nil { return true }
        if has("sender_name", "timestamp_ms") { return true }
        if has("sender", "text", "created_at") { return true }
        if has("content"), item["author"]?["role"] != nil { return true }
        return has("role", "content") && keys.count <= 4
    }

    // MARK: Notebooks

    /// Cells as text and code, with what the code printed (Jupyter's nbformat 4; 3 keeps its cells in worksheets).
    private static func notebook(_ value: JSON, _ cells: [JSON], _ limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument
    {
        var builder = DocumentBuilder(limits: limits)
        var title = value["metadata"]?["title"]?.stringValue
        var pictures = 0
        for cell in cells {
            let source = joined(cell["source"] ?? cell["input"])
            switch cell["cell_type"]?.stringValue {
            case "markdown":
                let text = try Array(source.utf8).withView { (view) throws(ReadFailure) in
                    try MarkdownReader.read(view, limits: limits)
                }
                if title == nil { title = text.title }
                builder.append(text)
            case "code": code(source, into: &builder)
            case "heading":
                builder.endParagraph()
                builder.mark(.heading(level: max(1, min(cell["level"]?.intValue ?? 1, 6))))
                builder.append(text: source, onOneLine: true)
                builder.endParagraph()
            default: paragraph(source, into: &builder)
            }
            for output in cell["outputs"]?.arrayValue ?? [] {
                let data = output["data"]
                if data?.objectValue?.keys.contains(where: { $0.hasPrefix("image/") }) == true {
                    pictures += 1
                    continue
                }
                if let html = data?["text/html"] {
                    let page = try? Array(joined(html).utf8).withView { (view) throws(ReadFailure) in
                        try HTMLReader.read(view, as: .part, limits: limits)
                    }
                    if let page, !page.text.isEmpty {
                        builder.append(page, headingShift: 3)
                        continue
                    }
                }
                let text =
                    [output["text"], data?["text/markdown"], data?["text/plain"]].lazy.map(joined).first { !$0.isEmpty } ?? ""
                if !text.isEmpty { code(text, into: &builder) }
                if let name = output["ename"]?.stringValue {
                    paragraph("\(name): \(output["evalue"]?.stringValue ?? "")", into: &builder)
                }
            }
        }
        var document = try builder.finish(title: title)
        if pictures > 0 { document.notices.append("pictures that the notebook drew were not read: \(pictures)") }
        return document
    }

    private static func joined(_ value: JSON?) -> String {
        if let text = value?.stringValue { return text }
        return (value?.arrayValue ?? []).compactMap(\.stringValue).joined()
    }

    private static func code(_ text: String, into builder: inout DocumentBuilder) {
        guard text.nonBlank != nil else { return }
        builder.endParagraph()
        builder.mark(.code)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            builder.append(text: String(line), onOneLine: false)
            builder.endCodeLine()
        }
        builder.endParagraph()
        builder.mark(.prose)
    }

    private static func paragraph(_ text: String, into builder: inout DocumentBuilder) {
        builder.endParagraph()
        builder.append(text: text)
        builder.endParagraph()
    }

    // MARK: Conversations

    private struct Message {
        var speaker: String
        var moment: String
        var text: String
    }

    /// Each message is a record, one line that says when and who: the three are quoted together. None when most of them are no messages.
    private static func chat(
        _ chats: [(name: String?, messages: [JSON])], _ people: [String: String], _ limits: ReaderLimits
    ) throws(ReadFailure)
        -> ExtractedDocument?
    {
        var names = people
        for chat in chats { for item in chat.messages { learn(item, &names) } }
        var builder = DocumentBuilder(limits: limits)
        var (total, read) = (0, 0)
        for chat in chats {
            let messages = chat.messages.map { message($0, names) }
            total += messages.count
            read += messages.count { $0 != nil }
            if let name = chat.name?.nonBlank, chats.count > 1 || !messages.isEmpty {
                builder.endParagraph()
                builder.mark(.part(name))
                builder.mark(.prose)
                builder.mark(.heading(level: 1))
                builder.append(text: name, onOneLine: true)
                builder.endParagraph()
            }
            for case let message? in messages where !message.text.isEmpty {
                builder.startLine()
                builder.mark(.record)
                let who = message.speaker.isEmpty ? "" : "\(message.speaker): "
                builder.append(text: message.moment.isEmpty ? who : "[\(message.moment)] \(who)", onOneLine: true)
                builder.append(text: message.text, onOneLine: true)
                builder.startLine()
            }
            builder.endParagraph()
        }
        guard read > 0, read * 2 > total else { return nil }
        var document = try builder.finish(title: chats.count == 1 ? chats.first?.name : nil)
        if read < total { document.notices.append("\(total - read) entries are no messages with words and were left out") }
        return document
    }

    /// Learns how people are called whom messages name by a number.
    private static func learn(_ item: JSON, _ names: inout [String: String]) {
        guard let id = item["user"]?.stringValue, let profile = item["user_profile"] else { return }
        names[id] =
            [profile["display_name"], profile["real_name"], profile["name"]].lazy.compactMap { $0?.stringValue?.nonBlank }.first
    }

    private static func message(_ item: JSON, _ names: [String: String]) -> Message? {
        guard isMessage(item), let text = words(item, names), let moment = moment(item) else { return nil }
        return Message(speaker: speaker(item, names) ?? "", moment: moment, text: text.trimmedText)
    }

    private static func speaker(_ item: JSON, _ names: [String: String]) -> String? {
        if let id = item["user"]?.stringValue { return names[id] ?? item["username"]?.stringValue?.nonBlank ?? id }
        for name in ["from", "sender", "sender_name", "author", "username", "actor", "role"] {
            guard let value = item[name] else { continue }
            if let text = value.stringValue?.nonBlank { return text }
            for key in ["nickname", "global_name", "display_name", "name", "username", "role"] {
                if let text = value[key]?.stringValue?.nonBlank { return text }
            }
        }
        return nil
    }

    private static func words(_ item: JSON, _ names: [String: String]) -> String? {
        for name in ["text", "content", "message", "body"] {
            guard let value = item[name], !value.isNull else { continue }
            let text = Self.text(value).trimmedText
            // Some say it in parts beside an empty text.
            if text.isEmpty, name == "text", item["content"]?.arrayValue?.isEmpty == false { continue }
            var found = text.isEmpty ? "" : mentions(text, names)
            if name == "content", let files = item["attachments"]?.arrayValue, !files.isEmpty {
                let listed = files.prefix(20).compactMap {
                    $0["fileName"]?.stringValue ?? $0["filename"]?.stringValue ?? $0["file_name"]?.stringValue
                }
                if !listed.isEmpty { found += (found.isEmpty ? "" : " ") + "[File: \(listed.joined(separator: ", "))]" }
            }
            return found
        }
        if let parts = item["content"]?["parts"] { return text(parts) }
        return nil
    }

    /// Text as it stands, in pieces, or in parts of a kind.
    private static func text(_ value: JSON) -> String {
        if let text = value.stringValue { return text }
        if let pieces = value.arrayValue {
            return pieces.map { $0.stringValue ?? $0["text"]?.stringValue ?? "" }.joined()
        }
        if let parts = value["parts"] { return text(parts) }
        return value["text"]?.stringValue ?? ""
    }

    /// Slack's `<@U1>`, `<https://…|words>` and its three references as people see them.
    private static func mentions(_ text: String, _ names: [String: String]) -> String {
        guard text.contains("<") || text.contains("&") else { return text }
        return text.withView { view in
            var result: [UInt8] = []
            var index = 0
            while index < view.count {
                let next = view[index + 1]
                if view[index] == UInt8(ascii: "<"),
                    next == UInt8(ascii: "@") || next == UInt8(ascii: "#") || next == UInt8(ascii: "!")
                        || view.hasPrefix("http", at: index + 1)
                        || view.hasPrefix("mailto:", at: index + 1),
                    let close = view.first(UInt8(ascii: ">"), from: index, to: index + 2000)
                {
                    let isName = next == UInt8(ascii: "@") || next == UInt8(ascii: "#") || next == UInt8(ascii: "!")
                    let inside = view.slice(index + (isName ? 2 : 1), close)
                    let bar = inside.first(UInt8(ascii: "|"), from: 0)
                    let id = inside.slice(0, bar ?? inside.count).string
                    if next == UInt8(ascii: "@") || next == UInt8(ascii: "#") { result.append(next) }
                    if let bar { result.append(inside.slice(bar + 1, inside.count)) } else { result += (names[id] ?? id).utf8 }
                    index = close + 1
                } else if view.hasPrefix("&lt;", at: index) || view.hasPrefix("&gt;", at: index) {
                    result.append(view[index + 1] == UInt8(ascii: "l") ? UInt8(ascii: "<") : UInt8(ascii: ">"))
                    index += 4
                } else if view.hasPrefix("&amp;", at: index) {
                    result.append(UInt8(ascii: "&"))
                    index += 5
                } else {
                    result.append(view[index])
                    index += 1
                }
            }
            return result.string
        }
    }

    /// When it was said, in UTC unless the file writes its own time without a zone. None when nothing says so; empty for the turns of a
    /// model without a time.
    private static func moment(_ item: JSON) -> String? {
        for name in ["ts", "create_time", "timestamp_ms", "date_unixtime"] {
            guard let value = item[name] else { continue }
            let number = value.doubleValue ?? value.stringValue.flatMap { Double($0) }
            guard var seconds = number, seconds.isFinite, seconds > 0 else { continue }
            if name == "timestamp_ms" { seconds /= 1000 }
            guard seconds < 1e11 else { continue }
            if name == "date_unixtime", let text = item["date"]?.stringValue { return short(text) }
            return short(Timestamp(milliseconds: Int64(seconds * 1000)).description)
        }
        for name in ["timestamp", "date", "created_at", "time", "datetime"] {
            if let text = item[name]?.stringValue, StatedDate.rfc3339(text) != nil { return short(text) }
        }
        return item["role"] != nil || item["author"]?["role"] != nil ? "" : nil
    }

    private static func short(_ text: String) -> String {
        String(text.prefix(16)).replacing("T")
    }

    /// The messages of a conversation with a model, along the branch that was shown last.
    private static func turns(_ mapping: JSONObject, _ conversation: JSON) -> [JSON] {
        var nodes: [String: JSON] = [:]
        for member in mapping.members { nodes[member.key] = member.value }
        var current =
            conversation["current_node"]?.stringValue ?? nodes.first { $0.value["children"]?.arrayValue?.isEmpty != false }?.key
        var result: [JSON] = []
        var seen: Set<String> = []
        while let id = current, seen.insert(id).inserted, let node = nodes[id] {
            if let message = node["message"], message.objectValue != nil, message["author"]?["role"]?.stringValue != "system",
                message["author"]?["role"]?.stringValue != "tool"
            {
                result.append(message)
            }
            current = node["parent"]?.stringValue
        }
        return result.reversed()
    }
}

extension String {
    fileprivate func replacing(_ sign: Character) -> String { String(map { $0 == sign ? " " : $0 }) }
}
