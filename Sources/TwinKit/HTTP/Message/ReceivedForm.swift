#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A file that a client sent, in a temporary file that is removed when the last reference to it goes.
package final class UploadedFile: Sendable {
    /// The name the client gave, without any folder: a label, never a path to write to.
    package let filename: String
    /// As the client stated it, which proves nothing; nil where it stated none.
    package let contentType: String?
    /// In bytes.
    package let size: Int
    /// Where the content lies.
    package let path: String

    init(filename: String, contentType: String?, size: Int, path: String) {
        self.filename = filename
        self.contentType = contentType
        self.size = size
        self.path = path
    }

    deinit { unlink(path) }
}

/// How much a form may hold. All sizes are bytes.
package struct ReceivedFormLimits: Sendable {
    /// Fields and files together; past any of these the form is refused with 413.
    package var parts = 64
    package var fieldSize = 1_048_576
    package var fileSize = 1_073_741_824

    package init() {}
}

/// The fields and files of a `multipart/form-data` request (RFC 7578). Files go to disk as they come, so that memory does
/// not depend on their size.
package struct ReceivedForm: Sendable {
    package private(set) var fields: [(name: String, value: String)] = []
    package private(set) var files: [(name: String, file: UploadedFile)] = []

    /// The first field with this name.
    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The first file with this name.
    package func file(_ name: String) -> UploadedFile? { files.first { $0.name == name }?.file }

    /// Reads the form of `request`, with its files in `directory`, where only this user can read them. Throws `HTTPError` 400
    /// for what is no form and 413 for what is too large, and a `TwinError` when the disk fails; nothing stays on disk then.
    package init(_ request: Request, directory: String = ScratchFolder.base, limits: ReceivedFormLimits = ReceivedFormLimits())
        throws
    {
        var parser = MultipartParser(boundary: try MultipartParser.boundary(contentType: request.headers["content-type"]))
        var part: Part?
        var fields = fields
        var files = files
        try request.body.forEachPiece { bytes in
            try parser.parse(bytes) { event in
                switch event {
                case .begin(let header):
                    guard fields.count + files.count < limits.parts else {
                        throw HTTPError(.contentTooLarge, "The form has more than \(limits.parts) parts")
                    }
                    part = try Part(header, directory: directory, limits: limits)
                case .content(let content): try part?.append(content)
                case .end:
                    if let file = try part?.file() {
                        files.append(file)
                    } else if let field = part?.field() {
                        fields.append(field)
                    }
                    part = nil
                }
            }
        }
        try parser.finish()
        self.fields = fields
        self.files = files
    }

    /// One part while it comes.
    private final class Part {
        private let name: String
        private let filename: String?
        private let contentType: String?
        private let limits: ReceivedFormLimits
        private var bytes: [UInt8] = []
        private var size = 0
        private var path = ""
        private var descriptor: Int32 = -1
        private var isTaken = false

        init(_ header: [HeaderField], directory: String, limits: ReceivedFormLimits) throws {
            guard let disposition = header["content-disposition"].flatMap({ FieldValue($0) }),
                disposition.value.equalsIgnoringCase("form-data"), let name = disposition["name"]
            else { throw HTTPError(.badRequest, "A part must have a Content-Disposition of form-data with a name") }
            self.name = Self.decode(name)
            filename = disposition["filename"].map { Self.lastComponent(Self.decode($0)) }
            contentType = header["content-type"]
            self.limits = limits
            guard filename != nil else { return }
            var template = Array("\(directory)/upload-XXXXXX".utf8CString)
            descriptor = mkstemp(&template)
            guard descriptor >= 0 else { throw Self.diskError() }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit {
            if descriptor >= 0 { close(descriptor) }
            if !path.isEmpty, !isTaken { unlink(path) }
        }

        func append(_ content: UnsafeRawBufferPointer) throws {
            size += content.count
            let limit = filename == nil ? limits.fieldSize : limits.fileSize
            guard size <= limit else {
                throw HTTPError(.contentTooLarge, "The part \(name) is larger than \(limit) bytes")
            }
            if filename == nil { return bytes.append(contentsOf: content) }
            var rest = content
            while !rest.isEmpty {
                let count = write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.diskError() }
                rest = rest.part(count, rest.count)
            }
        }

        func file() throws -> (name: String, file: UploadedFile)? {
            guard let filename else { return nil }
            guard close(descriptor) == 0 else { throw Self.diskError() }
            descriptor = -1
            isTaken = true
            return (name, UploadedFile(filename: filename, contentType: contentType, size: size, path: path))
        }

        func field() -> (name: String, value: String) { (name, String(decoding: bytes, as: UTF8.self)) }

        /// WHATWG HTML section 4.10.21.8 writes quotes and line breaks in names as `%22`, `%0D` and `%0A`.
        private static func decode(_ name: String) -> String {
            var name = name
            for (code, text) in [("%22", "\""), ("%0D", ""), ("%0A", " ")] where name.contains(code) {
                name = name.split(separator: code, omittingEmptySubsequences: false).joined(separator: text)
            }
            return name
        }

        private static func lastComponent(_ name: String) -> String {
            let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
            let printable = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
            return [".", "..", ""].contains(printable) ? "upload" : printable
        }

        private static func diskError() -> TwinError { TwinError(systemError: errno, "An upload could not be stored") }
    }
}
