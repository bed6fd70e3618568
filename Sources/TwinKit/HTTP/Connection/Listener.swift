import CLinux

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A listening socket. It belongs to the event loop that accepts from it.
final class Listener {
    let descriptor: Int32
    let address: ServerConfiguration.Address
    /// Set while the process has no descriptor left even to refuse with; the loop tries again later.
    var isPaused = false
    /// Kept open to be given up when the process runs out of descriptors: with it one connection can be accepted and
    /// told 503, instead of waiting in the queue without an answer.
    private var reserve: Int32

    /// Connections the system queues before they are accepted.
    private static let backlog: Int32 = 4096
    /// Connections accepted in one turn, so that those already open get theirs.
    private static let acceptedAtOnce = 64

    /// The permissions of a Unix domain socket's file that belongs to a group: to connect means to write to it.
    private static let groupMode: mode_t = 0o660

    /// Binds `address` and listens. The file of a Unix domain socket is given to `group`, where one is named. Throws a `TwinError`
    /// that names the address and the reason.
    init(_ address: ServerConfiguration.Address, group: String? = nil) throws {
        let groupID = try group.map(Self.groupID)
        switch address {
        case .tcp(let host, let port):
            guard (0...65_535).contains(port) else {
                throw TwinError(.invalid, "The port must be from 0 to 65535, not \(port)")
            }
            var bound: Int32 = 0
            descriptor = clinux_listen_tcp(host, Int32(port), Self.backlog, &bound)
            self.address = .tcp(host: host, port: Int(bound))
        case .unix(let path):
            if clinux_unix_answers(path) == 0 { Self.removeStaleSocket(path) }
            // Nobody else may connect before the file is the group's.
            descriptor = clinux_listen_unix(path, groupID == nil ? -1 : 0o600, Self.backlog)
            self.address = address
        }
        reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if reserve >= 0 { Glibc.close(reserve) }
            let reason = -descriptor == EINVAL ? "give a numeric IPv4 or IPv6 address" : String(cString: strerror(-descriptor))
            throw TwinError(-descriptor == EINVAL ? .invalid : .failed, "Cannot listen on \(address): \(reason)")
        }
        guard case .unix(let path) = address, let groupID, let group else { return }
        guard chown(path, uid_t.max, groupID) == 0, chmod(path, Self.groupMode) == 0 else {
            throw TwinError(
                systemError: errno,
                "The socket \(path) cannot be given to the group '\(group)', of which this user must be a member")
        }
    }

    /// A group by its name or number. Throws `TwinError` (`invalid`) for one that there is not.
    private static func groupID(_ group: String) throws -> gid_t {
        if let number = gid_t(group) { return number }
        var entry = Glibc.group()
        var buffer = [CChar](repeating: 0, count: 65_536)
        var found: UnsafeMutablePointer<Glibc.group>?
        guard getgrnam_r(group, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            throw TwinError(.invalid, "There is no group '\(group)' on this machine")
        }
        return entry.gr_gid
    }

    deinit {
        if reserve >= 0 { Glibc.close(reserve) }
        if !isClosed { Glibc.close(descriptor) }
    }

    private var isClosed = false

    /// Stops listening; a Unix domain socket's file is removed.
    func close(poll: Int32) {
        guard !isClosed else { return }
        isClosed = true
        epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, nil)
        Glibc.close(descriptor)
        if case .unix(let path) = address { unlink(path) }
    }

    /// Accepts what waits and hands each connection on. At the limit of connections, unless `makeRoom` has closed one, or without
    /// a descriptor to spare, a connection is answered 503 and closed.
    func accept(service: ServerService, makeRoom: () -> Bool, _ hand: (Int32, String) -> Void) {
        for _ in 0..<Self.acceptedAtOnce {
            var text = [CChar](repeating: 0, count: 64)
            let accepted = clinux_accept(descriptor, &text, socklen_t(text.count))
            if accepted >= 0 {
                if service.connectionBegins() || (makeRoom() && service.connectionBegins()) {
                    hand(accepted, String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
                } else {
                    Self.refuse(accepted)
                }
                continue
            }
            switch -accepted {
            case EINTR, ECONNABORTED, EPROTO: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                guard shedOne() else {
                    isPaused = true
                    return
                }
            default: return
            }
        }
    }

    private func shedOne() -> Bool {
        guard reserve >= 0 else {
            reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
            return false
        }
        Glibc.close(reserve)
        let accepted = clinux_accept(descriptor, nil, 0)
        if accepted >= 0 { Self.refuse(accepted) }
        reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
        return accepted >= 0 && reserve >= 0
    }

    private static func refuse(_ descriptor: Int32) {
        let text: StaticString = """
            HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n
            """
        send(descriptor, text.utf8Start, text.utf8CodeUnitCount, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        shutdown(descriptor, Int32(SHUT_WR))
        // What the client has sent already is read, because closing over unread bytes resets the connection and can
        // take the answer with it.
        var discarded = [UInt8](repeating: 0, count: 4096)
        recv(descriptor, &discarded, discarded.count, Int32(MSG_DONTWAIT))
        Glibc.close(descriptor)
    }

    private static func removeStaleSocket(_ path: String) {
        var information = stat()
        if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
    }
}
