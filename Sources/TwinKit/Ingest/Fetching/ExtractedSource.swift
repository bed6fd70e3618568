import TwinReaders
import TwinSupport

/// A document that a reader of the network has made text of.
package struct ExtractedSource: Sendable {
    package enum Kind: String, Sendable {
        case youTube = "youtube"
        case podcast, x
    }
    package var kind: Kind
    /// What the source is called: `YouTube: <title>`, `Podcast: <episode's title>`, `X: <author>`.
    package var name: String
    /// Where people find it; the same for the same video, episode or post every time.
    package var address: String
    package var document: ExtractedDocument
}

extension ReadFailure {
    /// The failure of what `name` gave, as every door renders it.
    func twinError(_ name: String) -> TwinError {
        switch self {
        case .tooLarge: TwinError(.limitReached, "\(name) is \(message)")
        case .missingTool: TwinError(.notConfigured, message)
        case .unsupported, .malformed, .toolFailed: TwinError(.failed, "\(name) is \(message)")
        case .readerFailed: TwinError(.failed, "\(name) could not be read: \(message)")
        }
    }
}
