import TwinHTTP
import TwinSupport

/// What stands behind an address, as far as the address itself says. Hosts are compared whole, so that `notyoutube.com`
/// and `youtube.com.example.org` are ordinary pages.
package enum SourceKind: Sendable, Equatable {
    /// A document like any other. What it is in truth, a feed among other things, its content type says.
    case web
    /// A video with this identifier.
    case youTube(video: String)
    /// A post with this identifier.
    case x(post: String)
    /// A feed, going by the ending of its path.
    case feed

    /// What an address leads to, going by its host and path; `configuration` says which hosts stand in for YouTube.
    package static func of(_ address: WebAddress, configuration: FetchConfiguration = FetchConfiguration()) -> SourceKind {
        let host = bareHost(address.host)
        let isVideoHost =
            host == "youtube.com" || host == "youtube-nocookie.com"
            || (try? WebAddress(configuration.youTubeURL))?.hasSameOrigin(as: address) == true
        if isVideoHost, let video = watchedVideo(address) { return .youTube(video: video) }
        if host == "youtu.be", let video = address.pathSegments.first, isVideo(video) { return .youTube(video: video) }
        if host == "x.com" || host == "twitter.com", let post = post(address.pathSegments) { return .x(post: post) }
        return hasFeedEnding(address) ? .feed : .web
    }

    /// Whether a document with this content type is a feed.
    package static func isFeed(mediaType: String?) -> Bool {
        guard let type = mediaType?.prefix(while: { $0 != ";" }).filter({ !$0.isWhitespace }).lowercased() else {
            return false
        }
        return type == "application/rss+xml" || type == "application/atom+xml"
    }

    /// The host without the names that sites give their variants for telephones and the like.
    private static func bareHost(_ host: String) -> String {
        for prefix in ["www.", "m.", "music.", "mobile."] where host.hasPrefix(prefix) {
            return String(host.dropFirst(prefix.count))
        }
        return host
    }

    /// `/watch?v=ID`, `/shorts/ID`, `/live/ID`, `/embed/ID`, `/v/ID`.
    private static func watchedVideo(_ address: WebAddress) -> String? {
        let parts = address.pathSegments
        switch parts.first {
        case "watch" where parts.count == 1: return address.queryValues("v").first.flatMap { isVideo($0) ? $0 : nil }
        case "shorts", "live", "embed", "v", "e": return parts.count >= 2 && isVideo(parts[1]) ? parts[1] : nil
        default: return nil
        }
    }

    /// Identifiers of videos have eleven characters of URL base 64.
    static func isVideo(_ text: String) -> Bool {
        text.utf8.count == 11
            && text.utf8.allSatisfy {
                $0 < 0x80 && (letters.contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_"))
            }
    }

    /// `/NAME/status/ID` and `/i/web/status/ID`.
    private static func post(_ parts: [String]) -> String? {
        guard let index = parts.firstIndex(where: { $0 == "status" || $0 == "statuses" }), index >= 1,
            index + 1 < parts.count,
            (1...20).contains(parts[index + 1].utf8.count), parts[index + 1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return parts[index + 1]
    }

    private static func hasFeedEnding(_ address: WebAddress) -> Bool {
        guard let last = address.pathSegments.last?.lowercased() else { return false }
        return last.hasSuffix(".rss") || last.hasSuffix(".atom")
            || ["feed", "rss", "atom", "feed.xml", "rss.xml", "atom.xml", "podcast.xml"].contains(last)
    }

    private static let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
}
