import TwinDatabase
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// The files of an installation that hold secrets or content, and which of them others may read.
package struct PrivateFiles: Sendable {
    let databasePath: String
    let configurationPath: String
    /// Files with keys that settings name.
    let keyPaths: [String]
    /// Folders of twin's own with files of the installation.
    let folders: [String]

    package init(databasePath: String, configurationPath: String, keyPaths: [String], folders: [String] = []) {
        self.folders = folders
        self.databasePath = FilePath.absolute(databasePath)
        self.configurationPath = configurationPath
        self.keyPaths = keyPaths
    }

    /// A file with permissions that it should not have.
    package struct Loose: Sendable, Equatable {
        package var path: String
        /// The permission bits that it has.
        package var mode: mode_t
        /// The bits that are too many.
        package var excess: mode_t
    }

    /// Entries of the database's folder that are looked at, for a folder that holds much else.
    private static let maximumEntries = 10_000

    /// Those that are looser than they should be, in the order of their names.
    package func loose() -> [Loose] {
        var found: [Loose] = []
        // What twin writes is the owner's alone; a key may be given to a group, and a configuration may be read, but whoever could
        // change it would choose where keys are sent.
        for path in databases() + folders { add(path, 0o077, &found) }
        for path in keyPaths { add(path, 0o027, &found) }
        add(configurationPath, 0o022, &found)
        return found.sorted { $0.path < $1.path }
    }

    /// Takes the bits that are too many from all of them, and answers what they were. Throws `TwinError` at the first that is not
    /// the caller's to change.
    package func mend() throws -> [Loose] {
        let loose = loose()
        for file in loose { try FileMode.remove(file.excess, from: file.path) }
        return loose
    }

    private func add(_ path: String, _ forbidden: mode_t, _ found: inout [Loose]) {
        let mode = FileMode.permissions(path)
        if mode & forbidden != 0 { found.append(Loose(path: path, mode: mode, excess: mode & forbidden)) }
    }

    /// The database with what SQLite keeps beside it, and twin's other databases in the same folder: backups, and what a restore has
    /// kept.
    private func databases() -> [String] {
        let folder = FilePath.folder(of: databasePath)
        let name = FilePath.name(databasePath)
        var paths: [String] = []
        var count = 0
        let isOpen = FolderEntries.forEach(in: folder) { other, _ in
            let path = (folder == "/" ? "" : folder) + "/" + other
            let isBeside = ["", "-wal", "-shm", "-journal"].contains { other == name + $0 }
            if isBeside || Migrator.marks(path) { paths.append(path) }
            count += 1
            return count < Self.maximumEntries
        }
        return isOpen ? paths : [databasePath]
    }
}
