import TwinSupport

/// A picture that a model has drawn.
package struct Drawing: Sendable {
    /// The model that drew it, as the settings call it.
    package var model: String
    /// Its bytes where it was not kept.
    package var bytes: [UInt8]?
    package var kind: StoredName.Kind?
    package var located: Located?
    package var width: Int
    package var height: Int
    package var seconds: Double
    package var cost: Money

    /// The picture as an address that holds it; none where it is kept.
    package var dataAddress: String? {
        guard let bytes, let kind else { return nil }
        return "data:\(kind.mediaType);base64,\(Base64.standard.encode(bytes))"
    }
}
