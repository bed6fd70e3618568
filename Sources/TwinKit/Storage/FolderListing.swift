import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// What stands in a folder of twin's own; nothing for one that is not there.
package enum FolderListing {
    package struct File: Sendable {
        package var name: String
        package var modified: Timestamp

        package func isOlder(than seconds: Double, now: Timestamp) -> Bool {
            modified.milliseconds < now.milliseconds - Int64(seconds * 1_000)
        }
    }

    package static func files(_ folder: String) -> [File] {
        FolderEntries.names(folder).compactMap { name in
            var status = stat()
            guard lstat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return File(name: name, modified: Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000))
        }
    }

    package static func folders(_ folder: String) -> [String] {
        FolderEntries.names(folder).filter { name in
            var status = stat()
            return lstat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
