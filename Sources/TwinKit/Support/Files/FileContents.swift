#if canImport(Glibc)
    import Glibc
#endif

/// A file's bytes as of one moment, with what tells next time that they are still the same.
package struct FileContents {
    package var bytes: [UInt8]
    package var size: Int
    /// Device, inode, size and times; none when the file changed so shortly before that a later change could look the same.
    package var identity: String?

    /// Two changes closer together than this may carry the same time: the kernel's clock for files ticks every 4 to 10 ms.
    private static let clockTick: Int64 = 50_000_000

    /// What tells that the file at `path` has not changed, without reading it.
    package static func identity(at path: String) -> String? {
        var status = stat()
        guard stat(FilePath.system(path), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return identity(status)
    }

    /// The device of the file system that a path is on; none when the path cannot be looked at.
    package static func device(at path: String) -> String? {
        var status = stat()
        return stat(FilePath.system(path), &status) == 0 ? "\(status.st_dev)" : nil
    }

    /// The device that the file was on when `identity` was taken.
    package static func device(inIdentity identity: String?) -> String? {
        identity?.split(separator: ":").first.map(String.init)
    }

    private static func identity(_ status: stat) -> String {
        "\(status.st_dev):\(status.st_ino):\(status.st_size):\(nanoseconds(status.st_mtim)):\(nanoseconds(status.st_ctim))"
    }

    private static func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }

    /// Reads the file at `path`. Throws `TwinError`: missing, not permitted, larger than `maximumBytes`, or changed
    /// while it was read.
    package static func read(_ path: String, maximumBytes: Int) throws -> FileContents {
        let descriptor = open(FilePath.system(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path, errno) }
        defer { close(descriptor) }
        // A file that is being written may be whole a moment later.
        for attempt in 0..<2 {
            var before = stat()
            guard fstat(descriptor, &before) == 0 else { throw error(path, errno) }
            if before.st_mode & S_IFMT == S_IFDIR { throw error(path, EISDIR) }
            guard before.st_size <= maximumBytes else { throw tooLarge(path, maximumBytes) }
            let bytes = try readToEnd(descriptor, expected: Int(before.st_size), maximumBytes: maximumBytes, path: path)
            var after = stat()
            guard fstat(descriptor, &after) == 0 else { throw error(path, errno) }
            let isRegular = before.st_mode & S_IFMT == S_IFREG
            if !isRegular || (identity(before) == identity(after) && bytes.count == Int(after.st_size)) {
                var now = timespec()
                clock_gettime(CLOCK_REALTIME, &now)
                let isSettled = nanoseconds(now) - nanoseconds(after.st_ctim) > clockTick
                return FileContents(bytes: bytes, size: bytes.count, identity: isRegular && isSettled ? identity(after) : nil)
            }
            if attempt == 0 {
                usleep(20_000)
                lseek(descriptor, 0, SEEK_SET)
            }
        }
        throw TwinError(.busy, "the file changed while it was read; run the command again when nobody writes to it")
    }

    /// Reads `descriptor` to its end, at most `maximumBytes`.
    package static func readToEnd(_ descriptor: Int32, expected: Int, maximumBytes: Int, path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected, so that a file that keeps its size is read to its end without growing the buffer.
        var room = max(expected, 65_536) + 1
        while true {
            let count = try [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                var filled = 0
                while filled < buffer.count {
                    let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
                    if got < 0 {
                        if errno == EINTR { continue }
                        initialized = 0
                        throw error(path, errno)
                    }
                    if got == 0 { break }
                    filled += got
                }
                initialized = filled
            }
            if bytes.isEmpty { bytes = count } else { bytes += count }
            if bytes.count > maximumBytes { throw tooLarge(path, maximumBytes) }
            if count.count < room { return bytes }
            room = 1 << 20
        }
    }

    private static func tooLarge(_ path: String, _ maximum: Int) -> TwinError {
        TwinError(
            .limitReached,
            "it is larger than \(maximum >> 20) MiB; split it, or raise the limit with 'twin config set ingest.max_file_mib N'")
    }

    static func error(_ path: String, _ code: Int32) -> TwinError {
        switch code {
        case ENOENT, ENOTDIR: TwinError(.notFound, "there is no such file or folder")
        case EACCES, EPERM: TwinError(.notPermitted, "it may not be read; check its permissions")
        case EISDIR: TwinError(.invalid, "it is a folder")
        case ELOOP: TwinError(.invalid, "its symbolic links go in a circle")
        default: TwinError(.failed, "it cannot be read: \(String(cString: strerror(code)).lowercasedFirst)")
        }
    }
}

extension FileContents {
    /// What a path leads to, links followed. `missing` says why: not there, or not to be reached.
    package enum PathKind {
        case file
        case folder
        case missing(TwinError)
    }

    /// What stands at a path; anything that is no folder counts as a file, so that a named pipe can be read.
    package static func kind(_ path: String) -> PathKind {
        var status = stat()
        guard stat(FilePath.system(path), &status) == 0 else { return .missing(error(path, errno)) }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    /// The size of the file at a path in bytes; 0 when it cannot be told.
    package static func size(_ path: String) -> Int {
        var status = stat()
        return stat(FilePath.system(path), &status) == 0 ? Int(status.st_size) : 0
    }

    /// Reads a file of any size from its beginning to its end, a piece of at most 256 KiB at a time. Throws `TwinError` and what
    /// `body` throws.
    package static func forEachPiece(of path: String, _ body: ([UInt8]) throws -> Void) throws {
        let descriptor = open(FilePath.system(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path, errno) }
        defer { close(descriptor) }
        var isAtEnd = false
        while true {
            let piece = try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if got < 0, errno != EINTR { throw error(path, errno) }
                count = max(0, got)
                isAtEnd = got == 0
            }
            if isAtEnd { return }
            if !piece.isEmpty { try body(piece) }
        }
    }

    /// Whether something stands at a path. A path that may not be looked at counts as there.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(FilePath.system(path), &status) == 0 || (errno != ENOENT && errno != ENOTDIR)
    }
}

extension FileContents {
    /// The first bytes of the file at `path`, fewer where it is shorter. Throws `TwinError`.
    package static func beginning(of path: String, _ count: Int) throws -> [UInt8] {
        let descriptor = open(FilePath.system(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error(path, errno) }
        defer { close(descriptor) }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < buffer.count {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw error(path, errno) }
                if got == 0 { return }
                filled += got
            }
        }
    }
}
