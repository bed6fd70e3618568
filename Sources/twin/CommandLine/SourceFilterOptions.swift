import TwinKit
import TwinSupport

/// The options that say which sources are meant.
enum SourceFilterOptions {
    static let all: [Option] = [
        .string(
            "where", "KEY=VALUE", repeats: true, help: "Only sources with this property, for example tag=bees; all that are given"
        ),
        .string("since", "TIME", help: "Only sources published, or else added, since then: 7d, 12h, 2026-01-31"),
        .string("kind", "KIND", repeats: true, help: "Only sources of this kind or format: file, url, pdf, markdown, …"),
    ]

    static func filter(_ call: Invocation) throws -> SourceFilter {
        var filter = SourceFilter()
        filter.kinds = call.strings("kind").map { $0.lowercased() }
        if let text = call.string("since") {
            guard let moment = SourceFilter.moment(text, now: Clock.now) else {
                throw call.usage("--since takes a length such as 7d, 12h or 2w, or a day such as 2026-01-31")
            }
            filter.since = moment
        }
        for text in call.strings("where") {
            guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
                throw call.usage("--where takes KEY=VALUE, for example tag=bees")
            }
            filter.properties.append((String(text[..<sign]), String(text[text.index(after: sign)...])))
        }
        return filter
    }
}
