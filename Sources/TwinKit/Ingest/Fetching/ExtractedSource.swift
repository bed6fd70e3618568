import TwinReaders
import TwinSupport

/// A document that a reader of the network has made text of.
package struct ExtractedSource: Sendable {
    package var kind: Source.Kind
    /// What the source is called: `YouTube: <title>`, `Podcast: <episode's title>`, `X: <author>`.
    package var name: String
    /// Where people find it; the same for the same video, episode or post every time.
    package var address: String
    package var document: ExtractedDocument
}

extension ReadFailure {
    /// The failure of what `name` gave, as every door renders it.
    func twinError(_ name: String) -> TwinError {
        let error = TwinError(self)
        switch self {
        case .missingTool: return error
        case .readerFailed: return TwinError(error.kind, "\(name) could not be read: \(message)")
        default: return TwinError(error.kind, "\(name) is \(message)")
        }
    }
}
