#if canImport(Glibc)
    import Glibc
#endif

/// What stands in a folder, as the system lists it.
package enum FolderEntries {
    /// What an entry is. A link is no folder, wherever it leads.
    package enum Kind: Sendable { case folder, other }

    /// Hands over the entries but `.` and `..`, in no order, until `body` answers false; names that are not UTF-8 as `FilePath.text`
    /// writes them. Answers false where the folder cannot be opened, with `errno` saying why.
    @discardableResult
    package static func forEach(in folder: String, _ body: (_ name: String, _ kind: Kind) throws -> Bool) rethrows -> Bool {
        guard let directory = opendir(FilePath.system(folder)) else { return false }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath.text($0) }
            }
            if name == "." || name == ".." { continue }
            var isFolder = Int(entry.pointee.d_type) == DT_DIR
            if Int(entry.pointee.d_type) == DT_UNKNOWN {
                // The listing of a network file system may not say it.
                var status = stat()
                isFolder = lstat(FilePath.system(folder + "/" + name), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            }
            guard try body(name, isFolder ? .folder : .other) else { return true }
        }
        return true
    }

    /// The names of what is in a folder, in no order; none where it cannot be opened.
    package static func names(_ folder: String) -> [String] {
        var names: [String] = []
        forEach(in: folder) { name, _ in
            names.append(name)
            return true
        }
        return names
    }
}
