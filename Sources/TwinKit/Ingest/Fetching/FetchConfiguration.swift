import TwinHTTP
import TwinReaders

/// How documents are fetched from the network. Every address in it can be changed, for mirrors and for tests.
package struct FetchConfiguration: Sendable {
    /// What the program calls itself to the servers that it asks.
    package var userAgent = "twin (fetches documents that its user asks for)"
    /// Which addresses may be connected to. `AddressPolicy.any` also reaches private networks.
    package var addresses = AddressPolicy.public
    package var limits = ClientLimits()
    /// What a recording may weigh that is fetched to be transcribed, in bytes.
    package var maximumAudioBytes = 100 << 20
    /// Where videos are watched: scheme, host and port.
    package var youTubeURL = "https://www.youtube.com"
    /// The oEmbed endpoint of X.
    package var xEmbedURL = "https://publish.twitter.com/oembed"
    /// The `yt-dlp` program, a name looked up in `PATH` or a path; none switches it off.
    package var captionTool: String? = "yt-dlp"
    /// The languages in which captions are wanted, the best first, as BCP 47 tags.
    package var captionLanguages = ["en"]
    /// How many episodes of a podcast are read, the newest first.
    package var maximumEpisodes = 1
    /// Who reads what was fetched.
    package var reading: any DocumentReading = InProcessReading()
    package init() {}
}
