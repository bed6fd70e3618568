import TwinKit
import TwinSupport

enum MetricsCommand {
    static let command = Command(
        "metrics", summary: "See how a twin is used",
        discussion: """
            A window of N days is today (UTC) and the N days before it, and a message counts on the day on which its conversation \
            began.
            """,
        examples: [
            Example("twin metrics dashboard", "the last 30 days in numbers"),
            Example("twin metrics daily --days 14", "with a bar for each day"),
            Example("twin metrics top-questions --json | jq -r '.[].question'", "what people ask"),
        ],
        alsoCalled: ["stats", "statistics", "analytics"],
        subcommands: [dashboard, topQuestions, daily, activity, usage, audience, knowledge])

    private static let exits: [ExitCode] = [.notConfigured, .notFound]

    private static func days(_ fallback: Int) -> Option {
        .int("days", short: "d", in: Metrics.days, default: "\(fallback)", help: "How many days to look back from today")
    }

    private static func limit(_ range: ClosedRange<Int>, _ fallback: Int) -> Option {
        .int("limit", short: "n", in: range, default: "\(fallback)", help: "Show at most this many")
    }

    static let dashboard = Command(
        "dashboard", summary: "Conversations, messages, confidence and rates",
        examples: [Example("twin metrics dashboard --days 7 --json", "a week, for a script")],
        options: [.twin, days(30)], exits: exits, alsoCalled: ["overview", "show"], run: showDashboard)

    static let topQuestions = Command(
        "top-questions", summary: "What is asked most",
        discussion:
            "Questions are the same when their first 100 characters are, whatever their case. The newest 50,000 messages count. A refusal is not an answer.",
        examples: [Example("twin metrics top-questions --limit 20", "the twenty most frequent")],
        options: [.twin, limit(Metrics.topQuestionsLimit, 5)], exits: exits, alsoCalled: ["questions", "top"], run: listQuestions)

    static let daily = Command(
        "daily", summary: "Conversations and messages day by day",
        examples: [Example("twin metrics daily --days 30", "a month")],
        options: [.twin, days(7)], exits: exits, alsoCalled: ["days"], run: listDays)

    static let activity = Command(
        "activity", summary: "Recent activity", examples: [Example("twin metrics activity --limit 20", "the newest twenty")],
        options: [.twin, limit(Metrics.activityLimit, 10)], exits: exits, alsoCalled: ["recent", "feed"], run: listActivity)

    static let usage = Command(
        "usage", summary: "Requests, tokens and how long answers took",
        examples: [Example("twin metrics usage --days 30", "a month")],
        options: [.twin, days(7)], exits: exits, alsoCalled: ["latency", "tokens"], run: showUsage)

    static let audience = Command(
        "audience", summary: "Who asks",
        discussion: "A visitor is a signed-in person, or one session of a widget or a share link.",
        examples: [Example("twin metrics audience --limit 50", "the fifty newest visitors")],
        options: [
            .twin, limit(Audience.limits, 20),
            .int("offset", in: 0...1_000_000_000, default: "0", help: "Skip this many"),
        ],
        exits: exits, alsoCalled: ["visitors"], run: showAudience)

    static let knowledge = Command(
        "knowledge", summary: "What kind of knowledge the twin holds",
        discussion: "Facts, opinions and tones are recognized by English words in at most 1,000 chunks, without a model.",
        examples: [Example("twin metrics knowledge --as-group partners", "of what a group may read")],
        options: [
            .twin, .string("as-group", "GROUP", completion: .dynamic(.groups), help: "Count only what this group may read"),
        ],
        exits: exits, alsoCalled: ["profile"], run: showKnowledge)

    // MARK: Running

    private static func showDashboard(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let numbers = try workspace.metrics.dashboard(of: twin, days: call.int("days") ?? 30)
        try call.output.show(numbers) {
            func rate(_ percent: Double) -> StyledText {
                let number = Format.oneDecimal(percent) + "%"
                return call.output.isTerminal ? "\(number)  \(BarChart.gauge(percent / 100), .cyan)" : StyledText(number)
            }
            try call.output.details(
                Details([
                    "days": "\(numbers.days)", "conversations": "\(numbers.conversations)", "messages": "\(numbers.messages)",
                    "questions": "\(numbers.userMessages)", "answers": "\(numbers.assistantMessages)",
                    "confidence": rate(numbers.averageConfidence * 100), "answered": rate(numbers.answeredRate),
                    "refused": rate(numbers.refusalRate), "escalated": rate(numbers.escalationRate),
                    "rated": "\(numbers.ratedUp) up, \(numbers.ratedDown) down",
                ]))
        }
        return .done
    }

    private static func listQuestions(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let found = try workspace.metrics.topQuestions(of: call.twin(in: workspace), limit: call.int("limit") ?? 5)
        try call.output.list(found, empty: "nothing has been asked yet") {
            let bars = BarChart(found.map(\.count), width: 12)
            var table = Table(.number("COUNT"), .number("ANSWERED"), .number("CONFIDENCE"), .text("QUESTION", shrinks: true))
            for item in found {
                let bar = call.output.isTerminal ? bars.bar(item.count) + " " : ""
                table.add(
                    "\(bar, .cyan)\(item.count)", StyledText(Format.percent(item.answeredRate / 100)),
                    StyledText(Format.percent(item.averageConfidence)), StyledText(item.question))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func listDays(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let days = try workspace.metrics.daily(of: call.twin(in: workspace), days: call.int("days") ?? 7)
        try call.output.list(days, empty: "") {
            let bars = BarChart(days.map(\.messages))
            var table =
                call.output.isTerminal
                ? Table(.text("DATE"), .number("CONVERSATIONS"), .number("MESSAGES"), .text(""))
                : Table(.text("DATE"), .number("CONVERSATIONS"), .number("MESSAGES"))
            for day in days {
                table.add(
                    StyledText(day.date), "\(day.conversations)", "\(day.messages)", "\(bars.bar(day.messages), .cyan)")
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func listActivity(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let items = try workspace.metrics.activity(of: call.twin(in: workspace), limit: call.int("limit") ?? 10)
        try call.output.list(items, empty: "nothing has happened yet") {
            var table = Table(.text("WHEN"), .text("WHAT", shrinks: true), .text("DETAILS", shrinks: true))
            for item in items {
                let time = call.output.isTerminal ? Format.ago(item.time) : item.time.description
                table.add("\(time, .dim)", StyledText(item.title), StyledText(item.description))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showUsage(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let usage = try workspace.metrics.usage(of: call.twin(in: workspace), days: call.int("days") ?? 7)
        try call.output.show(usage) {
            try call.output.details(
                Details([
                    "days": "\(usage.days)", "requests": "\(usage.requests)", "tokens": "\(usage.tokens)",
                    "latency": "\(Format.oneDecimal(usage.averageLatency)) ms on average",
                    "errors": "\(usage.errors) (\(Format.oneDecimal(usage.errorRate))%)",
                ]))
            guard !usage.measures.isEmpty else { return }
            try call.output.line()
            var table = Table(.text("MEASURE"), .number("COUNT"), .number("MIN"), .number("MEAN"), .number("MAX"), .number("SUM"))
            for measure in usage.measures {
                table.add(
                    StyledText(measure.type), "\(measure.count)", StyledText(Format.oneDecimal(measure.minimum)),
                    StyledText(Format.oneDecimal(measure.average)), StyledText(Format.oneDecimal(measure.maximum)),
                    StyledText(Format.oneDecimal(measure.sum)))
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showAudience(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let page = try workspace.audience.page(
            of: call.twin(in: workspace), limit: call.int("limit") ?? 20, offset: call.int("offset") ?? 0)
        try call.output.show(page) {
            try call.output.details(
                Details([
                    "visitors": "\(page.totalVisitors)", "returning": "\(page.returningVisitors)",
                    "messages": "\(Format.oneDecimal(page.averageMessages)) a visitor",
                ]))
            guard !page.visitors.isEmpty else { return }
            try call.output.line()
            var table = Table(
                .text("VISITOR"), .text("THROUGH"), .text("FIRST SEEN"), .text("LAST SEEN"), .number("CONVERSATIONS"),
                .number("MESSAGES"))
            for visitor in page.visitors {
                table.add(
                    StyledText(visitor.id), StyledText(visitor.sessionType), StyledText(Format.date(visitor.firstSeen)),
                    StyledText(Format.date(visitor.lastSeen)), "\(visitor.conversationCount)", "\(visitor.messageCount)")
            }
            try call.output.table(table)
        }
        return .done
    }

    private static func showKnowledge(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let twin = try call.twin(in: workspace)
        let clearance =
            try call.string("as-group").map { Clearance.group(try workspace.groups.find($0, of: twin)) } ?? .everything
        let profile = try workspace.knowledge.profile(of: twin, clearance: clearance)
        try call.output.show(profile) {
            try call.output.details(
                Details([
                    "sources": "\(profile.totalSources)", "chunks": "\(profile.totalChunks)", "facts": "\(profile.factCount)",
                    "opinions": "\(profile.opinionCount)", "tone": StyledText(profile.topTone),
                ]))
            guard call.output.isTerminal, !profile.tones.isEmpty else { return }
            try call.output.line()
            let bars = BarChart(profile.tones.map(\.count))
            var table = Table(.text("TONE"), .number("CHUNKS"), .text(""))
            for entry in profile.tones {
                table.add(StyledText(entry.tone), "\(entry.count)", "\(bars.bar(entry.count), .cyan)")
            }
            try call.output.table(table)
        }
        return .done
    }
}
