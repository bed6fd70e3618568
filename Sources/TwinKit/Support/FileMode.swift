#if canImport(Glibc)
    import Glibc
#endif

/// Who else may read a file.
package enum FileMode {
    /// The permission bits of what a path leads to; 0 when there is nothing.
    package static func permissions(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// Takes `bits` away from a file's mode, for its owner or root. Throws `TwinError`.
    package static func remove(_ bits: mode_t, from path: String) throws {
        guard chmod(path, permissions(path) & ~bits) == 0 else {
            throw TwinError(systemError: errno, "the permissions of \(path) cannot be changed")
        }
    }

    /// As `chmod` takes it and `ls` does not show it: `0644`.
    package static func text(_ mode: mode_t) -> String {
        let octal = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - octal.count)) + octal
    }
}
