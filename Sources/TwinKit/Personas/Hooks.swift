import TwinSupport

/// Words that go with a picture, in the styles that people use. They come from a language model where one is configured, and
/// from sentences of our own else.
package struct Hook: Sendable, Equatable {
    /// How a hook speaks; the words are the contract's.
    package enum Style: String, Sendable, CaseIterable { case question, challenge, story, tip, teaser, relatable, general }

    /// Where it is going to be read.
    package enum Platform: String, Sendable, CaseIterable {
        case instagram, tiktok, twitter, onlyfans

        /// Characters that a hook may have.
        package var maximumLength: Int {
            switch self {
            case .instagram: 150
            case .tiktok: 100
            case .twitter: 280
            case .onlyfans: 200
            }
        }
    }

    package var text: String
    package var style: Style

    package var emojiCount: Int {
        text.unicodeScalars.filter { $0.properties.isEmojiPresentation || $0.value >= 0x1F300 && $0.properties.isEmoji }.count
    }

    /// Sentences of our own, so many, in a fixed order.
    static func byRule(niche: String?, platform: Platform, count: Int) -> [Hook] {
        let topic = niche.map { $0.lowercased() }.flatMap { $0.count <= 30 ? $0 : nil } ?? "everyday life"
        let all: [(Style, String)] = [
            (.question, "What would you have done here?"), (.story, "This one has a story, and it begins with \(topic)."),
            (.tip, "One small thing about \(topic) that I wish I had known earlier."),
            (.challenge, "Try this for a week and tell me how it went."), (.teaser, "Wait until you see what comes next."),
            (.relatable, "Tell me that I am not the only one."), (.question, "Which of these is your favourite, and why?"),
            (.tip, "Save this for the next time you think about \(topic)."),
            (.story, "A quiet moment between two busy days."), (.challenge, "Show me yours: where does \(topic) meet your day?"),
        ]
        return all.prefix(max(0, count)).map { Hook(text: $0.1.shortened(to: platform.maximumLength - 1), style: $0.0) }
    }
}

extension Personas {
    /// Hooks for a persona's content, 1 to 10. Throws `TwinError` where what the model wrote is not decent, or nothing.
    package func hooks(
        for avatar: Avatar, contentType: String, platform: Hook.Platform, count: Int, by actor: String?,
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> [Hook] {
        try requireDecent(contentType, what: "hook", of: avatar.person, by: actor)
        guard let writer else { return Hook.byRule(niche: avatar.niche, platform: platform, count: count) }
        let request = ChatRequest(
            messages: [
                ChatMessage(
                    .system,
                    "You write short, decent captions for a public profile. Answer with one caption a line and nothing else, each "
                        + "as STYLE: TEXT, where STYLE is question, challenge, story, tip, teaser or relatable."),
                ChatMessage(
                    .user,
                    "Write \(count) captions of at most \(platform.maximumLength) characters for \(platform.rawValue). The "
                        + "picture: \(contentType). The profile is about \(avatar.niche ?? "everyday life")."),
            ], temperature: 0.7, maximumTokens: 80 * count)
        let text: String
        do {
            text = try writer.complete(request, isCancelled: isCancelled, onDelta: { _ in }).text
        } catch let error as ProviderError {
            throw error.twinError
        }
        let hooks = Self.parse(text, platform: platform).prefix(count).filter { decency.judge($0.text).isSafe }
        guard !hooks.isEmpty else { throw TwinError(.upstream, "the language model wrote no hook that can be used") }
        return Array(hooks)
    }

    static func parse(_ text: String, platform: Hook.Platform) -> [Hook] {
        text.split(whereSeparator: \.isNewline).compactMap { line -> Hook? in
            // Lists are numbered or dotted, whatever was asked for.
            let line = String(line).trimmed.drop { "0123456789.-*) ".contains($0) }
            let parts = line.split(separator: ":", maxSplits: 1)
            let style = parts.first.flatMap { Hook.Style(rawValue: String($0).trimmed.lowercased()) }
            let words = (style == nil || parts.count < 2 ? String(line) : String(parts[1])).trimmed
            guard !words.isEmpty, words.count <= platform.maximumLength else { return nil }
            return Hook(text: words, style: style ?? .general)
        }
    }
}
