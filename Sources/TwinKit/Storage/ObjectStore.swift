import TwinHTTP
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A place for pictures, weights and files, by the hash of their bytes. Calls block; any number may run at once.
package protocol ObjectStore: Sendable {
    /// The address of the bucket that it is; none for a folder.
    var bucket: String? { get }

    /// Stores a file under the name of its bytes; storing it again changes nothing. When this returns, it is there for good.
    /// Throws `TwinError`.
    func store(_ file: StagedFile, as name: StoredName) throws

    /// Opens what is stored; none when nothing of that name is there. Throws `TwinError`.
    func open(_ name: StoredName) throws -> StoredObject?

    /// Removes it; nothing of that name is no error.
    func remove(_ name: StoredName) throws

    /// Hands over the names of what is there, some at a time. Nothing where looking would take long, as in a bucket.
    func forEachShelf(_ body: ([StoredName]) throws -> Void) throws
}

/// Something stored, opened to be read.
package enum StoredObject: Sendable {
    case file(FileBody)
    /// So many bytes, handed over piece by piece as they come.
    case stream(size: Int, read: @Sendable (_ receive: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Void)

    package var size: Int {
        switch self {
        case .file(let file): file.length
        case .stream(let size, _): size
        }
    }

    /// All of it. Throws `TwinError` (`limitReached`) above `maximumBytes`.
    package func bytes(maximumBytes: Int) throws -> [UInt8] {
        guard size <= maximumBytes else { throw TwinError(.limitReached, "it is larger than \(maximumBytes >> 20) MiB") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        try read { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Hands it over piece by piece.
    package func read(_ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .file(let file): try file.read { piece in try piece.withUnsafeBytes { try receive($0) } }
        case .stream(_, let read): try withoutActuallyEscaping(receive) { receive in try read { try receive($0) } }
        }
    }
}

/// The stores of an installation: new things go to the first, and what an earlier setting put into another is still found.
package struct ObjectStores: Sendable {
    let stores: [any ObjectStore]
    /// Where files lie on their way in.
    package let staging: String
    let files: StoredFiles

    /// What one picture may weigh, in bytes.
    package static let maximumPictureBytes = 20 << 20

    init(_ first: any ObjectStore, _ others: [any ObjectStore] = [], staging: String, files: StoredFiles) {
        stores = [first] + others
        self.staging = staging
        self.files = files
    }

    /// Stores a picture, which has to be one by its bytes. Throws `TwinError` (`invalid`, `limitReached`).
    package func storePicture(_ bytes: [UInt8]) throws -> StoredName {
        guard bytes.count <= Self.maximumPictureBytes else {
            throw TwinError(.limitReached, "the picture is larger than \(Self.maximumPictureBytes >> 20) MiB")
        }
        guard let picture = Picture(bytes) else {
            throw TwinError(.invalid, "this is not a picture in PNG, JPEG or WebP")
        }
        return try store(
            StagedFile.write(in: staging, maximumBytes: Self.maximumPictureBytes, bytes), kind: picture.kind)
    }

    /// Stores a file whose kind is known.
    package func store(_ file: StagedFile, kind: StoredName.Kind) throws -> StoredName {
        guard let store = stores.first else { throw TwinError(.notConfigured, "there is no storage") }
        let name = StoredName(digest: file.digest, kind: kind)
        try files.note(name.description, in: store.bucket)
        try store.store(file, as: name)
        return name
    }

    /// Whether it is in one of them. Throws `TwinError` where that cannot be found out.
    package func contains(_ name: StoredName) throws -> Bool {
        for store in stores where try store.open(name) != nil { return true }
        return false
    }

    /// Takes it out of every store; nothing of that name is no error.
    package func remove(_ name: StoredName) throws { for store in stores { try store.remove(name) } }

    /// Removes what was left on its way in by somebody who was killed.
    package func sweepStaging(now: Timestamp = Clock.now) {
        for file in FolderListing.files(staging) where file.isOlder(than: StoredFiles.patience, now: now) {
            unlink(staging + "/" + file.name)
        }
    }

    /// Notes what lies in the folder and was noted by nobody; a bucket is not asked for all that it holds.
    package func adoptStrays() throws {
        for store in stores { try store.forEachShelf { names in try files.adopt(names.map(\.description)) } }
    }

    /// Throws `TwinError` (`notFound`) where it is in no store.
    package func open(_ name: StoredName) throws -> StoredObject {
        for store in stores { if let found = try store.open(name) { return found } }
        throw TwinError(.notFound, "there is no such file in the storage")
    }
}
