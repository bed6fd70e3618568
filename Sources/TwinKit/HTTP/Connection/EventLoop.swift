import CLinux
import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Names a connection across threads; the serial number tells it from a later one with the same descriptor.
struct ConnectionID: Sendable, Hashable {
    var descriptor: Int32
    var serial: UInt32

    var token: UInt64 { UInt64(serial) << 32 | UInt64(UInt32(bitPattern: descriptor)) }

    init(descriptor: Int32, serial: UInt32) {
        self.descriptor = descriptor
        self.serial = serial
    }

    init(token: UInt64) {
        descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: token))
        serial = UInt32(truncatingIfNeeded: token >> 32)
    }
}

/// One thread that waits on epoll for its connections and moves their bytes. It never runs what may block.
///
/// `@unchecked Sendable`: everything but `mailbox`, `wakeUp` and the constants is touched only by the thread that calls
/// `run`; other threads speak to it through `post`.
final class EventLoop: @unchecked Sendable {
    enum Message: Sendable {
        case accepted(descriptor: Int32, peer: String)
        case respond(ConnectionID, Response)
        case streamReady(ConnectionID)
        case resumeBody(ConnectionID)
        /// Close connections on which nothing happens, because another could not be accepted.
        case makeRoom
        /// Take no more connections and requests; end by the deadline, in monotonic nanoseconds.
        case drain(deadline: UInt64)
    }

    /// Bytes read from a socket at once, into one buffer that all connections of the loop share.
    static let readSize = 65_536
    private static let eventsAtOnce = 256
    /// The longest time between two looks at the connections' deadlines, in nanoseconds.
    private static let scanInterval: UInt64 = 250_000_000

    let service: ServerService
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.readSize, alignment: 16)
    private struct Mailbox {
        var messages: [Message] = []
        var isClosed = false
    }

    private let mailbox = Mutex(Mailbox())
    private let poll: Int32
    private let wakeUp: Int32
    private var connections: [HTTPConnection?] = []
    private(set) var connectionCount = 0
    private var nextSerial: UInt32 = 1
    private var listeners: [Listener] = []
    private var nextScan: UInt64 = .max
    private var drainDeadline: UInt64?
    private var dateSecond = -1
    private var date: [UInt8] = []
    /// The time of this turn, monotonic nanoseconds.
    private(set) var now = Clock.monotonicNanoseconds

    var isDraining: Bool { drainDeadline != nil }

    init(service: ServerService) throws {
        self.service = service
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = clinux_event(UInt32(CLINUX_IN), 0)
        guard poll >= 0, wakeUp >= 0, epoll_ctl(poll, EPOLL_CTL_ADD, wakeUp, &event) == 0 else {
            throw TwinError(.failed, "The system refused an event queue: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(poll)
        close(wakeUp)
        scratch.deallocate()
    }

    /// Gives the loop something to do, from any thread.
    func post(_ message: Message) {
        let (wasEmpty, isClosed) = mailbox.withLock { mailbox in
            if !mailbox.isClosed { mailbox.messages.append(message) }
            return (mailbox.messages.count == 1, mailbox.isClosed)
        }
        if isClosed {
            if case .accepted(let descriptor, _) = message {
                close(descriptor)
                service.connectionEnded()
            }
            return
        }
        if wasEmpty {
            var one: UInt64 = 1
            write(wakeUp, &one, 8)
        }
    }

    /// Takes over listening sockets; before `run` only.
    func adopt(_ listeners: [Listener]) { self.listeners = listeners }

    /// Runs until the server has drained.
    func run() {
        for index in listeners.indices { watch(listeners[index], index) }
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventsAtOnce)
        while true {
            let count = epoll_wait(poll, &events, Int32(Self.eventsAtOnce), timeout())
            now = Clock.monotonicNanoseconds
            for index in 0..<max(0, Int(count)) {
                let token = events[index].data.u64
                if token == 0 {
                    var value: UInt64 = 0
                    read(wakeUp, &value, 8)
                } else if token >> 32 == 0 {
                    accept(Int(token) - 1)
                } else {
                    connection(ConnectionID(token: token))?.handle(events: events[index].events)
                }
            }
            deliver()
            if now >= nextScan { scan() }
            if service.workers.hasWaiting { service.workers.relieve(now: now) }
            if service.longRunning.hasWaiting { service.longRunning.relieve(now: now) }
            if isDraining, connectionCount == 0,
                mailbox.withLock({ mailbox in
                    mailbox.isClosed = mailbox.messages.isEmpty
                    return mailbox.isClosed
                })
            {
                return
            }
        }
    }

    /// Milliseconds to wait for events: until the next deadline, and not long while work waits for a thread.
    private func timeout() -> Int32 {
        if service.workers.hasWaiting || service.longRunning.hasWaiting { return 2 }
        guard nextScan != .max else { return -1 }
        return nextScan <= now ? 0 : Int32(min((nextScan - now) / 1_000_000 + 1, 60_000))
    }

    private func deliver() {
        let messages = mailbox.withLock { mailbox in
            let all = mailbox.messages
            mailbox.messages = []
            return all
        }
        for message in messages {
            switch message {
            case .accepted(let descriptor, let peer): add(descriptor, peer: peer)
            case .respond(let id, let response): connection(id)?.respondLater(response)
            case .streamReady(let id): connection(id)?.streamIsReady()
            case .resumeBody(let id): connection(id)?.resumeBody()
            case .makeRoom: _ = makeRoom()
            case .drain(let deadline): drain(deadline)
            }
        }
    }

    // MARK: Connections

    private func connection(_ id: ConnectionID) -> HTTPConnection? {
        let index = Int(id.descriptor)
        guard index >= 0, index < connections.count, let found = connections[index], found.id == id else { return nil }
        return found
    }

    /// Begins to serve an accepted socket, which the loop owns from here on.
    func add(_ descriptor: Int32, peer: String) {
        let id = ConnectionID(descriptor: descriptor, serial: nextSerial)
        // Serial 0 marks the loop's own descriptors.
        nextSerial = nextSerial == .max ? 1 : nextSerial + 1
        var event = clinux_event(clinux_connection_events(), id.token)
        guard !isDraining, epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            close(descriptor)
            service.connectionEnded()
            return
        }
        let index = Int(descriptor)
        if index >= connections.count {
            connections.append(contentsOf: repeatElement(nil, count: index + 1 - connections.count))
        }
        connectionCount += 1
        // A Unix domain socket, whose peer has no address, stays plain: it never leaves the machine.
        let session = peer.isEmpty ? nil : service.tls?.session(descriptor)
        let connection = HTTPConnection(id: id, peer: peer, loop: self, session: session)
        connections[index] = connection
        if service.tls != nil, session == nil, !peer.isEmpty { return connection.close() }
        connection.start()
    }

    /// Forgets a connection and closes its socket.
    func remove(_ id: ConnectionID) {
        guard connection(id) != nil else { return }
        connections[Int(id.descriptor)] = nil
        connectionCount -= 1
        close(id.descriptor)
        service.connectionEnded()
        if connectionCount == 0, !isDraining, listeners.allSatisfy({ !$0.isPaused }) { nextScan = .max }
    }

    /// Makes sure that deadlines are looked at by `deadline`.
    func expect(by deadline: UInt64) {
        nextScan = min(nextScan, max(deadline, now + Self.scanInterval))
    }

    private func scan() {
        nextScan = .max
        if let drainDeadline {
            if now >= drainDeadline { connections.forEach { $0?.endByForce() } }
            nextScan = min(drainDeadline, now + Self.scanInterval)
        }
        for connection in connections {
            guard let deadline = connection?.checkDeadlines() else { continue }
            expect(by: deadline)
        }
        for listener in listeners where listener.isPaused {
            listener.isPaused = false
            for index in listeners.indices where listeners[index] === listener { accept(index) }
        }
    }

    private func drain(_ deadline: UInt64) {
        drainDeadline = min(drainDeadline ?? .max, deadline)
        for listener in listeners { listener.close(poll: poll) }
        listeners = []
        for connection in connections { connection?.drain() }
        nextScan = min(nextScan, now + Self.scanInterval)
    }

    // MARK: Listening

    private func watch(_ listener: Listener, _ index: Int) {
        var event = clinux_event(UInt32(CLINUX_IN), UInt64(index) + 1)
        epoll_ctl(poll, EPOLL_CTL_ADD, listener.descriptor, &event)
    }

    private func accept(_ index: Int) {
        guard listeners.indices.contains(index), !listeners[index].isPaused else { return }
        let listener = listeners[index]
        listener.accept(service: service, makeRoom: makeRoomAnywhere) { descriptor, peer in
            (service.nextLoop() ?? self).hand(descriptor, peer: peer, from: self)
        }
        if listener.isPaused {
            nextScan = min(nextScan, now + Self.scanInterval)
        }
    }

    /// Closes the oldest idle connections, an eighth of them, so that who comes next need not look through all again. False when
    /// there is none.
    private func makeRoom() -> Bool {
        let idle = connections.compactMap { connection in connection?.idleDeadline.map { (deadline: $0, connection) } }
        for entry in idle.sorted(by: { $0.deadline < $1.deadline }).prefix((idle.count + 7) / 8) { entry.1?.close() }
        return !idle.isEmpty
    }

    /// Makes room for one more connection, here or, a moment later, on the other loops.
    func makeRoomAnywhere() -> Bool {
        if makeRoom() { return true }
        service.postToAll(.makeRoom)
        return false
    }

    private func hand(_ descriptor: Int32, peer: String, from acceptor: EventLoop) {
        if acceptor === self { add(descriptor, peer: peer) } else { post(.accepted(descriptor: descriptor, peer: peer)) }
    }

    /// The `Date` field line, rebuilt once a second.
    func dateLine() -> [UInt8] {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        if time.tv_sec != dateSecond {
            dateSecond = time.tv_sec
            date = Array("date: \(HTTPDate.text(Timestamp(milliseconds: Int64(time.tv_sec) * 1000)))\r\n".utf8)
        }
        return date
    }
}
