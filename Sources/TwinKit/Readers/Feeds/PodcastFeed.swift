import TwinSupport

/// What a feed says of its episodes: RSS 2.0 with the name spaces of podcasts, or Atom.
package struct PodcastFeed: Equatable, Sendable {
    /// A file that an episode points to.
    package struct Link: Equatable, Sendable {
        package var address: String
        /// The media type, in lower case and without parameters.
        package var type: String
    }

    /// An episode as its feed tells of it; nil is what the feed leaves out. Nothing of it has been fetched.
    package struct Episode: Equatable, Sendable {
        package var title: String?
        /// What identifies the episode in its feed.
        package var guid: String?
        package var link: String?
        /// RFC 3339.
        package var publishedAt: String?
        package var author: String?
        /// Notes as HTML or plain text.
        package var notes: String?
        package var audio: Link?
        package var transcripts: [Link] = []
    }

    package var title: String?
    package var author: String?
    package var language: String?
    /// The newest first where all have a date, else as they stand in the feed.
    package var episodes: [Episode] = []

    /// Episodes that are kept of one feed; a daily show fills them in thirteen years.
    static let maximumEpisodes = 5000

    /// Whether there is more to it than the notes, so that it is a podcast and no other feed.
    var isPodcast: Bool { episodes.contains { $0.audio != nil || !$0.transcripts.isEmpty } }

    init(_ bytes: [UInt8], limits: ReaderLimits = ReaderLimits()) throws(ReadFailure) {
        let decoded = TextDecoding.decode(bytes, charset: nil).bytes
        self = try decoded.withView { (view) throws(ReadFailure) in try PodcastFeed(XMLReader(view, limits: limits)) }
        if episodes.allSatisfy({ $0.publishedAt != nil }) {
            // Sorted by text: all are RFC 3339 in UTC. The index keeps the feed's order among episodes of one moment.
            episodes = episodes.enumerated()
                .sorted { ($1.element.publishedAt ?? "", $0.offset) < ($0.element.publishedAt ?? "", $1.offset) }.map(
                    \.element)
        }
    }

    private init(_ start: XMLReader) throws(ReadFailure) {
        var reader = start
        guard try reader.next() != nil, ["rss", "feed", "RDF"].contains(reader.name) else {
            throw .malformed("a feed that is neither RSS nor Atom")
        }
        while let event = try reader.next() {
            guard event == .start else { continue }
            switch (reader.prefix, reader.name) {
            case ("", "channel"): break
            case ("", "item"), ("", "entry"):
                let episode = try Self.episode(&reader)
                if episodes.count < Self.maximumEpisodes { episodes.append(episode) }
            case ("", "title"): title = try reader.elementText().nonBlank ?? title
            case ("", "language"): language = try reader.elementText().nonBlank ?? language
            case ("itunes", "author"): author = try reader.elementText().nonBlank ?? author
            // What else the channel holds, its picture and categories, has titles of its own.
            default: try reader.skipElement()
            }
        }
    }

    private static func episode(_ reader: inout XMLReader) throws(ReadFailure) -> Episode {
        var episode = Episode()
        // The best of several elements with notes: the fullest kind wins, not the longest text.
        var notesRank = 0
        func note(_ text: String, _ rank: Int) {
            guard rank > notesRank, let text = text.nonBlank else { return }
            episode.notes = text
            notesRank = rank
        }
        let outside = reader.depth - 1
        while reader.depth > outside {
            guard let event = try reader.next() else { break }
            guard event == .start else { continue }
            switch (reader.prefix, reader.name) {
            case ("", "title"): episode.title = try reader.elementText().nonBlank
            case ("itunes", "title"):
                let title = try reader.elementText().nonBlank
                episode.title = episode.title ?? title
            case ("", "guid"), ("", "id"): episode.guid = try reader.elementText().nonBlank
            case ("", "pubDate"), ("", "published"), ("dc", "date"):
                let stated = try reader.elementText()
                episode.publishedAt = StatedDate.rfc3339(stated) ?? episode.publishedAt
            case ("itunes", "author"), ("dc", "creator"): episode.author = try reader.elementText().nonBlank
            case ("content", "encoded"): try note(reader.elementText(), 4)
            case ("", "content"): try note(reader.elementText(), 3)
            case ("", "description"): try note(reader.elementText(), 2)
            case ("", "summary"), ("itunes", "summary"): try note(reader.elementText(), 1)
            case ("", "enclosure"): episode.audio = episode.audio ?? link(reader, address: "url", audioOnly: true)
            case ("podcast", "transcript"):
                if let found = link(reader, address: "url", audioOnly: false), episode.transcripts.count < 20 {
                    episode.transcripts.append(found)
                }
            case ("", "link"):
                if let address = reader.attribute("href") {
                    switch reader.attribute("rel") {
                    case "enclosure": episode.audio = episode.audio ?? link(reader, address: "href", audioOnly: true)
                    case nil, "alternate": episode.link = address
                    default: break
                    }
                } else {
                    episode.link = try reader.elementText().nonBlank
                }
            default: break
            }
        }
        return episode
    }

    private static func link(_ reader: XMLReader, address: StaticString, audioOnly: Bool) -> Link? {
        guard let url = reader.attribute(address)?.trimmed.nonBlank else { return nil }
        let type = (reader.attribute("type") ?? "").prefix { $0 != ";" }.lowercased().trimmed
        // A video has sound too; a picture or a document has none.
        if audioOnly && !type.isEmpty && !type.hasPrefix("audio/") && !type.hasPrefix("video/") { return nil }
        return Link(address: url, type: type)
    }
}

extension PodcastFeed {
    /// As a reader's report carries it.
    var json: JSON {
        [
            "title": .optional(title), "author": .optional(author), "language": .optional(language),
            "episodes": .array(episodes.map(\.json)),
        ]
    }

    init(_ json: JSON) {
        title = json["title"]?.stringValue
        author = json["author"]?.stringValue
        language = json["language"]?.stringValue
        episodes = (json["episodes"]?.arrayValue ?? []).map(Episode.init)
    }
}

extension PodcastFeed.Episode {
    fileprivate var json: JSON {
        [
            "title": .optional(title), "guid": .optional(guid), "link": .optional(link), "published": .optional(publishedAt),
            "author": .optional(author), "notes": .optional(notes), "audio": audio?.json ?? .null,
            "transcripts": .array(transcripts.map(\.json)),
        ]
    }

    fileprivate init(_ json: JSON) {
        title = json["title"]?.stringValue
        guid = json["guid"]?.stringValue
        link = json["link"]?.stringValue
        publishedAt = json["published"]?.stringValue
        author = json["author"]?.stringValue
        notes = json["notes"]?.stringValue
        audio = json["audio"].flatMap(PodcastFeed.Link.init)
        transcripts = (json["transcripts"]?.arrayValue ?? []).compactMap(PodcastFeed.Link.init)
    }
}

extension PodcastFeed.Link {
    fileprivate var json: JSON { ["address": .string(address), "type": .string(type)] }

    fileprivate init?(_ json: JSON) {
        guard let address = json["address"]?.stringValue, let type = json["type"]?.stringValue else { return nil }
        self.init(address: address, type: type)
    }
}
