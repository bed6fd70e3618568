import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct CryptoTests {
    private func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes) }

    // Examples published with FIPS 180-4; the test of a million letters below is the third of RFC 6234 section 8.5.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the published digests`(text: String, digest: String) throws {
        #expect(try hex(SHA256.hash(text)) == digest)
    }

    @Test func `SHA-256 of a million letters is the published digest`() throws {
        let digest = try SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000))
        #expect(hex(digest) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `hashing piece by piece gives the digest of the whole`() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hash = try SHA256()
        var index = 0
        for size in [0, 1, 63, 64, 65, 1000, 8807] {
            try hash.update(Array(bytes[index..<index + size]))
            index += size
        }
        #expect(index == bytes.count)
        let whole = try SHA256.hash(bytes)
        let pieces = try hash.finish()
        #expect(pieces == whole)
    }

    // RFC 4231 sections 4.2, 4.3 and 4.7.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC-SHA-256 gives the published codes`(key: [UInt8], message: String, code: String) throws {
        #expect(try hex(Crypto.hmacSHA256(key: key, Array(message.utf8))) == code)
    }

    @Test func `an empty key and an empty message have a code too`() throws {
        #expect(
            try hex(Crypto.hmacSHA256(key: [], [])) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    // RFC 7914 section 12.
    @Test(arguments: [
        (
            "password", "NaCl", Crypto.ScryptCost(work: 1024, blockSize: 8, parallelism: 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "", "", Crypto.ScryptCost(work: 16, blockSize: 1, parallelism: 1),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
    ])
    func `scrypt gives the published keys`(password: String, salt: String, cost: Crypto.ScryptCost, key: String) throws {
        #expect(try hex(Crypto.scrypt(password: Array(password.utf8), salt: Array(salt.utf8), cost: cost, count: 64)) == key)
    }

    @Test(arguments: [
        Crypto.ScryptCost(work: 1000, blockSize: 8, parallelism: 1),
        Crypto.ScryptCost(work: 1, blockSize: 8, parallelism: 1),
        Crypto.ScryptCost(work: 1 << 21, blockSize: 8, parallelism: 1),
        Crypto.ScryptCost(work: 16, blockSize: 0, parallelism: 1),
        Crypto.ScryptCost(work: 16, blockSize: 8, parallelism: 17),
        Crypto.ScryptCost(work: .max, blockSize: .max, parallelism: .max),
        Crypto.ScryptCost(work: -16, blockSize: 8, parallelism: 1),
    ])
    func `an scrypt cost out of range is refused`(cost: Crypto.ScryptCost) {
        #expect(throws: TwinError.self) { try Crypto.scrypt(password: [1], salt: [2], cost: cost) }
    }

    @Test func `the standard scrypt cost is accepted`() throws {
        #expect(try Crypto.scrypt(password: [1], salt: [2]).count == 32)
    }

    @Test func `secrets compare by content`() throws {
        #expect(try Crypto.equal([1, 2, 3], [1, 2, 3]))
        #expect(try !Crypto.equal([1, 2, 3], [1, 2, 4]))
        #expect(try !Crypto.equal([1, 2, 3], [1, 2]))
        #expect(try Crypto.equal([], []))
    }

    @Test func `random bytes have the length asked for and do not repeat`() {
        for count in [0, 1, 7, 8, 9, 33] { #expect(Crypto.random(count: count).count == count) }
        #expect(Crypto.random(count: 32) != Crypto.random(count: 32))
    }
}
