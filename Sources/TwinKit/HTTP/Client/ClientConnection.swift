import CCurl

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A libcurl handle with the connections that it keeps open. One thread at a time uses it: `HTTPClient` takes it out of
/// its list of idle ones under a lock and puts it back when the exchange is over. That is the proof for `@unchecked`.
final class ClientConnection: @unchecked Sendable {
    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer

    /// How often, in milliseconds, a waiting exchange asks whether it should stop.
    private static let pollInterval: Int32 = 100

    init() throws(HTTPClientError) {
        guard let easy = ccurl_new() else { throw .libraryMissing }
        guard let multi = ccurl_multi_new() else {
            ccurl_free(easy)
            throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), reason: "out of memory")
        }
        self.easy = easy
        self.multi = multi
    }

    deinit {
        ccurl_free(easy)
        ccurl_multi_free(multi)
    }

    /// Sends the request and feeds `transfer`. Answers where the response redirects to, as an absolute address, or none.
    /// Throws `HTTPClientError` or what the receiver of the body threw.
    func perform(_ request: ClientRequest, _ transfer: Transfer, userAgent: String, usesProxy: Bool) throws -> String? {
        ccurl_reset(easy)
        let list = try headerList(request)
        defer { ccurl_list_free(list) }
        // libcurl keeps pointers to the body, the header list and the transfer for as long as the call lasts.
        let code = try request.body.withUnsafeBytes { body in
            try configure(request, transfer, body: body, headers: list, userAgent: userAgent, usesProxy: usesProxy)
            return withExtendedLifetime(transfer) {
                ccurl_run(
                    multi, easy, Self.pollInterval,
                    { context in
                        guard let context else { return 1 }
                        return Transfer.from(context).shouldStop() ? 1 : 0
                    }, Unmanaged.passUnretained(transfer).toOpaque())
            }
        }
        if let failure = transfer.failure { throw failure }
        guard code == CURLE_OK else { throw error(code, request, transfer) }
        guard transfer.isRedirect else { return nil }
        var target: UnsafePointer<CChar>?
        guard ccurl_get_string(easy, CURLINFO_REDIRECT_URL, &target) == CURLE_OK, let target else { return nil }
        return String(cString: target)
    }

    private func headerList(_ request: ClientRequest) throws(HTTPClientError) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        // Without this libcurl waits a second before it sends a large body to a server that knows no 100 (Continue).
        var lines = ["Expect:"]
        for field in request.headers.fields { lines.append("\(field.name): \(field.value)") }
        for field in request.secretHeaders { lines.append("\(field.name): \(field.value.reveal())") }
        for line in lines {
            guard line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                ccurl_list_free(list)
                throw .invalidAddress("a header field contains a control character")
            }
            guard let longer = ccurl_list_append(list, line) else {
                ccurl_list_free(list)
                throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), reason: "out of memory")
            }
            list = longer
        }
        return list
    }

    private func configure(
        _ request: ClientRequest, _ transfer: Transfer, body: UnsafeRawBufferPointer,
        headers: UnsafeMutablePointer<curl_slist>?, userAgent: String, usesProxy: Bool
    ) throws(HTTPClientError) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        var codes = [
            ccurl_restrict_to_http(easy),
            ccurl_set_string(easy, CURLOPT_URL, request.address.description),
            ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            ccurl_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
            // Redirects are followed by `HTTPClient`, which checks each.
            ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1),
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2),
            ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, transfer.remainingTime),
            ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, request.limits.connectTime)),
            ccurl_set_string(easy, CURLOPT_USERAGENT, userAgent),
            ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers),
            ccurl_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0),
            ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context),
            ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION, Self.writeBody),
            ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context),
            ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION, Self.writeHeader),
            ccurl_set_long(easy, CURLOPT_NOPROGRESS, 0),
            ccurl_set_pointer(easy, CURLOPT_XFERINFODATA, context),
            ccurl_set_progress_function(easy, Self.progress),
            ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context),
            ccurl_set_open_socket_function(easy, Self.openSocket),
        ]
        // An empty string switches off the proxies that libcurl would take from the environment.
        if !usesProxy { codes.append(ccurl_set_string(easy, CURLOPT_PROXY, "")) }
        // Here an empty string means every coding that this libcurl can undo.
        if request.acceptsCompression { codes.append(ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")) }
        switch request.method {
        case _ where request.content != nil:
            let size = request.content?.size ?? -1
            codes.append(ccurl_set_long(easy, CURLOPT_UPLOAD, 1))
            codes.append(ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(size)))
            codes.append(ccurl_set_pointer(easy, CURLOPT_READDATA, context))
            codes.append(ccurl_set_data_function(easy, CURLOPT_READFUNCTION, Self.readFile))
            codes.append(ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
        case .get: codes.append(ccurl_set_long(easy, CURLOPT_HTTPGET, 1))
        case .head: codes.append(ccurl_set_long(easy, CURLOPT_NOBODY, 1))
        case .post:
            codes.append(ccurl_set_long(easy, CURLOPT_POST, 1))
            codes += contentOptions(body)
        case .put where request.file != nil:
            codes.append(ccurl_set_long(easy, CURLOPT_UPLOAD, 1))
            codes.append(ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.file?.size ?? 0)))
            codes.append(ccurl_set_pointer(easy, CURLOPT_READDATA, context))
            codes.append(ccurl_set_data_function(easy, CURLOPT_READFUNCTION, Self.readFile))
        case .put, .patch, .delete:
            if request.method != .delete || !request.body.isEmpty { codes += contentOptions(body) }
            codes.append(ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
        }
        if let code = codes.first(where: { $0 != CURLE_OK }) {
            throw .other(code: Int(code.rawValue), reason: "an option is not supported: \(Self.words(code))")
        }
    }

    private func contentOptions(_ body: UnsafeRawBufferPointer) -> [CURLcode] {
        [
            ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
            body.baseAddress.map { ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: $0)) }
                ?? ccurl_set_string(easy, CURLOPT_POSTFIELDS, ""),
        ]
    }

    /// 0x10000000 is CURL_READFUNC_ABORT, which Swift does not import.
    private static let readFile: ccurl_data_function = { bytes, size, count, context in
        guard let context, let bytes else { return 0x1000_0000 }
        let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        return Transfer.from(context).nextPiece(into: buffer) ?? 0x1000_0000
    }

    private static let writeBody: ccurl_data_function = { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        let total = size * count
        return Transfer.from(context).receiveBody(UnsafeRawBufferPointer(start: bytes, count: total)) ? total : 0
    }

    private static let writeHeader: ccurl_data_function = { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        let total = size * count
        return Transfer.from(context).receiveHeader(UnsafeRawBufferPointer(start: bytes, count: total)) ? total : 0
    }

    private static let progress: ccurl_progress_function = { context, _, down, _, up in
        guard let context else { return 1 }
        Transfer.from(context).progress(Int64(down &+ up))
        return 0
    }

    private static let openSocket: ccurl_open_socket_function = { context, _, address in
        guard let context, let address else { return -1 }
        var bytes = [UInt8](repeating: 0, count: 16)
        var port: UInt16 = 0
        let count = ccurl_address_bytes(address, &bytes, &port)
        guard Transfer.from(context).allows(IPAddress(bytes: Array(bytes.prefix(Int(count)))), port: port) else { return -1 }
        // Closed on exec, so that the tools that are run beside do not inherit it.
        return socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    private func error(_ code: CURLcode, _ request: ClientRequest, _ transfer: Transfer) -> HTTPClientError {
        let host = request.address.host
        switch code {
        case CURLE_COULDNT_CONNECT: return transfer.refused ?? .connectionFailed(host: host)
        case CURLE_URL_MALFORMAT: return .invalidAddress("libcurl does not understand it")
        case CURLE_COULDNT_RESOLVE_HOST: return .unknownHost(host)
        case CURLE_COULDNT_RESOLVE_PROXY: return .unknownHost("proxy")
        case CURLE_OPERATION_TIMEDOUT:
            // There is no other limit of libcurl's own: nothing was sent yet.
            if transfer.status == 0, transfer.remainingTime > 1 { return .connectionFailed(host: host) }
            return .timedOut(host: host, milliseconds: request.limits.totalTime)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_INVALIDCERTSTATUS:
            return .insecureConnection(host: host, reason: Self.words(code))
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return .connectionBroken(host: host)
        // The scheme has been checked, so that the last of these is an answer in HTTP/0.9, that is, in no HTTP at all.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_UNSUPPORTED_PROTOCOL:
            return .malformedResponse(host: host)
        case CURLE_ABORTED_BY_CALLBACK: return .cancelled
        default: return .other(code: Int(code.rawValue), reason: Self.words(code))
        }
    }

    private static func words(_ code: CURLcode) -> String { ccurl_error(code).map { String(cString: $0) } ?? "unknown" }
}

extension Transfer {
    /// The transfer behind a callback's context. It is alive: `ClientConnection.perform` holds it until libcurl is done.
    static func from(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}
