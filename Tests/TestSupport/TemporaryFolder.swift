import FoundationEssentials
import Glibc
import TwinSupport

/// A folder of its own for a test, removed with everything in it when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/twin-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TwinError(.failed, "no temporary folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file, with the folders above it.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try AtomicFile.makeFolder(FilePath.folder(of: file(name)))
        try AtomicFile.write(bytes, to: file(name), mode: 0o644)
        return file(name)
    }
}
