import CCurl
import TwinSupport

/// Hands one letter to a server through libcurl. Each letter has a connection of its own: they are few, and a server that
/// drops idle ones cannot lose any. Used by one thread.
package struct MailTransfer {
    private let server: MailServer
    private let password: Secret?
    private let authorities: String?
    private let seconds: Int

    /// `authorities` is the path of a file with the certificates (PEM) that the server's is checked with; without one those of
    /// the system count. A letter may take `seconds`.
    package init(to server: MailServer, password: Secret?, authorities: String? = nil, seconds: Int = 60) {
        self.server = server
        self.password = password
        self.authorities = authorities
        self.seconds = seconds
    }

    private static let pollInterval: Int32 = 100
    /// Bytes of a server's reply that are passed on.
    private static let longestReply = 200

    /// Sends `message` (RFC 5322, lines ended by CRLF) from `sender` to `recipient`. When this returns, the server answers for
    /// the letter. `isCancelled` is asked about ten times a second. Throws `MailFailure`.
    package func send(
        _ message: [UInt8], from sender: String, to recipient: String, isCancelled: @escaping () -> Bool = { false }
    ) throws(MailFailure) {
        for address in [sender, recipient] {
            guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }) else {
                throw .forGood("the address \(address) has letters that mail servers do not take")
            }
        }
        guard let easy = ccurl_new() else {
            throw .setup("libcurl is not installed; install libcurl4 to send mail")
        }
        defer { ccurl_free(easy) }
        guard let multi = ccurl_multi_new() else { throw .forNow("out of memory") }
        defer { ccurl_multi_free(multi) }
        guard let recipients = ccurl_list_append(nil, "<\(recipient)>") else { throw .forNow("out of memory") }
        defer { ccurl_list_free(recipients) }
        // A mail server on this machine mostly shows a certificate that it made itself. Nobody listens between, and without TLS it
        // would be believed just so; who wants to know better names the certificates, or writes smtps://.
        let verifies = !server.isLoopback || server.isImplicitlySecure || authorities != nil
        let exchange = Exchange(message, isCancelled: isCancelled)
        let context = Unmanaged.passUnretained(exchange).toOpaque()
        var codes = [
            ccurl_restrict_to_mail(easy),
            ccurl_set_string(easy, CURLOPT_URL, server.address),
            ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            ccurl_set_string(easy, CURLOPT_PROXY, ""),
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, verifies ? 1 : 0),
            ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, verifies ? 2 : 0),
            // CURLUSESSL_TRY where nobody listens between, else CURLUSESSL_ALL.
            ccurl_set_long(easy, CURLOPT_USE_SSL, server.isLoopback ? 1 : 3),
            ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, seconds * 1000),
            ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, min(seconds, 20) * 1000),
            ccurl_set_string(easy, CURLOPT_MAIL_FROM, "<\(sender)>"),
            ccurl_set_list(easy, CURLOPT_MAIL_RCPT, recipients),
            ccurl_set_long(easy, CURLOPT_UPLOAD, 1),
            ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count)),
            ccurl_set_pointer(easy, CURLOPT_READDATA, context),
            ccurl_set_data_function(easy, CURLOPT_READFUNCTION, Self.read),
            ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context),
            ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION, Self.hear),
        ]
        if let authorities { codes.append(ccurl_set_string(easy, CURLOPT_CAINFO, authorities)) }
        if let user = server.user {
            codes.append(ccurl_set_string(easy, CURLOPT_USERNAME, user))
            codes.append(ccurl_set_string(easy, CURLOPT_PASSWORD, password?.reveal() ?? ""))
        }
        if let code = codes.first(where: { $0 != CURLE_OK }) {
            throw .setup("libcurl cannot send mail here: \(Self.words(code))")
        }
        let code = withExtendedLifetime(exchange) {
            ccurl_run(
                multi, easy, Self.pollInterval,
                { context in
                    guard let context else { return 1 }
                    return Exchange.from(context).isCancelled() ? 1 : 0
                }, context)
        }
        guard code != CURLE_OK else { return }
        throw failure(code, exchange, sender)
    }

    private func failure(_ code: CURLcode, _ exchange: Exchange, _ sender: String) -> MailFailure {
        let refusal = exchange.replies.refusal
        let said = refusal.map { ": \($0.words.prefix(Self.longestReply))" } ?? ""
        let isTemporary = refusal?.isTemporary ?? false
        switch code {
        case CURLE_ABORTED_BY_CALLBACK: return .forNow("sending was stopped")
        case CURLE_LOGIN_DENIED where isTemporary: return .away("\(server.host) lets nobody sign in now\(said)")
        case CURLE_LOGIN_DENIED:
            return .setup("\(server.host) refuses the user or the password of mail.url\(said)")
        case CURLE_USE_SSL_FAILED:
            return .setup("\(server.host) offers no encryption; use smtps://, or a server that does")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_INVALIDCERTSTATUS:
            return .setup("the certificate of \(server.host) cannot be trusted (\(Self.words(code))); see mail.ca_file")
        case CURLE_COULDNT_RESOLVE_HOST: return .away("no host is called \(server.host)")
        case CURLE_COULDNT_CONNECT: return .away("\(server.host) takes no connection on port \(server.port)")
        case CURLE_OPERATION_TIMEDOUT:
            let reason = "\(server.host) was not done after \(seconds) s"
            return exchange.hasBegun ? .forNow(reason) : .away(reason)
        case CURLE_REMOTE_ACCESS_DENIED: return .away("\(server.host) does not let twin in\(said)")
        default: break
        }
        guard let refusal else {
            let reason = "the letter could not be handed to \(server.host) (\(Self.words(code)))"
            return exchange.hasBegun ? .forNow(reason) : .away(reason)
        }
        if refusal.isGreeting { return .away("\(server.host) does not let twin in\(said)") }
        if isTemporary { return .forNow("\(server.host) does not take the letter now\(said)") }
        if refusal.asksForSecurity {
            return .setup("\(server.host) takes letters only encrypted and from a user who signs in; see mail.url\(said)")
        }
        if refusal.isOfSender {
            return .setup("\(server.host) takes no letters from \(sender); see mail.url and mail.from\(said)")
        }
        return .forGood("\(server.host) refuses the letter\(said)")
    }

    private static func words(_ code: CURLcode) -> String { ccurl_error(code).map { String(cString: $0) } ?? "unknown" }

    /// What libcurl's callbacks know of the letter. One thread uses it.
    private final class Exchange {
        private let message: [UInt8]
        private var sent = 0
        let isCancelled: () -> Bool
        private(set) var replies = MailReplies()
        /// Whether the server has asked for the text: from then on what happens may be the letter's own fault.
        var hasBegun: Bool { sent > 0 }

        init(_ message: [UInt8], isCancelled: @escaping () -> Bool) {
            self.message = message
            self.isCancelled = isCancelled
        }

        static func from(_ context: UnsafeMutableRawPointer) -> Exchange {
            Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        }

        func next(into buffer: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(buffer.count, message.count - sent)
            guard count > 0 else { return 0 }
            message.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.dropFirst(sent).prefix(count)))
            }
            sent += count
            return count
        }

        func heard(_ line: UnsafeRawBufferPointer) { replies.hear(line) }
    }

    private static let read: ccurl_data_function = { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        return Exchange.from(context).next(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }

    private static let hear: ccurl_data_function = { bytes, size, count, context in
        guard let context, let bytes else { return 0 }
        Exchange.from(context).heard(UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
    }
}
