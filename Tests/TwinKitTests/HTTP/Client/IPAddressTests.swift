import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit

@Suite struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.3",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
        "2001:10::1",
        "2001:20::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
        "fec0::1",
        "ff02::1", "ff0e::1", "4000::1", "1000::1",
    ])
    func `an address of this machine, its networks or nobody is not public`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!address.isPublic)
        #expect(!AddressPolicy.public.allows(address, port: 443))
        #expect(AddressPolicy.any.allows(address, port: 443))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e", "2001:200::1",
        "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2003::1", "3ffe::1",
    ])
    func `an address of the Internet is public`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isPublic)
        #expect(AddressPolicy.public.allows(address, port: 443))
    }

    /// The blocks again, written as the first and last number of each, against random addresses and those at every edge.
    @Test func `the prefixes agree with ranges of numbers`() throws {
        let blocks: [(String, String)] = [
            ("0.0.0.0", "0.255.255.255"), ("10.0.0.0", "10.255.255.255"), ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"), ("169.254.0.0", "169.254.255.255"), ("172.16.0.0", "172.31.255.255"),
            ("192.0.0.0", "192.0.0.255"), ("192.0.2.0", "192.0.2.255"), ("192.88.99.0", "192.88.99.255"),
            ("192.168.0.0", "192.168.255.255"), ("198.18.0.0", "198.19.255.255"), ("198.51.100.0", "198.51.100.255"),
            ("203.0.113.0", "203.0.113.255"), ("224.0.0.0", "255.255.255.255"),
        ]
        func number(_ text: String) throws -> UInt32 {
            try #require(IPAddress(text)).bytes.reduce(0) { $0 << 8 | UInt32($1) }
        }
        let ranges = try blocks.map { try number($0)...number($1) }
        var generator = TestRandom()
        var samples = (0..<20_000).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
        for range in ranges {
            samples += [range.lowerBound, range.upperBound, range.lowerBound &- 1, range.upperBound &+ 1]
        }
        for sample in samples {
            let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sample >> $0) }
            let expected = !ranges.contains { $0.contains(sample) }
            #expect(IPAddress(bytes: bytes)?.isPublic == expected, "\(bytes)")
            // The same address inside an IPv6 address is judged the same.
            for prefix in [
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] as [UInt8],
            ] {
                #expect(IPAddress(bytes: prefix + bytes)?.isPublic == expected)
            }
        }
    }

    @Test func `addresses are read and written in their usual form`() {
        for text in ["192.0.2.1", "::1", "2001:db8::ff00:42:8329", "fe80::1"] {
            #expect(IPAddress(text)?.description == text)
        }
        for text in ["", "1.2.3", "1.2.3.256", "::g", "[::1]", "fe80::1%eth0", "localhost", "0x7f.1", "127.1"] {
            #expect(IPAddress(text) == nil)
        }
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test func `a policy can name exceptions and ports`() throws {
        let loopback = try #require(IPAddress("127.0.0.1"))
        let other = try #require(IPAddress("127.0.0.2"))
        let policy = AddressPolicy(allowsPrivate: false, exceptions: [loopback], ports: [80, 443])
        #expect(policy.allows(loopback, port: 80))
        #expect(!policy.allows(loopback, port: 22))
        #expect(!policy.allows(other, port: 80))
    }
}
