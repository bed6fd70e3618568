#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A database file that another program writes (`litestream restore -f`), as it is at one instant: two that are equal hold the same.
struct FollowedFile: Equatable {
    let device: UInt
    let number: UInt
    private let size: Int
    /// When it was written last, in nanoseconds.
    private let modified: Int
    /// Whether the program that writes it has said that it was done: it writes pages in place, without a journal, and the number of
    /// the last change into `PATH-txid` afterwards. Where it was killed in between, the file holds a part of a change, and nobody
    /// has it locked. True where there is no such file, whoever writes it then.
    let isWhole: Bool

    /// Nanoseconds: a change within so much time of another may have the same time of change, since the system's clock for them
    /// ticks every few milliseconds.
    private static let tick = 50_000_000

    /// Throws `DatabaseError` when nothing is there.
    init(_ path: String) throws {
        var information = stat()
        guard stat(path, &information) == 0 else { throw DatabaseError(missing: path) }
        device = UInt(information.st_dev)
        number = UInt(information.st_ino)
        size = Int(information.st_size)
        modified = Self.nanoseconds(information.st_mtim)
        var mark = stat()
        isWhole = stat(path + Self.markSuffix, &mark) != 0 || Self.nanoseconds(mark.st_mtim) >= modified
    }

    static let markSuffix = "-txid"

    private static func nanoseconds(_ time: timespec) -> Int { Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec) }

    /// Whether both hold the same; that a change is done says nothing of what it is.
    static func == (one: FollowedFile, other: FollowedFile) -> Bool {
        one.isSameFile(as: other) && one.size == other.size && one.modified == other.modified
    }

    /// Whether a change from now on would show.
    var isSettled: Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int(now.tv_sec) * 1_000_000_000 + Int(now.tv_nsec) - modified > Self.tick
    }

    func isSameFile(as other: FollowedFile) -> Bool { device == other.device && number == other.number }
}

/// A followed file that may be opened, and is kept open: to look into it once more would mean to close it again, and that would let go
/// of the locks that this process has on it (fcntl(2)).
final class ReadableFile: Sendable {
    private let descriptor: Int32
    private let device: UInt
    private let number: UInt

    private init(_ descriptor: Int32, _ information: stat) {
        self.descriptor = descriptor
        device = UInt(information.st_dev)
        number = UInt(information.st_ino)
    }

    /// Throws `DatabaseError` (`isBusy`) until the program that writes the file has changed it for the first time. Before, the file's
    /// header says that there is a write-ahead log (bytes 18 and 19 are 2, https://www.sqlite.org/fileformat.html section 1.3.3): a
    /// reader then keeps a lock for as long as it is open, and nothing is ever written again. No connection to the file may be open.
    static func open(_ path: String) throws -> ReadableFile {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DatabaseError(missing: path) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            close(descriptor)
            throw DatabaseError(missing: path)
        }
        // Closes it when it goes.
        let file = ReadableFile(descriptor, information)
        var versions = [UInt8](repeating: 0, count: 2)
        guard pread(descriptor, &versions, 2, 18) == 2, versions == [1, 1] else {
            throw DatabaseError(
                extendedCode: 5, message: "the replica's file waits for the first change; the primary makes one each second")
        }
        return file
    }

    deinit { close(descriptor) }

    func isSame(as file: FollowedFile) -> Bool { file.device == device && file.number == number }
}

extension DatabaseError {
    fileprivate init(missing path: String) {
        // Busy: a file that is restored anew is away for a moment.
        self.init(extendedCode: 5, message: "the replica's file \(path) is not there or cannot be read")
    }
}

/// Whether the file at a path can be opened as a replica.
package enum FollowedState: Sendable {
    /// Nothing is there, or nothing that can be read.
    case missing
    /// The program that writes it has restored it and not changed it since: see `Database.Configuration.isFollowed`.
    case untouched
    case readable

    /// Looks at the file. Never called once the file is open in this process.
    package static func of(_ path: String) -> FollowedState {
        guard FileContents.exists(path) else { return .missing }
        return (try? ReadableFile.open(path)) == nil ? .untouched : .readable
    }
}
