import TwinDatabase
import TwinSupport

/// A tenant's support desk: which twin answers there, how its widget looks, whether it is open.
package struct Desk: Sendable, Equatable {
    package let tenantID: String
    package let name: String
    package let domain: String?
    package let isActive: Bool
    package let settings: JSONObject
    package let widget: WidgetSettings
    package let widgetKey: String
    let twinKey: Int64?
    let defaultAgentKey: Int64?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    static let columns = """
        t.id, t.name, d.domain, coalesce(d.is_active, 1), coalesce(d.settings, '{}'), coalesce(d.widget, '{}'),
        coalesce(d.widget_key, ''), d.twin_key, d.default_agent_key, t.created_at, coalesce(d.updated_at, t.created_at)
        """
    static let from = "FROM tenants t LEFT JOIN desks d ON d.tenant_id = t.id"

    init(_ row: Row) throws {
        tenantID = row.text(0)
        name = row.text(1)
        domain = row.optionalText(2)
        isActive = row.bool(3)
        settings = try row.object(4)
        widget = WidgetSettings(try row.object(5))
        widgetKey = row.text(6)
        twinKey = row.optionalInt(7).map(Int64.init)
        defaultAgentKey = row.optionalInt(8).map(Int64.init)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
    }

    /// A number of the desk's settings within a range; what is no such number counts as unsaid.
    func number(_ name: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let value = settings[name]?.intValue, range.contains(value) else { return fallback }
        return value
    }

    /// Questions of contacts a minute over time, and how many more may come at once. See `PacedLimit`.
    package var chatLimit: PacedLimit {
        PacedLimit(
            "desk:\(tenantID)", each: number("rate_per_minute", in: 1...100_000, default: 60),
            burst: number("rate_burst", in: 1...100_000, default: 40))
    }

    /// Requests a minute of one member of the staff, and of one contact.
    package var staffPace: Int { number("staff_rate_per_minute", in: 1...100_000, default: Self.defaultPace) }
    package var contactPace: Int { number("contact_rate_per_minute", in: 1...100_000, default: Self.defaultPace) }
    package static let defaultPace = 300
}

/// How a tenant's widget looks and whether it is there.
package struct WidgetSettings: Sendable, Equatable {
    package var isEnabled = true
    package var theme = "auto"
    package var primaryColor = "#3B82F6"
    package var position = "bottom-right"
    package var welcomeMessage = "Hello! How can I help?"
    package var placeholderText = "Type your message…"
    package var opensByItself = false
    /// Host names of the pages that may show it; empty is all.
    package var allowedDomains: [String] = []

    package static let themes = ["light", "dark", "auto"]
    package static let positions = ["bottom-right", "bottom-left", "top-right", "top-left"]

    package init() {}

    init(_ object: JSONObject) {
        isEnabled = object["enabled"]?.boolValue ?? isEnabled
        theme = object["theme"]?.stringValue ?? theme
        primaryColor = object["primary_color"]?.stringValue ?? primaryColor
        position = object["position"]?.stringValue ?? position
        welcomeMessage = object["welcome_message"]?.stringValue ?? welcomeMessage
        placeholderText = object["placeholder_text"]?.stringValue ?? placeholderText
        opensByItself = object["auto_open"]?.boolValue ?? opensByItself
        allowedDomains = object["allowed_domains"]?.arrayValue?.compactMap(\.stringValue) ?? allowedDomains
    }

    var stored: JSONObject {
        [
            "enabled": .bool(isEnabled), "theme": .string(theme), "primary_color": .string(primaryColor),
            "position": .string(position), "welcome_message": .string(welcomeMessage),
            "placeholder_text": .string(placeholderText), "auto_open": .bool(opensByItself),
            "allowed_domains": .strings(allowedDomains),
        ]
    }

    /// Domains as they are stored. Throws `TwinError` (`invalid`) for what no page's origin could match.
    package static func checkedDomains(_ domains: [String]) throws -> [String] {
        try domains.map { try KeyDomain($0).description }
    }

    /// Whether a page of this origin may show it; without an origin it is no page.
    package func allows(origin: String?) -> Bool {
        guard !allowedDomains.isEmpty, let origin else { return true }
        guard let host = KeyDomain.host(of: origin) else { return false }
        return allowedDomains.contains { KeyDomain.matches($0, host) }
    }
}
