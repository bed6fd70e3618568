import TwinSupport

/// Slack's export keeps a channel's messages in a file a day, and how people are called in `users.json` above the channels' folders.
enum ChatPeople {
    private static let maximumBytes = 16 << 20

    /// The names by number that `users.json` gives; none for another file.
    static func read(_ bytes: [UInt8]) -> [String: String] {
        guard let users = (try? JSONParser.parse(bytes))?.arrayValue else { return [:] }
        var names: [String: String] = [:]
        for user in users {
            guard let id = user["id"]?.stringValue else { continue }
            names[id] =
                [user["profile"]?["display_name"], user["real_name"], user["profile"]?["real_name"], user["name"]].lazy
                .compactMap { $0?.stringValue?.nonBlank }.first
        }
        return names
    }

    /// The same for a file of messages, which is called by its day.
    static func besides(_ path: String?) -> [String: String] {
        guard let path, path.hasPrefix("/"), isDay(path) else { return [:] }
        let above = path.split(separator: "/").dropLast(2).joined(separator: "/")
        guard let users = try? FileContents.read("/\(above)/users.json", maximumBytes: maximumBytes) else { return [:] }
        return read(users.bytes)
    }

    /// `…/2024-01-05.json`.
    static func isDay(_ path: String) -> Bool {
        let name = Array((path.split(separator: "/").last ?? "").utf8)
        guard name.count == 15, name.suffix(5).elementsEqual(".json".utf8) else { return false }
        return name.prefix(10).enumerated().allSatisfy { $0 == 4 || $0 == 7 ? $1 == UInt8(ascii: "-") : $1.isDigit }
    }
}
