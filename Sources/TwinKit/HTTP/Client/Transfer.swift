import CCurl
import TwinSupport

/// One exchange while it runs: what libcurl's callbacks know and what they find out. It is used by the thread that
/// performs the exchange only.
final class Transfer {
    let request: ClientRequest
    private let policy: AddressPolicy
    /// Of `Clock.monotonicNanoseconds`.
    private let deadline: UInt64
    private let canRedirect: Bool
    private let isCancelled: () -> Bool
    private let receive: (ClientResponse, UnsafeRawBufferPointer) throws -> Void

    /// What the callbacks ended the exchange with. It says more than the code that libcurl then gives.
    private(set) var failure: (any Error)?
    private(set) var refused: HTTPClientError?
    private var head: ClientResponse
    private var headerBytes = 0
    private var bodyBytes = 0
    private var bodyHasBegun = false
    private var sentBytes = 0
    /// Of content that is read as it is sent.
    private var waiting: ArraySlice<UInt8> = []
    private var moved: Int64 = 0
    private var lastMove = Clock.monotonicNanoseconds

    var status: Int { head.status }

    init(
        request: ClientRequest, policy: AddressPolicy, deadline: UInt64, canRedirect: Bool,
        isCancelled: @escaping () -> Bool,
        receive: @escaping (ClientResponse, UnsafeRawBufferPointer) throws -> Void
    ) {
        self.request = request
        self.policy = policy
        self.deadline = deadline
        self.canRedirect = canRedirect
        self.isCancelled = isCancelled
        self.receive = receive
        head = ClientResponse(status: 0, headers: ClientHeaders(), body: [], address: request.address)
    }

    /// The answer's status and headers. Throws when there was none.
    func response() throws(HTTPClientError) -> ClientResponse {
        guard (200...599).contains(head.status) else { throw .malformedResponse(host: request.address.host) }
        return head
    }

    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(head.status) && head.headers["Location"] != nil }

    /// Milliseconds until the deadline, at least 1, because libcurl takes 0 for no limit.
    var remainingTime: Int {
        let now = Clock.monotonicNanoseconds
        return now < deadline ? max(1, Int((deadline - now) / 1_000_000)) : 1
    }

    /// A header line, status lines and the blank line at the end included. False ends the exchange.
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= request.limits.headerBytes else {
            failure = HTTPClientError.headersTooLarge(limit: request.limits.headerBytes)
            return false
        }
        // What comes after the body are trailers, which nobody here reads.
        guard !bodyHasBegun else { return true }
        let text = ArraySlice(line).trimmingSpaces()
        if text.starts(with: Array("HTTP/".utf8)) {
            // A new status line begins a new answer: the ones before it were 1xx.
            head.headers = ClientHeaders()
            head.status =
                text.split(separator: 0x20).dropFirst().first
                .flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            head.headers.append(
                String(decoding: text[..<colon], as: UTF8.self),
                String(decoding: text[(colon + 1)...].trimmingSpaces(), as: UTF8.self))
        }
        return true
    }

    /// A piece of the body. False ends the exchange.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyHasBegun = true
        bodyBytes += bytes.count
        guard bodyBytes <= request.limits.responseBytes else {
            failure = HTTPClientError.responseTooLarge(limit: request.limits.responseBytes)
            return false
        }
        if canRedirect && isRedirect { return true }
        do {
            try receive(head, bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Fills `buffer` with the next piece of what is sent; 0 at its end, none where it cannot be read.
    func nextPiece(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if let content = request.content { return nextPiece(of: content, into: buffer) }
        guard let count = request.file?.read(at: sentBytes, into: buffer), count >= 0 else {
            failure = HTTPClientError.other(code: 0, reason: "the file that is sent cannot be read")
            return nil
        }
        sentBytes += count
        return count
    }

    private func nextPiece(of content: SentContent, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        do {
            if waiting.isEmpty { waiting = (try content.next() ?? [])[...] }
        } catch {
            failure = error
            return nil
        }
        let piece = waiting.prefix(buffer.count)
        waiting.removeFirst(piece.count)
        buffer.copyBytes(from: piece)
        return piece.count
    }

    /// How many bytes have gone and come so far.
    func progress(_ bytes: Int64) {
        if bytes != moved {
            moved = bytes
            lastMove = Clock.monotonicNanoseconds
        }
    }

    /// Asked about ten times a second. True ends the exchange.
    func shouldStop() -> Bool {
        let now = Clock.monotonicNanoseconds
        let host = request.address.host
        if isCancelled() {
            failure = HTTPClientError.cancelled
        } else if now >= deadline {
            failure = HTTPClientError.timedOut(host: host, milliseconds: request.limits.totalTime)
        } else if now - min(now, lastMove) >= UInt64(max(0, request.limits.idleTime)) * 1_000_000 {
            failure = HTTPClientError.stalled(host: host, milliseconds: request.limits.idleTime)
        }
        return failure != nil
    }

    /// Whether libcurl may connect to this address. It tries the host's next address when not.
    func allows(_ address: IPAddress?, port: UInt16) -> Bool {
        if let address, policy.allows(address, port: port) { return true }
        refused = .addressRefused(host: request.address.host, address: address.map { "\($0)" } ?? "?")
        return false
    }
}
