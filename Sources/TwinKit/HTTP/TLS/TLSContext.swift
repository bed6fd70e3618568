import TwinSupport

/// A server's certificate and rules for TLS, shared by its connections: TLS 1.2 or later, no renegotiation, HTTP/1.1.
///
/// `@unchecked Sendable`: OpenSSL lets several threads make sessions from one context that nobody changes any more
/// (SSL_CTX_new(3), openssl-threads(7)); it is changed only in `init`.
final class TLSContext: @unchecked Sendable {
    private let library: LibSSL
    private let context: LibSSL.Pointer

    /// Reads the PEM files. Throws a `TwinError` that says which of them cannot be used.
    init(_ configuration: TLSConfiguration) throws {
        guard let library = LibSSL.shared, let context = library.contextNew(library.serverMethod()) else {
            throw TwinError(.notConfigured, "HTTPS needs OpenSSL's libssl, which is not installed")
        }
        self.library = library
        self.context = context
        library.clearErrors()
        guard library.useCertificateChain(context, configuration.certificatePath) == 1 else {
            throw TwinError(.invalid, "The certificate \(configuration.certificatePath) cannot be read as PEM")
        }
        guard library.useKey(context, configuration.keyPath, Self.pem) == 1 else {
            throw TwinError(.invalid, "The key \(configuration.keyPath) cannot be read as PEM, or belongs to another certificate")
        }
        guard library.checkKey(context) == 1 else {
            throw TwinError(.invalid, "The key \(configuration.keyPath) belongs to another certificate")
        }
        _ = library.contextControl(context, Self.setMinimumVersion, Self.version1_2, nil)
        _ = library.contextControl(context, Self.setMode, Self.mode, nil)
        _ = library.contextSetOptions(context, Self.noRenegotiation)
        library.setSelectProtocol(context, Self.selectProtocol, nil)
    }

    deinit { library.contextFree(context) }

    /// The server's side of a connection on this socket; none when memory is short.
    func session(_ descriptor: Int32) -> TLSSession? {
        guard let session = library.new(context) else { return nil }
        guard library.setDescriptor(session, descriptor) == 1 else {
            library.free(session)
            return nil
        }
        library.setAcceptState(session)
        return TLSSession(library, session)
    }

    // Constants of ssl.h, which are macros there.
    private static let pem: Int32 = 1
    private static let setMode: Int32 = 33
    private static let setMinimumVersion: Int32 = 123
    private static let version1_2: CLong = 0x0303
    /// Partial writes, from a buffer that may move, and no buffers held by idle sessions.
    private static let mode: CLong = 0x1 | 0x2 | 0x10
    private static let noRenegotiation: UInt64 = 1 << 30

    /// Picks `http/1.1` from what the client offers (RFC 7301); a client that offers only others goes on without.
    private static let selectProtocol: LibSSL.SelectProtocol = { _, chosen, chosenLength, offered, length, _ in
        let offers = UnsafeRawBufferPointer(start: offered, count: Int(length))
        var index = 0
        while index < offers.count {
            let size = Int(offers[index])
            guard index + 1 + size <= offers.count else { break }
            if offers.part(index + 1, index + 1 + size).matches("http/1.1") {
                chosen?.pointee = offered.map { $0 + index + 1 }
                chosenLength?.pointee = UInt8(size)
                return 0
            }
            index += 1 + size
        }
        return 3
    }
}

/// One connection's TLS state. Used only on its event loop's thread.
final class TLSSession {
    enum Outcome {
        case bytes(Int)
        case end
        case needsInput
        case needsOutput
        case failed
    }

    private let library: LibSSL
    private let session: LibSSL.Pointer

    init(_ library: LibSSL, _ session: LibSSL.Pointer) {
        self.library = library
        self.session = session
    }

    deinit { library.free(session) }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        library.clearErrors()
        return outcome(library.read(session, buffer.baseAddress, Int32(clamping: buffer.count)))
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        library.clearErrors()
        return outcome(library.write(session, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    /// Tells the client that no more comes, so that it can tell an end from a cut.
    func finish() {
        library.clearErrors()
        _ = library.shutdown(session)
    }

    private func outcome(_ code: Int32) -> Outcome {
        if code > 0 { return .bytes(Int(code)) }
        // SSL_ERROR_WANT_READ, WANT_WRITE and ZERO_RETURN of ssl.h.
        switch library.error(session, code) {
        case 2: return .needsInput
        case 3: return .needsOutput
        case 6: return .end
        default: return .failed
        }
    }
}
