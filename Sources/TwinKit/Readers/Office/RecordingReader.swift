import Glibc
import TwinSupport

/// Speech in recordings and videos through an installed `whisper`, or `whisper-cli` of whisper.cpp with the model that `WHISPER_MODEL`
/// names. Where a transcription endpoint is configured, ingestion asks that instead.
enum RecordingReader {
    static let advice =
        "a recording; it is written down where a transcription endpoint is configured (twin config set transcription.url URL) "
        + "or whisper is installed"

    static func read(_ input: DocumentInput, limits: ReaderLimits) throws(ReadFailure) -> ExtractedDocument {
        guard let (tool, path, arguments) = tool() else { throw .unsupported(advice) }
        let file = try TemporaryFile(input.bytes)
        defer { file.remove() }
        let name = file.path.split(separator: "/").last.map(String.init) ?? ""
        let folder = try TemporaryFolder()
        defer { folder.remove(limits) }
        let result = "\(folder.path)/\(name).vtt"
        let output =
            tool == "whisper-cli"
            ? arguments + ["-f", file.path, "-ovtt", "-of", "\(folder.path)/\(name)"]
            : arguments + [file.path, "--output_format", "vtt", "--output_dir", folder.path]
        let ended = try Converter(tool: tool, limits: limits).run(
            path, output, seconds: max(limits.converterSeconds, limits.maximumSeconds - 10))
        guard let captions = try? FileContents.read(result, maximumBytes: limits.maximumTextBytes) else {
            let reason = ended.errors.split(separator: "\n").last.map(String.init) ?? "status \(ended.status)"
            throw .toolFailed("\(tool) could not write down what is said (\(reason.prefix(200)))")
        }
        var document = try captions.bytes.withView { (view) throws(ReadFailure) in try CaptionReader.read(view, limits: limits) }
        document.notices.append("the words were written down by \(tool) and may hold mistakes")
        return document
    }

    private static func tool() -> (name: String, path: String, arguments: [String])? {
        if let path = Subprocess.find("whisper") { return ("whisper", path, []) }
        guard let path = Subprocess.find("whisper-cli"), let model = getenv("WHISPER_MODEL").map({ String(cString: $0) }),
            model.hasPrefix("/")
        else { return nil }
        return ("whisper-cli", path, ["-m", model])
    }
}

/// A folder of this user's own for a program that writes files.
struct TemporaryFolder {
    let path: String

    init() throws(ReadFailure) {
        let parent = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array("\(parent)/twin-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .toolFailed("no temporary folder could be made (\(String(cString: strerror(errno))))")
        }
        path = Array(template.dropLast().map { UInt8(bitPattern: $0) }).string
    }

    func remove(_ limits: ReaderLimits) { _ = try? Converter(tool: "rm", limits: limits).run("/bin/rm", ["-rf", "--", path]) }
}
