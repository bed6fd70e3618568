import Glibc
import TwinSupport

/// Bytes in a file of their own that only this user can read, for a program that reads files.
struct TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws(ReadFailure) {
        let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array("\(folder)/twin-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw .toolFailed("no temporary file could be made in \(folder) (\(String(cString: strerror(errno))))")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        path = Array(template.dropLast().map { UInt8(bitPattern: $0) }).string
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                done += count
            }
            return true
        }
        guard written else {
            unlink(path)
            throw .toolFailed("a temporary file in \(folder) could not be written (\(String(cString: strerror(errno))))")
        }
    }

    func remove() { unlink(path) }
}
