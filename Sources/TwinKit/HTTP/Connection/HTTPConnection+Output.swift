#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Output, streams, deadlines and the end.
extension HTTPConnection {
    /// Seconds the client is given to take the last response before the socket closes over what it still sends.
    private static let lingerSeconds = 2.0
    /// Seconds that a connection on which a request was answered is kept however much others are waited for.
    private static let keptSeconds = 1.0
    /// Bytes of a file read at once.
    private static let fileReadSize = 65_536

    /// Sends what there is and makes more while the client takes it.
    func flush() {
        while isOpen {
            if output.isEmpty { refill() }
            guard isOpen, !output.isEmpty else { break }
            guard isWritable else { return }
            let count = transmit(output.readable)
            if count > 0 {
                output.consume(count)
                writeDeadline = .max
            } else {
                break
            }
        }
        guard isOpen else { return }
        if output.isEmpty {
            writeDeadline = .max
            if closesWhenSent, reading != .lingering { endPolitely() }
        } else if writeDeadline == .max {
            writeDeadline = loop.now &+ UInt64(timeouts.write * 1e9)
            loop.expect(by: writeDeadline)
        }
    }

    /// Writes to the socket; -1 when it takes nothing now or the connection broke.
    private func transmit(_ bytes: UnsafeRawBufferPointer) -> Int {
        if let session {
            switch session.write(bytes) {
            case .bytes(let count): return count
            case .needsInput, .needsOutput: isWritable = false
            case .end, .failed: close()
            }
            return -1
        }
        while true {
            let count = send(id.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: isWritable = false
            default: close()
            }
            return -1
        }
    }

    private func refill() {
        if let file = exchange?.file { refill(from: file.body, at: file.offset) }
        if exchange?.stream != nil { pump() }
    }

    /// Reads from the page cache as a rule; a read from the disk holds the loop for the time of 64 KiB.
    private func refill(from file: FileBody, at offset: Int) {
        guard offset < file.length else { return finishResponse() }
        let count = output.append(upTo: min(Self.fileReadSize, file.length - offset)) {
            pread(file.descriptor, $0.baseAddress, $0.count, offset)
        }
        // A file that became shorter cannot be what the length promised.
        guard count > 0 else { return close() }
        if offset + count == file.length { finishResponse() } else { exchange?.file = (file, offset + count) }
    }

    // MARK: Streams

    func streamIsReady() {
        if output.count < Self.outputHighWater { pump() }
        step()
    }

    private func pump() {
        guard let stream = exchange?.stream else { return }
        let taken = stream.writer.take()
        guard append(taken.bytes, stream) else { return close() }
        if !taken.isFinished { return }
        if taken.isBroken {
            // Without the last chunk the client can tell that something is missing.
            flushOnce()
            return close()
        }
        endStream(stream)
    }

    private func flushOnce() {
        if !output.isEmpty, isWritable { _ = transmit(output.readable) }
    }

    /// Appends content in the stream's framing; false when it is more than was promised.
    private func append(_ bytes: [UInt8], _ stream: Exchange.StreamOutput) -> Bool {
        if stream.isChunked {
            ResponseSerializer.chunk(bytes, into: &output)
            return true
        }
        if let left = stream.left {
            guard bytes.count <= left else { return false }
            exchange?.stream?.left = left - bytes.count
        }
        output.append(bytes)
        return true
    }

    private func endStream(_ stream: Exchange.StreamOutput) {
        if let left = exchange?.stream?.left, left > 0 { return close() }
        if stream.isChunked { output.append("0\r\n\r\n" as StaticString) }
        finishResponse()
    }

    /// Ends the stream from the server's side: what waits, the last words, and the regular end.
    private func concludeStream() {
        guard let stream = exchange?.stream else { return }
        let taken = stream.writer.take()
        stream.writer.cancel()
        guard stream.left == nil else { return close() }
        _ = append(taken.bytes, stream)
        if let lastWords = stream.body.lastWords { _ = append(lastWords, stream) }
        endStream(stream)
    }

    /// A client that will send no more may have left, or may only have said its say. Writing tells: a client that has
    /// left resets the connection. A leading zero of the next chunk's size is something to write that changes nothing.
    func probe() {
        guard let stream = exchange?.stream, !isProbed else { return }
        isProbed = true
        if stream.isChunked {
            output.append("0" as StaticString)
        } else if stream.left == nil {
            close()
        }
    }

    // MARK: Deadlines

    func setReadDeadline(_ seconds: Double) {
        readDeadline = loop.now &+ UInt64(seconds * 1e9)
        loop.expect(by: readDeadline)
    }

    /// Acts on what is due and returns when to look again; none when there is nothing to wait for.
    func checkDeadlines() -> UInt64? {
        let now = loop.now
        if now >= writeDeadline { close() }
        if isOpen, now >= readDeadline { readingTookTooLong() }
        if isOpen, let stream = exchange?.stream, let heartbeat = stream.body.heartbeat, now >= stream.nextHeartbeat {
            exchange?.stream?.nextHeartbeat = now &+ UInt64(timeouts.heartbeat * 1e9)
            // A client that is behind has enough to read.
            if output.isEmpty {
                _ = append(heartbeat, stream)
                flush()
            }
        }
        guard isOpen else { return nil }
        let heartbeat = exchange?.stream.flatMap { $0.body.heartbeat == nil ? nil : $0.nextHeartbeat } ?? .max
        let next = min(readDeadline, writeDeadline, heartbeat)
        return next == .max ? nil : next
    }

    private func readingTookTooLong() {
        readDeadline = .max
        switch reading {
        case .head where isHeadStarted:
            refuse(HTTPError(.requestTimeout, "The request took too long to arrive"))
            flush()
        case .body where exchange?.hasResponse == false:
            reject(HTTPError(.requestTimeout, "The content took too long to arrive"))
            flush()
        case .head, .body, .frames, .waiting, .lingering: close()
        }
    }

    // MARK: The end

    /// When the connection would be closed for idleness, if it may be closed now to make room for another; none otherwise. One
    /// that has been of use has a moment to be so again.
    var idleDeadline: UInt64? {
        guard isOpen, exchange == nil, reading == .head, !isHeadStarted, input.isEmpty, output.isEmpty, !isReadable else {
            return nil
        }
        let remaining = Double(readDeadline &- min(loop.now, readDeadline)) / 1e9
        return !hasServed || remaining <= timeouts.idle - Self.keptSeconds ? readDeadline : nil
    }

    /// Reads no more requests, sends what there is, then ends the connection.
    func closeWhenSent() {
        closesWhenSent = true
        if reading != .lingering { reading = .waiting }
    }

    /// Closing over unread bytes makes the system reset the connection, and a reset can destroy the response before the
    /// client has read it (RFC 9112 section 9.6). So the sending side closes first, and input is thrown away until the
    /// client has closed too, or for a short time.
    private func endPolitely() {
        let isQuiet = input.isEmpty && !isReadable && exchange == nil && !mustLinger
        session?.finish()
        if isQuiet || shutdown(id.descriptor, Int32(SHUT_WR)) != 0 { return close() }
        exchange = nil
        reading = .lingering
        setReadDeadline(Self.lingerSeconds)
        step()
    }

    /// Takes no further request on this connection; what is under way goes on.
    func drain() {
        if exchange == nil {
            if input.isEmpty, reading == .head { close() }
        } else if let stream = exchange?.stream {
            exchange?.keepsAlive = false
            if stream.body.lifetime == .subscription {
                concludeStream()
                flush()
            }
        } else {
            exchange?.keepsAlive = false
        }
    }

    /// The time for draining is over.
    func endByForce() {
        concludeStream()
        flush()
        close()
    }

    /// Closes at once, and tells whoever works for this client.
    func close() {
        guard isOpen else { return }
        isOpen = false
        readDeadline = .max
        writeDeadline = .max
        if let current = exchange {
            current.stream?.writer.cancel()
            if case .reader(let reader) = current.sink { reader.fail(HTTPError(.badRequest, "The client left")) }
            current.socket?.inbox.close()
            current.cancellation?.cancel()
            exchange = nil
        }
        loop.remove(id)
    }
}
