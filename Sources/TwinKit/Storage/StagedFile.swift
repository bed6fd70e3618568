import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A file on its way into storage: written under a name that nobody looks for, hashed as it comes, and removed when the last
/// reference goes unless it was moved to its place.
package final class StagedFile: Sendable {
    package let path: String
    package let size: Int
    /// SHA-256.
    package let digest: [UInt8]

    private init(path: String, size: Int, digest: [UInt8]) {
        self.path = path
        self.size = size
        self.digest = digest
    }

    deinit { unlink(path) }

    /// Writes what `produce` hands over to a new file in `folder`. Throws `TwinError` (`limitReached`) above `maximumBytes`, and
    /// what `produce` throws.
    package static func write(
        in folder: String, maximumBytes: Int, _ produce: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws -> StagedFile {
        try AtomicFile.makeFolder(folder)
        let path = folder + "/" + Base64.url.encode(Crypto.random(count: 15))
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw error() }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(path) }
        }
        var hash = try SHA256()
        var size = 0
        try produce { bytes in
            size += bytes.count
            guard size <= maximumBytes else { throw tooLarge(maximumBytes) }
            try hash.update(bytes)
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw error() }
                written += count
            }
        }
        // What a row names has to be on the disk before the row is.
        guard fsync(descriptor) == 0 else { throw error() }
        isWhole = true
        return StagedFile(path: path, size: size, digest: try hash.finish())
    }

    /// Stages bytes that are in memory. Throws `TwinError` (`limitReached`) for more than `maximumBytes`.
    package static func write(in folder: String, maximumBytes: Int, _ bytes: [UInt8]) throws -> StagedFile {
        try write(in: folder, maximumBytes: maximumBytes) { append in try bytes.withUnsafeBytes { try append($0) } }
    }

    /// Takes over a file that lies on the disk already, such as an upload: by a second name for it in `folder` where both are on
    /// one file system, else by a copy. The file keeps its first name too, for its owner to remove.
    package static func adopt(_ source: String, in folder: String, maximumBytes: Int) throws -> StagedFile {
        try AtomicFile.makeFolder(folder)
        guard FileContents.size(source) <= maximumBytes else { throw tooLarge(maximumBytes) }
        let path = folder + "/" + Base64.url.encode(Crypto.random(count: 15))
        guard link(source, path) == 0 else {
            return try write(in: folder, maximumBytes: maximumBytes) { append in
                try FileContents.forEachPiece(of: source) { piece in try piece.withUnsafeBytes { try append($0) } }
            }
        }
        var isWhole = false
        defer { if !isWhole { unlink(path) } }
        var hash = try SHA256()
        var size = 0
        try FileContents.forEachPiece(of: path) { piece in
            size += piece.count
            try hash.update(piece)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, chmod(path, 0o600) == 0 else { throw error() }
        isWhole = true
        return StagedFile(path: path, size: size, digest: try hash.finish())
    }

    private static func tooLarge(_ maximum: Int) -> TwinError {
        TwinError(.limitReached, "it is larger than the limit of \(maximum >> 20) MiB")
    }

    private static func error() -> TwinError { TwinError(systemError: errno, "a file could not be stored") }
}
