import TwinSupport

/// An archive as the folder that it was made of: each document in it is a part that is named by its path. Archives inside of archives,
/// hidden files, and what programs keep for themselves are left out and said.
struct ArchiveReader {
    private var builder: DocumentBuilder
    private let limits: ReaderLimits
    private var budget: Int
    private var notices: [String] = []
    private var leftOut: [String: Int] = [:]
    private var count = 0

    /// Documents of one archive that are read.
    private static let maximumDocuments = 2_000

    static func readZip(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var package = try PackageReader(bytes, limits: limits)
        var reader = ArchiveReader(limits)
        if let users = package.names.sorted(by: { $0.utf8.count < $1.utf8.count }).first(where: {
            $0 == "users.json" || $0.hasSuffix("/users.json")
        }), let data = try? package.data(users) {
            reader.people = ChatPeople.read(data)
        }
        for name in package.names.sorted() where reader.wants(name) {
            do throws(ReadFailure) {
                if let data = try package.data(name) { reader.add(name, data) }
            } catch {
                reader.leave(error.message)
            }
        }
        return try reader.finish()
    }

    static func readTar(_ bytes: [UInt8], limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        var reader = ArchiveReader(limits)
        try bytes.withView { (view) throws(ReadFailure) in
            var index = 0
            var longName: String?
            var seen = 0
            while index + 512 <= view.count, view[index] != 0 {
                seen += 1
                guard seen <= limits.maximumEntries else { throw .tooLarge("it has more than \(limits.maximumEntries) members") }
                let head = view.slice(index, index + 512)
                guard head.hasPrefix("ustar", at: 257), let size = Self.octal(head.slice(124, 136)),
                    size <= view.count - index - 512
                else {
                    throw .malformed("its directory is broken; the archive may be cut off")
                }
                let content = view.slice(index + 512, index + 512 + size)
                index += 512 + (size + 511) / 512 * 512
                let (prefix, name) = (Self.text(head.slice(345, 500)), Self.text(head.slice(0, 100)))
                switch head[156] {
                case UInt8(ascii: "L"): longName = Self.text(content)
                case UInt8(ascii: "x"): longName = Self.path(content) ?? longName
                case 0, UInt8(ascii: "0"):
                    // GNU tar keeps other things where the newer form has the beginning of the path.
                    let path = longName ?? (prefix.isEmpty || head[262] == 0x20 ? name : "\(prefix)/\(name)")
                    longName = nil
                    if reader.wants(path) { reader.add(path, Array(content.contents)) }
                default: longName = nil
                }
            }
        }
        return try reader.finish()
    }

    private init(_ limits: ReaderLimits) {
        builder = DocumentBuilder(limits: limits)
        self.limits = limits
        budget = limits.maximumUnpackedBytes
    }

    private static func octal(_ field: ByteView) -> Int? {
        var result = 0
        for byte in field.trimmed.contents {
            if byte == 0 || byte == 0x20 { break }
            guard (0x30...0x37).contains(byte), result < 1 << 40 else { return nil }
            result = result * 8 + Int(byte - 0x30)
        }
        return result
    }

    private static func text(_ field: ByteView) -> String { field.slice(0, field.first(0, from: 0) ?? field.count).string }

    /// The path in a header of the extended form (POSIX pax): `length path=value`.
    private static func path(_ content: ByteView) -> String? {
        for line in content.contents.split(separator: 0x0A) {
            guard let space = line.firstIndex(of: 0x20) else { continue }
            let rest = line[extent(line.index(after: space), line.endIndex)]
            if rest.starts(with: "path=".utf8) { return Array(rest.dropFirst(5)).string }
        }
        return nil
    }

    /// Names of people whom messages in the archive name by a number.
    private var people: [String: String] = [:]

    private mutating func leave(_ reason: String) {
        if leftOut.count < 50 || leftOut[reason] != nil { leftOut[reason, default: 0] += 1 }
    }

    private mutating func wants(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard !path.hasSuffix("/"), let name = parts.last else { return false }
        if parts.contains(where: { $0.hasPrefix(".") && $0 != "." || $0 == "__MACOSX" }) {
            leave("hidden files")
            return false
        }
        if let folder = parts.dropLast().first(where: { DependencyFolders.names.contains(String($0)) }) {
            leave("files of dependencies (\(folder))")
            return false
        }
        if ["zip", "tar", "tgz", "gz", "7z", "rar"].contains(FormatDetection.fileExtension(String(name))) {
            leave("archives inside of the archive")
            return false
        }
        guard count < Self.maximumDocuments else {
            leave("files past the first \(Self.maximumDocuments)")
            return false
        }
        return !builder.isFull
    }

    private mutating func add(_ path: String, _ bytes: [UInt8]) {
        guard bytes.count <= budget else {
            return leave("files past the limit of \(ReaderLimits.size(limits.maximumUnpackedBytes))")
        }
        budget -= bytes.count
        do throws(ReadFailure) {
            var limits = limits
            limits.maximumUnpackedBytes = max(0, budget)
            var input = DocumentInput(name: path.split(separator: "/").last.map(String.init) ?? path, bytes: bytes)
            if ChatPeople.isDay(path) { input.people = people }
            let document = try DocumentReaders.read(input, limits: limits)
            count += 1
            builder.endParagraph()
            builder.mark(.part(String(path.suffix(200))))
            builder.mark(.prose)
            // Parts of a part become its headings' own names.
            var inner = document
            inner.marks.removeAll { if case .part = $0.kind { true } else { false } }
            builder.append(inner)
            for notice in document.notices where notices.count < 20 { notices.append("\(path.suffix(100)): \(notice)") }
        } catch {
            leave(error.message)
        }
    }

    private consuming func finish() throws(ReadFailure) -> ExtractedDocument {
        let (notices, leftOut) = (notices, leftOut)
        var document = try builder.finish()
        document.notices =
            leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20).map { "\($0.value) left out: \($0.key)" }
            + notices
        return document
    }
}
