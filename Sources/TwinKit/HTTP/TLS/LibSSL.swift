#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// The functions of OpenSSL's libssl that a server needs, opened on first use (`SystemLibrary`).
struct LibSSL: Sendable {
    typealias Pointer = OpaquePointer
    typealias SelectProtocol =
        @convention(c) (
            Pointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?, UnsafePointer<UInt8>?,
            UInt32, UnsafeMutableRawPointer?
        ) -> Int32

    let serverMethod: @convention(c) () -> Pointer?
    let contextNew: @convention(c) (Pointer?) -> Pointer?
    let contextFree: @convention(c) (Pointer?) -> Void
    let contextControl: @convention(c) (Pointer?, Int32, CLong, UnsafeMutableRawPointer?) -> CLong
    let contextSetOptions: @convention(c) (Pointer?, UInt64) -> UInt64
    let useCertificateChain: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32
    let useKey: @convention(c) (Pointer?, UnsafePointer<CChar>?, Int32) -> Int32
    let checkKey: @convention(c) (Pointer?) -> Int32
    let setSelectProtocol: @convention(c) (Pointer?, SelectProtocol?, UnsafeMutableRawPointer?) -> Void
    let new: @convention(c) (Pointer?) -> Pointer?
    let free: @convention(c) (Pointer?) -> Void
    let setDescriptor: @convention(c) (Pointer?, Int32) -> Int32
    let setAcceptState: @convention(c) (Pointer?) -> Void
    let read: @convention(c) (Pointer?, UnsafeMutableRawPointer?, Int32) -> Int32
    let write: @convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32
    let error: @convention(c) (Pointer?, Int32) -> Int32
    let shutdown: @convention(c) (Pointer?) -> Int32
    let clearErrors: @convention(c) () -> Void

    private static let library = SystemLibrary { LibSSL() }

    /// None while the library cannot be opened.
    static var shared: LibSSL? { library.functions }

    private init?() {
        // First, because whoever calls libcrypto first decides how it ends.
        SystemLibraries.open()
        guard let library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL) ?? dlopen("libssl.so.1.1", RTLD_NOW | RTLD_LOCAL)
        else { return nil }
        // `ERR_clear_error` is libcrypto's, which libssl brings along: dlsym looks among a library's dependencies too.
        func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
            dlsym(library, name).map { unsafeBitCast($0, to: type) }
        }
        guard let serverMethod = symbol("TLS_server_method", as: (@convention(c) () -> Pointer?).self),
            let contextNew = symbol("SSL_CTX_new", as: (@convention(c) (Pointer?) -> Pointer?).self),
            let contextFree = symbol("SSL_CTX_free", as: (@convention(c) (Pointer?) -> Void).self),
            let contextControl = symbol(
                "SSL_CTX_ctrl", as: (@convention(c) (Pointer?, Int32, CLong, UnsafeMutableRawPointer?) -> CLong).self),
            let contextSetOptions = symbol("SSL_CTX_set_options", as: (@convention(c) (Pointer?, UInt64) -> UInt64).self),
            let useCertificateChain = symbol(
                "SSL_CTX_use_certificate_chain_file", as: (@convention(c) (Pointer?, UnsafePointer<CChar>?) -> Int32).self),
            let useKey = symbol(
                "SSL_CTX_use_PrivateKey_file", as: (@convention(c) (Pointer?, UnsafePointer<CChar>?, Int32) -> Int32).self),
            let checkKey = symbol("SSL_CTX_check_private_key", as: (@convention(c) (Pointer?) -> Int32).self),
            let setSelectProtocol = symbol(
                "SSL_CTX_set_alpn_select_cb",
                as: (@convention(c) (Pointer?, SelectProtocol?, UnsafeMutableRawPointer?) -> Void).self),
            let new = symbol("SSL_new", as: (@convention(c) (Pointer?) -> Pointer?).self),
            let free = symbol("SSL_free", as: (@convention(c) (Pointer?) -> Void).self),
            let setDescriptor = symbol("SSL_set_fd", as: (@convention(c) (Pointer?, Int32) -> Int32).self),
            let setAcceptState = symbol("SSL_set_accept_state", as: (@convention(c) (Pointer?) -> Void).self),
            let read = symbol("SSL_read", as: (@convention(c) (Pointer?, UnsafeMutableRawPointer?, Int32) -> Int32).self),
            let write = symbol("SSL_write", as: (@convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32).self),
            let error = symbol("SSL_get_error", as: (@convention(c) (Pointer?, Int32) -> Int32).self),
            let shutdown = symbol("SSL_shutdown", as: (@convention(c) (Pointer?) -> Int32).self),
            let clearErrors = symbol("ERR_clear_error", as: (@convention(c) () -> Void).self)
        else { return nil }
        self.serverMethod = serverMethod
        self.contextNew = contextNew
        self.contextFree = contextFree
        self.contextControl = contextControl
        self.contextSetOptions = contextSetOptions
        self.useCertificateChain = useCertificateChain
        self.useKey = useKey
        self.checkKey = checkKey
        self.setSelectProtocol = setSelectProtocol
        self.new = new
        self.free = free
        self.setDescriptor = setDescriptor
        self.setAcceptState = setAcceptState
        self.read = read
        self.write = write
        self.error = error
        self.shutdown = shutdown
        self.clearErrors = clearErrors
    }
}
