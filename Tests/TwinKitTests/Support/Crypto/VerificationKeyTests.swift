import Synchronization
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct VerificationKeyTests {
    // Keys and signatures over "header.payload" that OpenSSL's command made for this test; the private halves were
    // thrown away.
    private static let modulus =
        "ziMXfuL5AhgdnMGbzsY3kUz3GxShJQ_FfyHiC5LetEuC_NwfNIEli9kUh9ODlMVuXfIr3WvO0qUe5mqlhrvC_B8z_m1sqvpMCAIH"
        + "BOtdet20qiczfOwQRGcMlcJCdJU02-iyQI5XJbpDMZx98TNtZ5RTV0GR8UoC7kytnzKc-a43Kh-yu7uYuYmiMfrOXx360lZdr6x9"
        + "f9Y9GWWliVdpvWwfzhoA7v1U-S4d4Ruvx1UqNNBSQCUlREQCp5xzbypuGWycu68ODa-83rLZQsOLFmAgNMzsfHMwZBW9Z-Q0xcII"
        + "sZFJN8rpNFJsd4ZIQawVQfOZKSn7Gb2LtXvZCdQUfQ"
    private static let rsaSignature =
        "jShyA26_Lxe5c_QDtg_EjjU_cZh2MuJiiW18NEklXxD57A7Fkz-yZ66nNgZ5BT7gdjo5mTv3pJBmTPFoYcJssV-VY7jhtFVvKc6g"
        + "JJUjq0J5jT6D2eoDSoRMJjc7d0bJly3z05VPDM2OrmciVBH7fH9IS6FR2MuySXcKyJh-9ycvu7xxYgs3UNa6PlaRcgA_rz9SotRI"
        + "ZwyYODjuyrTZEl87-7Gi0PVwQ-7c5bAM6EI0f_67q6fdGR4bU9DMMHwyuhyQ54NWWjP2wq_3056hc6LLp36BeQ7J7qrO5iZ_vkZC"
        + "u-qWxpWIlPnp6G0nvkck40_fg-ubvVX-8K2Vd1LLMg"
    private static let x = "9HHse_qX72Xo8pMnqITi_r41UZ1Q4cOghlw3Bp8By-U"
    private static let y = "LNMZ00iOsNF84nBwruxnwSqV2Ycs5onB4a5fE9h1PLo"
    private static let ecSignature =
        "lGziFS7RAPLxL4vbRhvSZhAOdNsKy6pX-AdcUsL3_xQZwoCse0cnYzV_99SoUf89x9ojpNK6OGnkzI_pjuaOQw"
    private static let shortModulus =
        "5L17pdAzaYEc5tXijp5IEpsw9-nVip_-RAmwevxnjM3suQ83o25dQiYUSWTjF2drVvqMq5HJSVhCN0SkTNv0mZVfrConWNuSpAQy"
        + "IJCL75pt-xVHwyrufx5hW8I2eNW4isfKFvJWFIVObNLnJgZIguuEtDEAD2a2VQVmXNhwrIc"

    private let message = Array("header.payload".utf8)
    private static let rsa: JSON = ["kty": "RSA", "n": .string(modulus), "e": "AQAB"]
    private static let ec: JSON = ["kty": "EC", "crv": "P-256", "x": .string(x), "y": .string(y)]

    private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.url.decode(text)) }

    @Test func `a true signature is verified and each changed bit is noticed`() throws {
        for (jwk, text, algorithm) in [(Self.rsa, Self.rsaSignature, "RS256"), (Self.ec, Self.ecSignature, "ES256")] {
            let key = try VerificationKey(jwk: jwk)
            #expect(key.algorithm.rawValue == algorithm)
            let signature = try bytes(text)
            #expect(try key.verifies(signature: signature, of: message))
            #expect(try !key.verifies(signature: signature, of: message + [0]))
            #expect(try !key.verifies(signature: signature, of: []))
            for bit in stride(from: 0, to: signature.count * 8, by: 7) {
                var changed = signature
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(try !key.verifies(signature: changed, of: message), "bit \(bit)")
            }
        }
    }

    @Test func `signatures of a wrong length are false and no error`() throws {
        for jwk in [Self.rsa, Self.ec] {
            let key = try VerificationKey(jwk: jwk)
            for count in [0, 1, 63, 64, 65, 255, 256, 257, 5000] {
                #expect(try !key.verifies(signature: [UInt8](repeating: 0, count: count), of: message))
                #expect(try !key.verifies(signature: [UInt8](repeating: 0xFF, count: count), of: message))
            }
        }
    }

    @Test func `a signature of the other kind is false`() throws {
        #expect(try !VerificationKey(jwk: Self.rsa).verifies(signature: bytes(Self.ecSignature), of: message))
        #expect(try !VerificationKey(jwk: Self.ec).verifies(signature: bytes(Self.rsaSignature), of: message))
    }

    @Test func `a key is shared by threads`() throws {
        let key = try VerificationKey(jwk: Self.ec)
        let signature = try bytes(Self.ecSignature)
        let message = message
        let count = Atomic<Int>(0)
        Parallel.run(8) { _ in
            for _ in 0..<50 where (try? key.verifies(signature: signature, of: message)) == true {
                count.add(1, ordering: .relaxed)
            }
        }
        #expect(count.load(ordering: .relaxed) == 400)
    }

    @Test(
        arguments: [
            [:], ["kty": "oct", "k": "AAAA"], ["kty": "RSA", "n": "AQAB"], ["kty": "RSA", "n": "", "e": ""],
            ["kty": "RSA", "n": "!!", "e": "AQAB"],
            ["kty": "RSA", "n": .string(shortModulus), "e": "AQAB"],
            ["kty": "RSA", "n": .string(modulus), "e": "AQAB", "use": "enc"],
            ["kty": "RSA", "n": .string(modulus), "e": "AQAB", "alg": "PS256"],
            ["kty": "EC", "crv": "P-384", "x": .string(x), "y": .string(y)],
            ["kty": "EC", "crv": "P-256", "x": .string(x), "y": .string(x)],
            ["kty": "EC", "crv": "P-256", "x": .string(x), "y": "AQAB"],
            ["kty": "EC", "crv": "P-256", "x": .string(x), "y": .string(y), "alg": "RS256"], "text",
        ] as [JSON])
    func `what is no key for signatures is refused`(jwk: JSON) {
        let error = #expect(throws: TwinError.self) { try VerificationKey(jwk: jwk) }
        #expect(error?.kind == .invalid)
    }

    @Test func `numbers are written as DER has them`() {
        #expect(DER.integer([0, 0, 1]) == [2, 1, 1])
        #expect(DER.integer([0x80]) == [2, 2, 0, 0x80])
        #expect(DER.integer([]) == [2, 1, 0])
        #expect(DER.integer([0, 0]) == [2, 1, 0])
        #expect(DER.sequence([UInt8](repeating: 7, count: 127)).prefix(2) == [0x30, 127])
        #expect(DER.sequence([UInt8](repeating: 7, count: 128)).prefix(3) == [0x30, 0x81, 128])
        #expect(DER.sequence([UInt8](repeating: 7, count: 300)).prefix(4) == [0x30, 0x82, 1, 44])
    }
}
