/// A document that a reader of the network has made text of.
public struct ExtractedSource: Sendable {
    public enum Kind: String, Sendable { case youTube = "youtube", podcast, x }
    public var kind: Kind
    /// What the source is called: `YouTube: <title>`, `Podcast: <episode's title>`, `X: <author>`.
    public var name: String
    /// Where people find it; the same for the same video, episode or post every time.
    public var address: String
    public var document: ExtractedDocument
}

extension ReadFailure {
    /// The failure of what `name` gave, as every door renders it.
    func twinError(_ name: String) -> TwinError {
        switch self {
        case .tooLarge: TwinError(.limitReached, "\(name) is \(message)")
        case .missingTool: TwinError(.notConfigured, message)
        case .unsupported, .malformed, .toolFailed: TwinError(.failed, "\(name) is \(message)")
        }
    }
}
