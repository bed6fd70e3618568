import CLinux
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Tells when something changes below folders. It holds a descriptor and is used by one thread.
package struct FolderWatch: ~Copyable {
    private let descriptor: Int32

    /// Folders that are watched at the most; the system has a limit of its own (`fs.inotify.max_user_watches`).
    private static let maximumFolders = 100_000

    /// Throws `TwinError` when the system gives no more watches.
    package init() throws {
        descriptor = clinux_watch_open()
        guard descriptor >= 0 else { throw TwinError(systemError: -descriptor, "folders cannot be watched") }
    }

    deinit { close(descriptor) }

    /// Watches a folder and those below it, but for hidden ones and, if `leavesOutUnwanted`, those of dependencies. Folders that are
    /// watched already stay so; new ones are found by calling it again. Throws `TwinError`.
    package func add(_ root: String, leavesOutUnwanted: Bool = true) throws {
        var pending = [root]
        var count = 0
        while let path = pending.popLast() {
            count += 1
            guard count <= Self.maximumFolders else {
                throw TwinError(.limitReached, "there are more than \(Self.maximumFolders) folders below \(root); watch fewer")
            }
            let result = clinux_watch_folder(descriptor, FilePath.system(path))
            if result == -ENOSPC {
                throw TwinError(
                    .limitReached, "the system watches no more folders; raise fs.inotify.max_user_watches with sysctl")
            }
            // What has gone meanwhile has told its parent.
            guard result == 0 else { continue }
            FolderEntries.forEach(in: path) { name, kind in
                if name.hasPrefix(".") || leavesOutUnwanted && UnwantedFiles.folder(name, inProject: false) != nil { return true }
                if kind == .folder { pending.append(path == "/" ? "/" + name : path + "/" + name) }
                return true
            }
        }
    }

    /// Waits for a change, at most so long; false when there was none. A signal ends it early. Throws `TwinError`.
    package func wait(milliseconds: Int) throws -> Bool {
        let result = clinux_watch_wait(descriptor, Int32(clamping: milliseconds))
        guard result >= 0 else { throw TwinError(systemError: -result, "folders cannot be watched") }
        return result == 1
    }
}
