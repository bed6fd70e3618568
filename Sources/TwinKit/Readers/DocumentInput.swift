/// A document's bytes with what is known of them.
package struct DocumentInput: Sendable {
    /// The file's name, or the last component of its URL.
    package var name: String
    package var bytes: [UInt8]
    /// The HTTP content type with its parameters, for example `text/html; charset=iso-8859-1`.
    package var mediaType: String?
    /// The format to read it as, whatever it looks like.
    package var format: DocumentFormat?
    /// The character set of its bytes, as a person states it.
    package var charset: String?
    /// How people are called whom the document names by a number.
    var people: [String: String] = [:]
    /// The file itself, when there is one, for converters that read files.
    package var path: String?

    package init(name: String, bytes: [UInt8], mediaType: String? = nil, format: DocumentFormat? = nil, path: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.mediaType = mediaType
        self.format = format
        self.path = path
    }
}
