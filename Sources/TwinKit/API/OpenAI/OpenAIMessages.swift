import TwinHTTP
import TwinSupport

/// What a client of OpenAI's interface said: its question, and the conversation before it, which such clients keep
/// themselves.
struct OpenAIMessages {
    /// Bytes of a request: whole conversations come with each question.
    static let maximumBodyBytes = 4 << 20

    let question: String
    let history: [PastMessage]

    /// Reads `messages` of a chat completion or `input` of a response. The last message of the user is the question. Messages of
    /// systems and developers are not looked at: no prompt widens what a twin may say. Adds to `body` what is wrong, and is
    /// none then.
    init?(_ name: String, _ value: JSON?, _ body: inout FieldDecoder) {
        guard let value, !value.isNull else {
            body.fail(name, type: "missing", "Field required")
            return nil
        }
        if let text = value.stringValue {
            guard !text.trimmed.isEmpty else {
                body.fail(name, "there is no question")
                return nil
            }
            question = text
            history = []
            return
        }
        guard let items = value.arrayValue, !items.isEmpty else {
            body.fail(name, "a list of messages is expected, one at least")
            return nil
        }
        var messages: [PastMessage] = []
        for item in items {
            guard let object = item.objectValue else {
                body.fail(name, "a message is an object with a role and a content")
                return nil
            }
            // Results of tools and thoughts of models say nothing to a twin.
            if let type = object["type"]?.stringValue, type != "message" { continue }
            guard let role = object["role"]?.stringValue else {
                body.fail(name, "a message must have a role")
                return nil
            }
            guard role == "user" || role == "assistant" else { continue }
            guard let text = Self.text(object["content"]) else {
                body.fail(name, "a message holds text only; pictures, sound and files are not read here")
                return nil
            }
            if !text.isEmpty { messages.append(PastMessage(role == "user" ? .user : .assistant, text)) }
        }
        guard let last = messages.lastIndex(where: { $0.role == .user }) else {
            body.fail(name, "there is no question: a message with the role 'user' is missing")
            return nil
        }
        question = messages[last].content
        history = Array(messages[..<last])
    }

    /// The text of a content: a string, or parts of text. None where a part is of another kind.
    private static func text(_ content: JSON?) -> String? {
        guard let content, !content.isNull else { return "" }
        if let text = content.stringValue { return text }
        guard let parts = content.arrayValue else { return nil }
        var texts: [String] = []
        for part in parts {
            if let text = part.stringValue {
                texts.append(text)
                continue
            }
            guard ["text", "input_text", "output_text", "refusal"].contains(part["type"]?.stringValue ?? ""),
                let text = part["text"]?.stringValue ?? part["refusal"]?.stringValue
            else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: "\n")
    }
}

/// An answer in the parts that OpenAI's shapes have for it.
struct OpenAIAnswer {
    let answer: ChatAnswer
    /// With a list of the sources below, for clients that show nothing but the text.
    let text: String
    let promptTokens: Int
    /// Under which the question waits for the owner; none where it does not.
    let escalationID: String?

    init(_ answer: ChatAnswer, listsSources: Bool, prompt: String, escalationID: String?) {
        self.answer = answer
        self.escalationID = escalationID
        text = answer.text + (listsSources ? Self.sources(answer) : "")
        promptTokens = GroupLimits.tokens(prompt)
    }

    var completionTokens: Int { GroupLimits.tokens(text) }

    /// The sources that an answer quotes, as lines.
    static func sources(_ answer: ChatAnswer) -> String {
        guard !answer.metadata.citations.isEmpty else { return "" }
        return "\n\n"
            + answer.metadata.citations.map { citation in
                "[\(citation.number)] \(citation.sourceTitle)" + (citation.place.isEmpty ? "" : ", \(citation.place)")
            }.joined(separator: "\n")
    }

    /// What twin knows of the answer beside its text.
    var twin: JSON {
        [
            "status": .string(answer.status.rawValue), "confidence": .double(answer.metadata.confidence),
            "citations": .array(answer.metadata.citations.map(\.json)),
            "conversation_id": .optional(answer.metadata.conversationID),
            "clarification_id": .optional(answer.clarification?.id), "escalation_id": .optional(escalationID),
            "degraded": .bool(answer.done.degraded != nil),
        ]
    }

    /// A place in the text where a citation stands.
    private struct Mark {
        var citation: Citation
        /// Characters (Unicode scalars) of the text.
        var range: Range<Int>
    }

    private var marks: [Mark] {
        let scalars = Array(text.unicodeScalars)
        return answer.metadata.citations.compactMap { citation in
            let mark = Array("[\(citation.number)]".unicodeScalars)
            guard mark.count <= scalars.count else { return nil }
            for start in 0...(scalars.count - mark.count) where scalars[start..<(start + mark.count)].elementsEqual(mark) {
                return Mark(citation: citation, range: start..<(start + mark.count))
            }
            return nil
        }
    }

    private func fields(_ mark: Mark) -> JSONObject {
        [
            "start_index": .number(mark.range.lowerBound), "end_index": .number(mark.range.upperBound),
            "title": .string(mark.citation.sourceTitle), "url": .string(Self.url(mark.citation, twin: answer.metadata.twinID)),
        ]
    }

    /// Where the original is, when it is on the web; else the document's place in the twin.
    private static func url(_ citation: Citation, twin: String) -> String {
        citation.locator.hasPrefix("https://") || citation.locator.hasPrefix("http://")
            ? citation.locator : "twin://\(twin)/sources/\(citation.sourceID)"
    }

    /// Annotations as chat completions have them.
    var nestedAnnotations: JSON {
        .array(marks.map { ["type": "url_citation", "url_citation": .object(fields($0))] })
    }

    /// Annotations as responses have them.
    var annotations: [JSON] {
        marks.map { mark in
            var annotation: JSONObject = ["type": "url_citation"]
            annotation = annotation.merging(fields(mark))
            return .object(annotation)
        }
    }
}
