import TwinSupport

/// Requests and responses.
extension HTTPConnection {
    /// A head is there: decide how the request is taken in.
    func begin(_ head: RequestHead) {
        readDeadline = .max
        let plan = service.planner.plan(for: head)
        var current = Exchange(head: head, plan: plan, keepsAlive: head.keepsAlive)
        reading = .waiting
        switch head.framing {
        case .none, .length(0):
            exchange = current
            dispatch(.empty)
            return
        case .length(let length):
            current.remaining = .length(length)
            exchange = current
            if length > bodyLimit {
                return reject(HTTPError(.contentTooLarge, "The content is larger than \(bodyLimit) bytes"))
            }
            // Room for what was announced, but not before some of it has come.
            if !plan.streamsBody { collected.reserveCapacity(min(length, EventLoop.readSize)) }
        case .chunked:
            current.remaining = .chunked(ChunkedDecoder())
            exchange = current
        }
        if head.expectsContinue { output.append("HTTP/1.1 100 Continue\r\n\r\n" as StaticString) }
        reading = .body
        exchange?.rateStart = loop.now
        setBodyDeadline()
        if plan.streamsBody {
            let id = id
            let reader = BodyReader { [loop] in loop.post(.resumeBody(id)) }
            exchange?.sink = .reader(reader)
            dispatch(.stream(reader))
        }
    }

    /// The last byte of the content has come.
    func bodyIsWhole() {
        readDeadline = .max
        reading = .waiting
        switch exchange?.sink {
        case .collect:
            let bytes = collected
            collected = []
            dispatch(bytes.isEmpty ? .empty : .bytes(bytes))
        case .reader(let reader):
            reader.finish()
            if exchange?.isResponseDone == true { endExchange() }
        case .discard:
            if exchange?.isResponseDone == true { endExchange() }
        case nil: break
        }
    }

    /// The content cannot be taken. A responder that runs already learns it from its reader, and answers; one that does
    /// not is asked to render the error, through all its layers. The connection ends after it, because where the next
    /// request begins is not known.
    func reject(_ error: HTTPError) {
        readDeadline = .max
        reading = .waiting
        exchange?.keepsAlive = false
        collected = []
        if case .reader(let reader) = exchange?.sink {
            reader.fail(error)
        } else if exchange?.hasResponse == true {
            closeWhenSent()
        } else {
            exchange?.sink = .discard
            dispatch(.empty, rejection: error)
        }
    }

    private func dispatch(_ body: RequestBody, rejection: HTTPError? = nil) {
        guard let current = exchange else { return }
        if let rejection, !current.plan.rendersRejections {
            return respond(ServerService.plainResponse(to: rejection))
        }
        var request = Request(head: current.head, body: body, remoteAddress: peer)
        request.rejection = rejection
        request.planned = current.plan.planned
        var execution = current.plan.streamsBody ? .longRunning : current.plan.execution
        if execution == .eventLoop, let isAtHand = current.plan.isAtHand, !isAtHand() { execution = .worker }
        guard execution != .eventLoop else { return respond(service.answer(request)) }
        let cancellation = Cancellation()
        exchange?.cancellation = cancellation
        request.cancellation = cancellation
        let (id, finalRequest) = (id, request)
        let isTaken = service.pool(execution).submit(now: loop.now) { [loop, service] in
            loop.post(.respond(id, service.answer(finalRequest)))
        }
        guard !isTaken else { return }
        let error = HTTPError.overloaded("The server has too much to do; try again soon")
        guard current.plan.rendersRejections else { return respond(ServerService.plainResponse(to: error)) }
        // The handler does not run: its route only gives the error the form that its clients know.
        request.cancellation = nil
        request.rejection = error
        respond(service.answer(request))
    }

    /// A response made on another thread.
    func respondLater(_ response: Response) {
        respond(response)
        step()
    }

    private func respond(_ response: Response) {
        guard isOpen, var current = exchange, !current.hasResponse else { return }
        current.hasResponse = true
        if loop.isDraining || !current.canDiscardRest { current.keepsAlive = false }
        if case .webSocket(let body) = response.body { return open(body, response, current) }
        var response = response
        let isSilent = current.head.method == .head || response.status.forbidsContent
        if case .stream(let body) = response.body, !isSilent {
            if let stream = open(body, isChunked: body.length == nil && !current.head.isVersion1_0, &current) {
                current.stream = stream
            } else {
                response = ServerService.plainResponse(
                    to: HTTPError.overloaded("The server has too many streams open; try again soon"))
            }
        }
        let framing: ResponseSerializer.Framing
        if response.status.forbidsContent {
            framing = .none
        } else if let length = response.body.length {
            framing = .length(length)
        } else if current.head.isVersion1_0 {
            framing = .untilClose
            current.keepsAlive = false
        } else {
            framing = .chunked
        }
        ResponseSerializer.write(
            response, framing: framing, closes: !current.keepsAlive, announcesKeepAlive: current.head.isVersion1_0,
            date: loop.dateLine(), into: &output)
        if case .file(let file) = response.body, !isSilent { current.file = (file, 0) }
        if case .bytes(let bytes) = response.body, !isSilent { output.append(bytes) }
        exchange = current
        if current.stream == nil, current.file == nil { finishResponse() }
    }

    /// Starts the producer of a stream; none when no thread is to be had.
    private func open(_ body: StreamBody, isChunked: Bool, _ current: inout Exchange) -> Exchange.StreamOutput? {
        let cancellation = current.cancellation ?? Cancellation()
        current.cancellation = cancellation
        let id = id
        let writer = ResponseWriter(capacity: service.configuration.streamBuffer, cancellation: cancellation) { [loop] in
            loop.post(.streamReady(id))
        }
        let isTaken = service.longRunning.submit(now: loop.now) {
            do {
                try body.produce(writer)
                if body.lifetime == .producer { writer.finish() }
            } catch {
                writer.abort()
            }
        }
        guard isTaken else { return nil }
        let next = loop.now &+ UInt64(timeouts.heartbeat * 1e9)
        if body.heartbeat != nil { loop.expect(by: next) }
        return Exchange.StreamOutput(
            body: body, writer: writer, isChunked: isChunked, left: body.length, nextHeartbeat: next)
    }

    /// The response is written, at least to the output.
    func finishResponse() {
        exchange?.isResponseDone = true
        exchange?.stream = nil
        exchange?.file = nil
        guard let current = exchange else { return }
        if current.isBodyDone {
            endExchange()
        } else if current.keepsAlive {
            if case .reader(let reader) = current.sink { reader.fail(HTTPError(.badRequest, "The response is complete")) }
            exchange?.sink = .discard
            exchange?.isBodyPaused = false
            reading = .body
        } else {
            closeWhenSent()
        }
    }

    func endExchange() {
        guard let current = exchange else { return }
        current.cancellation?.finish()
        exchange = nil
        hasServed = true
        if current.keepsAlive {
            reading = .head
            setReadDeadline(timeouts.idle)
        } else {
            closeWhenSent()
        }
    }

    /// Answers what is no request at all, and ends the connection.
    func refuse(_ error: HTTPError) {
        readDeadline = .max
        let response = ServerService.plainResponse(to: error)
        ResponseSerializer.write(
            response, framing: .length(response.body.length ?? 0), closes: true, announcesKeepAlive: false,
            date: loop.dateLine(), into: &output)
        if case .bytes(let bytes) = response.body { output.append(bytes) }
        mustLinger = true
        closeWhenSent()
    }

    /// The client has sent its last byte.
    func endOfInput() {
        switch reading {
        case .head:
            // Nothing, or a part of a request that will never be whole.
            if output.isEmpty { close() } else { closeWhenSent() }
        case .body:
            if exchange?.hasResponse == true {
                closeWhenSent()
            } else {
                reject(HTTPError(.badRequest, "The content ended before it was whole"))
            }
        case .frames: close()
        case .waiting: break
        case .lingering: close()
        }
    }
}
