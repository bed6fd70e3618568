#if canImport(Glibc)
    import Glibc
#endif

/// OpenSSL's libcrypto, opened on first use: the one door to it (`SystemLibrary`). The types of its functions are those of OpenSSL 3's
/// manual pages, so neither header nor development package is needed.
struct LibCrypto: Sendable {
    /// A pointer to one of the library's own objects.
    typealias Object = OpaquePointer
    typealias Input = UnsafeRawPointer
    typealias Output = UnsafeMutablePointer<UInt8>
    typealias Length = UnsafeMutablePointer<UInt32>

    typealias NewContext = @convention(c) @Sendable () -> Object?
    typealias FreeContext = @convention(c) @Sendable (Object?) -> Void
    typealias InitDigest = @convention(c) @Sendable (Object, Object, Object?) -> Int32
    typealias UpdateDigest = @convention(c) @Sendable (Object, Input?, Int) -> Int32
    typealias FinishDigest = @convention(c) @Sendable (Object, Output, Length?) -> Int32
    typealias FetchDigest = @convention(c) @Sendable (Object?, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Object?
    typealias HMAC = @convention(c) @Sendable (Object, Input, Int32, Input, Int, Output, Length?) -> Output?
    typealias Scrypt =
        @convention(c) @Sendable (
            Input, Int, Input, Int, UInt64, UInt64, UInt64, UInt64, Output, Int
        ) -> Int32
    typealias Compare = @convention(c) @Sendable (Input, Input, Int) -> Int32
    typealias ReadPublicKey = @convention(c) @Sendable (Object?, UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> Object?
    typealias FreeKey = @convention(c) @Sendable (Object?) -> Void
    typealias KeyBits = @convention(c) @Sendable (Object) -> Int32
    typealias InitVerification = @convention(c) @Sendable (Object, Object?, Object, Object?, Object) -> Int32
    typealias Verify = @convention(c) @Sendable (Object, Input, Int, Input, Int) -> Int32
    typealias InitSigning = InitVerification
    typealias Sign =
        @convention(c) @Sendable (Object, Output?, UnsafeMutablePointer<Int>, Input, Int) -> Int32
    typealias NewKeyContext = @convention(c) @Sendable (Object?, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Object?
    typealias KeyContextStep = @convention(c) @Sendable (Object) -> Int32
    typealias SetKeyBits = @convention(c) @Sendable (Object, Int32) -> Int32
    typealias GenerateKey = @convention(c) @Sendable (Object, UnsafeMutablePointer<Object?>) -> Int32
    typealias WriteKey = @convention(c) @Sendable (Object, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    typealias KeyNumber = @convention(c) @Sendable (Object, UnsafePointer<CChar>, UnsafeMutablePointer<Object?>) -> Int32
    typealias NumberBits = @convention(c) @Sendable (Object) -> Int32
    typealias WriteNumber = @convention(c) @Sendable (Object, Output) -> Int32
    typealias FetchCipher = FetchDigest
    /// `EVP_EncryptInit_ex2` and its counterpart: context, cipher, key, nonce, parameters.
    typealias InitCipher =
        @convention(c) @Sendable (Object, Object?, UnsafePointer<UInt8>?, UnsafePointer<UInt8>?, Object?) -> Int32
    typealias UpdateCipher =
        @convention(c) @Sendable (Object, Output?, UnsafeMutablePointer<Int32>, UnsafePointer<UInt8>?, Int32) -> Int32
    typealias FinishCipher = @convention(c) @Sendable (Object, Output, UnsafeMutablePointer<Int32>) -> Int32
    typealias ControlCipher = @convention(c) @Sendable (Object, Int32, Int32, UnsafeMutableRawPointer?) -> Int32
    typealias Initialize = @convention(c) (UInt64, Object?) -> Int32
    typealias Version = @convention(c) @Sendable (Int32) -> UnsafePointer<CChar>?

    let newContext: NewContext
    let freeContext: FreeContext
    let initDigest: InitDigest
    let updateDigest: UpdateDigest
    let finishDigest: FinishDigest
    let hmac: HMAC
    let scrypt: Scrypt
    let compare: Compare
    let readPublicKey: ReadPublicKey
    let freeKey: FreeKey
    let freeDigest: FreeKey
    let keyBits: KeyBits
    let initVerification: InitVerification
    let verify: Verify
    let readPrivateKey: ReadPublicKey
    let writePrivateKey: WriteKey
    let newKeyContext: NewKeyContext
    let freeKeyContext: FreeKey
    let initGeneration: KeyContextStep
    let setRSABits: SetKeyBits
    let generateKey: GenerateKey
    let keyNumber: KeyNumber
    let numberBits: NumberBits
    let writeNumber: WriteNumber
    let freeNumber: FreeKey
    let initSigning: InitSigning
    let sign: Sign
    let fetchCipher: FetchCipher
    let freeCipher: FreeKey
    let newCipherContext: NewContext
    let freeCipherContext: FreeContext
    let initEncryption: InitCipher
    let updateEncryption: UpdateCipher
    let finishEncryption: FinishCipher
    let initDecryption: InitCipher
    let updateDecryption: UpdateCipher
    let finishDecryption: FinishCipher
    let controlCipher: ControlCipher
    let version: Version
    /// The address of the SHA-256 implementation, fetched once and never freed: a look-up by name costs more than hashing
    /// a short text. It is kept as a number because a pointer is not `Sendable`; the object is immutable and OpenSSL lets
    /// threads share it.
    private let sha256Address: UInt
    private let fetchDigest: FetchDigest

    private static let library = SystemLibrary { LibCrypto() }

    /// OPENSSL_INIT_NO_ATEXIT of crypto.h. OpenSSL's clean-up in `exit` frees what threads that end at that moment free too;
    /// the memory goes with the process anyway. Only the first call into the library decides.
    private static let withoutExitHandler: UInt64 = 0x0008_0000

    /// The library. Throws `TwinError` (`notConfigured`) when it cannot be opened.
    static func load() throws -> LibCrypto {
        guard let opened = library.functions else {
            throw TwinError(
                .notConfigured,
                "hashes, keys and tokens need OpenSSL's libcrypto.so.3, which cannot be opened; install it with: "
                    + "apt-get install libssl3")
        }
        return opened
    }

    /// SHA-256 as `EVP_DigestInit_ex` and `HMAC` take it.
    func sha256() throws -> Object {
        guard let object = Object(bitPattern: sha256Address) else { throw LibCrypto.failure("SHA-256") }
        return object
    }

    /// Another digest by its name; whoever asks frees it. None where the library forbids it.
    func digest(_ name: String) -> Object? { fetchDigest(nil, name, nil) }

    /// For a call that the library refused, which happens only when memory runs out or its configuration forbids the
    /// algorithm.
    static func failure(_ what: String) -> TwinError {
        TwinError(.failed, "libcrypto refused \(what); check the machine's OpenSSL configuration and free memory")
    }

    private init?() {
        guard let library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL) else { return nil }
        func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
            // POSIX requires that what dlsym answers can be used as a pointer to the function.
            dlsym(library, name).map { unsafeBitCast($0, to: type) }
        }
        guard let initialize = symbol("OPENSSL_init_crypto", as: Initialize.self),
            initialize(Self.withoutExitHandler, nil) == 1
        else { return nil }
        guard let newContext = symbol("EVP_MD_CTX_new", as: NewContext.self),
            let freeContext = symbol("EVP_MD_CTX_free", as: FreeContext.self),
            let initDigest = symbol("EVP_DigestInit_ex", as: InitDigest.self),
            let updateDigest = symbol("EVP_DigestUpdate", as: UpdateDigest.self),
            let finishDigest = symbol("EVP_DigestFinal_ex", as: FinishDigest.self),
            let fetchDigest = symbol("EVP_MD_fetch", as: FetchDigest.self),
            let hmac = symbol("HMAC", as: HMAC.self),
            let scrypt = symbol("EVP_PBE_scrypt", as: Scrypt.self),
            let compare = symbol("CRYPTO_memcmp", as: Compare.self),
            let readPublicKey = symbol("d2i_PUBKEY", as: ReadPublicKey.self),
            let freeKey = symbol("EVP_PKEY_free", as: FreeKey.self),
            let freeDigest = symbol("EVP_MD_free", as: FreeKey.self),
            let keyBits = symbol("EVP_PKEY_get_bits", as: KeyBits.self),
            let initVerification = symbol("EVP_DigestVerifyInit", as: InitVerification.self),
            let verify = symbol("EVP_DigestVerify", as: Verify.self),
            let readPrivateKey = symbol("d2i_AutoPrivateKey", as: ReadPublicKey.self),
            let writePrivateKey = symbol("i2d_PrivateKey", as: WriteKey.self),
            let newKeyContext = symbol("EVP_PKEY_CTX_new_from_name", as: NewKeyContext.self),
            let freeKeyContext = symbol("EVP_PKEY_CTX_free", as: FreeKey.self),
            let initGeneration = symbol("EVP_PKEY_keygen_init", as: KeyContextStep.self),
            let setRSABits = symbol("EVP_PKEY_CTX_set_rsa_keygen_bits", as: SetKeyBits.self),
            let generateKey = symbol("EVP_PKEY_generate", as: GenerateKey.self),
            let keyNumber = symbol("EVP_PKEY_get_bn_param", as: KeyNumber.self),
            let numberBits = symbol("BN_num_bits", as: NumberBits.self),
            let writeNumber = symbol("BN_bn2bin", as: WriteNumber.self),
            let freeNumber = symbol("BN_free", as: FreeKey.self),
            let initSigning = symbol("EVP_DigestSignInit", as: InitSigning.self),
            let sign = symbol("EVP_DigestSign", as: Sign.self),
            let fetchCipher = symbol("EVP_CIPHER_fetch", as: FetchCipher.self),
            let freeCipher = symbol("EVP_CIPHER_free", as: FreeKey.self),
            let newCipherContext = symbol("EVP_CIPHER_CTX_new", as: NewContext.self),
            let freeCipherContext = symbol("EVP_CIPHER_CTX_free", as: FreeContext.self),
            let initEncryption = symbol("EVP_EncryptInit_ex2", as: InitCipher.self),
            let updateEncryption = symbol("EVP_EncryptUpdate", as: UpdateCipher.self),
            let finishEncryption = symbol("EVP_EncryptFinal_ex", as: FinishCipher.self),
            let initDecryption = symbol("EVP_DecryptInit_ex2", as: InitCipher.self),
            let updateDecryption = symbol("EVP_DecryptUpdate", as: UpdateCipher.self),
            let finishDecryption = symbol("EVP_DecryptFinal_ex", as: FinishCipher.self),
            let controlCipher = symbol("EVP_CIPHER_CTX_ctrl", as: ControlCipher.self),
            let version = symbol("OpenSSL_version", as: Version.self),
            let sha256 = fetchDigest(nil, "SHA256", nil)
        else { return nil }
        self.newContext = newContext
        self.freeContext = freeContext
        self.initDigest = initDigest
        self.updateDigest = updateDigest
        self.finishDigest = finishDigest
        self.hmac = hmac
        self.scrypt = scrypt
        self.compare = compare
        self.readPublicKey = readPublicKey
        self.freeKey = freeKey
        self.freeDigest = freeDigest
        self.keyBits = keyBits
        self.initVerification = initVerification
        self.verify = verify
        self.readPrivateKey = readPrivateKey
        self.writePrivateKey = writePrivateKey
        self.newKeyContext = newKeyContext
        self.freeKeyContext = freeKeyContext
        self.initGeneration = initGeneration
        self.setRSABits = setRSABits
        self.generateKey = generateKey
        self.keyNumber = keyNumber
        self.numberBits = numberBits
        self.writeNumber = writeNumber
        self.freeNumber = freeNumber
        self.initSigning = initSigning
        self.sign = sign
        self.fetchCipher = fetchCipher
        self.freeCipher = freeCipher
        self.newCipherContext = newCipherContext
        self.freeCipherContext = freeCipherContext
        self.initEncryption = initEncryption
        self.updateEncryption = updateEncryption
        self.finishEncryption = finishEncryption
        self.initDecryption = initDecryption
        self.updateDecryption = updateDecryption
        self.finishDecryption = finishDecryption
        self.controlCipher = controlCipher
        self.version = version
        sha256Address = UInt(bitPattern: sha256)
        self.fetchDigest = fetchDigest
    }
}
