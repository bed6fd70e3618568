#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// What a process is known by to the others on the machine, so that the work of one that was killed can be taken over at once
/// and not only when its lease ends.
enum ProcessIdentity {
    /// `boot:namespace:process:start`. The boot and the process namespace say for whom the number means something, the time of
    /// start that the number was not given to another process since.
    static let current: String = {
        let process = getpid()
        return "\(place):\(process):\(start(of: process) ?? 0)"
    }()

    private static let place: String = {
        let boot = contents("/proc/sys/kernel/random/boot_id")
            .map { String(decoding: $0, as: UTF8.self).filter { $0.isHexDigit || $0 == "-" } }
        var status = stat()
        let namespace = stat("/proc/self/ns/pid", &status) == 0 ? UInt64(status.st_ino) : 0
        return "\(boot ?? "unknown"):\(namespace)"
    }()

    /// Whether the process that `identity` begins with is known to have ended. False wherever that cannot be told.
    static func isGone(_ identity: String) -> Bool {
        guard !place.hasPrefix("unknown"), identity.hasPrefix(place + ":") else { return false }
        let rest = identity.dropFirst(place.count + 1).split(separator: ":")
        guard rest.count >= 2, let process = Int32(rest[0]), let began = UInt64(rest[1]), began > 0 else { return false }
        if let now = start(of: process) { return now != began }
        // Without an entry in /proc only a process that does not exist is gone.
        return kill(process, 0) != 0 && errno == ESRCH
    }

    /// When a process began, in clock ticks after the boot: field 22 of proc_pid_stat(5). A zombie has ended.
    private static func start(of process: Int32) -> UInt64? {
        guard let line = contents("/proc/\(process)/stat"),
            // The name in parentheses may hold anything, also spaces and parentheses.
            let end = line.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = String(decoding: line[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }

    /// A file of /proc, whose size says nothing.
    private static func contents(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return try? FileContents.readToEnd(descriptor, expected: 0, maximumBytes: 4_096, path: path)
    }
}
