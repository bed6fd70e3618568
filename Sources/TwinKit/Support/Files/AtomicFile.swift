#if canImport(Glibc)
    import Glibc
#endif

/// Writes whole files: under their name is always either the old content or the new.
package enum AtomicFile {
    /// Writes `bytes` to a file beside `path`, waits until they are on the disk and renames it. `mode` is of a new file;
    /// the default lets only the owner read it. Throws `TwinError`.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
        let temporary = "\(path).partial-\(getpid())"
        // One that an earlier process of this number left behind. What anybody else put there is never written through.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw error(path) }
        var isOpen = true
        defer {
            if isOpen { close(descriptor) }
            unlink(temporary)
        }
        try bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw error(path) }
                written += count
            }
        }
        guard fsync(descriptor) == 0 else { throw error(path) }
        isOpen = false
        guard close(descriptor) == 0, rename(temporary, path) == 0 else { throw error(path) }
    }

    /// Makes a folder with those above it, for the owner alone. Throws `TwinError`.
    package static func makeFolder(_ path: String) throws {
        var current = ""
        for part in path.split(separator: "/") {
            current += "/" + part
            if mkdir(current, 0o700) != 0, errno != EEXIST {
                // A folder above that exists may refuse mkdir for another reason than its absence.
                var status = stat()
                guard stat(current, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw error(current) }
            }
        }
    }

    private static func error(_ path: String) -> TwinError { TwinError(systemError: errno, "\(path) cannot be written") }
}
