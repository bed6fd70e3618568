import TwinSupport

extension Ingestion {
    /// Ingests a file that was uploaded: the bytes are at `path`, and `filename` is what the uploader calls it. Uploading the
    /// same name again replaces the source; the same bytes again change nothing, unless `force` says so. Throws `TwinError`
    /// for a name that is none; what is wrong with the document is in the item and in the source's log.
    package func upload(
        _ path: String, filename: String, into twin: Twin, title: String? = nil, metadata: JSONObject = JSONObject(),
        force: Bool = false, clearance: Clearance = .everything, target: String? = nil, actor: String?,
        maximumFileBytes: Int = IngestRequest.defaultMaximumFileBytes,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> IngestItem {
        var request = IngestRequest(inputs: [.upload(path: path, name: try Self.checkedName(filename))], actor: actor)
        request.clearance = clearance
        request.target = target
        request.title = title
        request.metadata = metadata
        request.force = force
        request.retryFailed = true
        request.maximumFileBytes = maximumFileBytes
        // One file needs one thread, and the caller's is there.
        request.jobs = 1
        return try one(request, into: twin, isCancelled: isCancelled)
    }

    /// Longest name of an uploaded file in bytes, as file systems have it.
    private static let maximumNameBytes = 255

    /// The name without the folders that some clients send along. Throws `TwinError` when nothing sensible is left.
    static func checkedName(_ filename: String) throws -> String {
        let name = (filename.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "").trimmed
        guard !name.isEmpty, name != ".", name != ".." else {
            throw TwinError(.invalid, "the uploaded file has no name; send one in the field's filename")
        }
        guard name.utf8.count <= maximumNameBytes else {
            throw TwinError(.invalid, "the file's name has \(name.utf8.count) bytes; at most \(maximumNameBytes) are taken")
        }
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            throw TwinError(.invalid, "the file's name holds control characters; rename it")
        }
        return name
    }
}
