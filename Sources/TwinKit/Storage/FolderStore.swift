import TwinHTTP
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A folder on this machine, readable by its owner alone. A name stands for whole content or for nothing: files are written
/// under another name and renamed.
package struct FolderStore: ObjectStore {
    let root: String
    package let bucket: String? = nil

    package init(root: String) { self.root = root }

    /// Moves the file to its place, which is on the disk when this returns. Throws `TwinError`.
    package func store(_ file: StagedFile, as name: StoredName) throws {
        let path = path(name)
        let folder = FilePath.folder(of: path)
        try AtomicFile.makeFolder(folder)
        // Renaming over a file of the same name is right: it can only be the same bytes, or what a broken disk left of them.
        if rename(file.path, path) != 0 {
            guard errno == EXDEV else { throw TwinError(systemError: errno, "a file could not be stored") }
            let near = try StagedFile.adopt(file.path, in: root + "/incoming", maximumBytes: file.size)
            guard rename(near.path, path) == 0 else { throw TwinError(systemError: errno, "a file could not be stored") }
        }
        // The new name has to outlive a power failure as the row does that speaks of it.
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Opens the file; nil where there is none. Throws `TwinError` where it cannot be read.
    package func open(_ name: StoredName) throws -> StoredObject? {
        let path = path(name)
        guard FileContents.exists(path) else { return nil }
        return .file(try FileBody(path: path))
    }

    /// Removes the file; one that is not there is no error. Throws `TwinError`.
    package func remove(_ name: StoredName) throws {
        guard unlink(path(name)) == 0 || errno == ENOENT else {
            throw TwinError(systemError: errno, "a file could not be removed")
        }
    }

    package func forEachShelf(_ body: ([StoredName]) throws -> Void) throws {
        for shelf in FolderListing.folders(root + "/sha256") {
            try body(FolderListing.files("\(root)/sha256/\(shelf)").compactMap { StoredName($0.name) })
        }
    }

    private func path(_ name: StoredName) -> String { root + "/" + name.path }
}
