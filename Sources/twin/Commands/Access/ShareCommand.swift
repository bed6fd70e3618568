import TwinKit
import TwinSupport

enum ShareCommand {
    static let command = Command(
        "share", summary: "Let anyone with a link ask a twin",
        discussion: """
            Whoever follows the link gets the public access group, else the default one. The link begins with the address under \
            which 'twin serve' is reached, which is the setting serve.public_url, or with the setting frontend.url where a \
            front end has a page of its own for it.
            """,
        examples: [
            Example("twin share on", "print the link, creating one if needed"),
            Example("twin share rotate", "a new link; the old one stops working at once"),
        ],
        alsoCalled: ["sharing", "link"], subcommands: [show, rotate, on, off, validate])

    private static let exits: [ExitCode] = [.notConfigured, .notFound]

    static let show = Command(
        "show", summary: "Show the link and whether it works", examples: [Example("twin share show --json", "for a script")],
        options: [.twin], exits: exits, alsoCalled: ["get"],
        run: { call in try print(call) { links, twin in try links.get(twin) } })

    static let rotate = Command(
        "rotate", summary: "Create a new link; the old one stops working at once",
        discussion: "Sharing stays on or off as it was.", examples: [Example("twin share rotate", "when the link has leaked")],
        options: [.twin], exits: exits, alsoCalled: ["new", "renew"],
        run: { call in try print(call) { links, twin in try links.rotate(twin, by: AuditLog.localActor) } })

    static let on = Command(
        "on", summary: "Turn sharing on", examples: [Example("twin share on --expires-days 30", "for a month")],
        options: [.twin, .int("expires-days", in: 0...36_500, help: "The link expires after this many days; 0 means never")],
        exits: exits,
        alsoCalled: ["enable"],
        run: { call in
            try print(call) { links, twin in
                if let days = call.int("expires-days") {
                    _ = try links.setExpiry(
                        twin, days == 0 ? nil : Clock.now.adding(seconds: Double(days) * 86_400), by: AuditLog.localActor)
                }
                if try links.get(twin).token == nil { _ = try links.rotate(twin, by: AuditLog.localActor) }
                return try links.setEnabled(twin, true, by: AuditLog.localActor)
            }
        })

    static let off = Command(
        "off", summary: "Turn sharing off; the link is kept for later", examples: [Example("twin share off", "nobody gets in")],
        options: [.twin], exits: exits, alsoCalled: ["disable"],
        run: { call in try print(call) { links, twin in try links.setEnabled(twin, false, by: AuditLog.localActor) } })

    static let validate = Command(
        "validate", summary: "Say whether a link opens the twin, and if not, why",
        examples: [Example("twin share validate http://127.0.0.1:8000/share/TWIN/TOKEN", "a link somebody sent")],
        arguments: [Argument("LINK", help: "The link, or its token alone")], options: [.twin], exits: exits,
        alsoCalled: ["check"],
        run: validateLink)

    private static func print(_ call: Invocation, _ change: (ShareLinks, Twin) throws -> ShareLink) throws -> ExitCode {
        let workspace = try call.workspace()
        let link = try change(workspace.shareLinks, try call.twin(in: workspace))
        try call.output.show(link) {
            if let url = link.url { try call.output.line(StyledText(url)) }
            let end = link.expiresAt.map { $0 <= Clock.now ? ", but the link has expired" : " until \(Format.date($0))" } ?? ""
            call.output.note(
                link.url == nil
                    ? "There is no link; 'twin share on' makes one."
                    : link.isEnabled ? "Sharing is on\(end)." : "Sharing is off; 'twin share on' turns it on.")
        }
        return .done
    }

    private static func validateLink(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        // A link ends in /share/TWIN/TOKEN.
        let parts = try call.required("LINK").prefix { $0 != "?" && $0 != "#" }.split(separator: "/").map(String.init)
        let isLink = parts.count >= 3 && parts[parts.count - 3] == "share"
        let twinID = isLink ? parts[parts.count - 2] : try call.twin(in: workspace).id
        switch try workspace.shareLinks.check(twinID: twinID, token: Secret(parts.last ?? "")) {
        case .success(let twin):
            try call.output.show(JSON.object(["valid": true, "twin_id": .string(twin.id), "twin_name": .string(twin.name)])) {
                try call.output.line("the link opens \(twin.name, .bold)")
            }
            return .done
        case .failure(let failure): throw TwinError(.notFound, "the link does not work: \(words(failure.reason))")
        }
    }

    private static func words(_ reason: ShareLinks.Failure.Reason) -> String {
        switch reason {
        case .twinNotFound: "there is no such twin"
        case .twinArchived: "the twin is archived"
        case .sharingDisabled: "sharing is off; 'twin share on' turns it on"
        case .tokenMismatch: "its token is not the current one, which 'twin share show' prints"
        case .expired: "it has expired"
        }
    }
}
