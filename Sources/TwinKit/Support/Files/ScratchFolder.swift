#if canImport(Glibc)
    import Glibc
#endif

/// A folder for one task that nobody else can read, removed with what is in it when the value goes.
package final class ScratchFolder: Sendable {
    package let path: String

    /// The system's folder for temporary files: `TMPDIR`, else `/tmp`.
    package static var base: String {
        getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// Throws `TwinError` when the system's folder for temporary files is full or read-only.
    package init() throws {
        let base = Self.base
        var template = "\(base)/twin-XXXXXX".utf8CString
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else {
            throw TwinError(systemError: errno, "no temporary folder can be made in \(base)")
        }
        path = made
    }

    /// The names of what is in it, in no order.
    package var fileNames: [String] { FolderEntries.names(path) }

    deinit {
        for name in fileNames { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
