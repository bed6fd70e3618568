import Testing

@testable import TwinSupport

@Suite struct CryptoSealingTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    /// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST's test vectors repeat.
    @Test func `the published test vector opens`() throws {
        let key = try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
        let plaintext = try bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        )
        let context = try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")
        let sealed = try bytes(
            "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b")
        #expect(try Crypto.open(sealed, key: key, context: context) == plaintext)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 4096]) func `what was sealed opens again`(size: Int) throws {
        let key = Crypto.random(count: Crypto.sealingKeySize)
        let plaintext = Crypto.random(count: size)
        for context in [[], Array("jwt_secret".utf8)] {
            let sealed = try Crypto.seal(plaintext, key: key, context: context)
            #expect(sealed.count == size + 28)
            #expect(try Crypto.open(sealed, key: key, context: context) == plaintext)
            #expect(try Crypto.seal(plaintext, key: key, context: context) != sealed, "each has a nonce of its own")
        }
    }

    @Test func `any changed bit, another key and another context open nothing`() throws {
        let key = Crypto.random(count: Crypto.sealingKeySize)
        let context = Array("a".utf8)
        let sealed = try Crypto.seal(Array("secret".utf8), key: key, context: context)
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(try Crypto.open(changed, key: key, context: context) == nil)
            }
        }
        var other = key
        other[31] ^= 1
        #expect(try Crypto.open(sealed, key: other, context: context) == nil)
        #expect(try Crypto.open(sealed, key: key, context: Array("b".utf8)) == nil)
        #expect(try Crypto.open(sealed, key: key, context: []) == nil)
        for count in 0..<28 { #expect(try Crypto.open(Array(sealed.prefix(count)), key: key, context: context) == nil) }
        #expect(throws: TwinError.self) { try Crypto.seal([1], key: [1, 2, 3], context: []) }
    }
}
