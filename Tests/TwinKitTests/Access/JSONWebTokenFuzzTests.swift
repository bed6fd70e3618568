import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Tokens from somebody who tries everything: whatever the bytes, the answer is one refusal.
@Suite struct JSONWebTokenFuzzTests {
    /// The same sequence on every run, so that a failure can be looked at again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private func refuses(_ text: String) -> Bool {
        do {
            let token = try JSONWebToken(parsing: Secret(text))
            try token.verifySignature(secret: TwinFixture.secret)
            return false
        } catch {
            return error as? TwinError == JSONWebToken.refused
        }
    }

    @Test func `a token with bytes changed, cut, doubled or swapped is refused`() throws {
        let whole = Array(try ForgedToken.make().reveal().utf8)
        var generator = Generator(state: 7)
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...127, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8(ascii: "."), at: index)
                case 3: bytes.swapAt(index, Int.random(in: 0..<bytes.count, using: &generator))
                default: bytes = Array(bytes.prefix(index + 1))
                }
            }
            if bytes != whole { #expect(refuses(String(decoding: bytes, as: UTF8.self))) }
        }
    }

    @Test func `a well-formed token whose JSON is not what it should be is refused or read, never more`() throws {
        var generator = Generator(state: 11)
        let pieces = [
            "{", "}", "[", "]", "\"alg\"", ":", ",", "\"HS256\"", "\"kid\"", "1e999", "-0", "\"\\ud800\"", "null", "\"exp\"",
            "9e18", "\u{0}", "é",
        ]
        for _ in 0..<20_000 {
            func json() -> String {
                (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in pieces.randomElement(using: &generator) }
                    .joined()
            }
            let token = try? JSONWebToken(parsing: ForgedToken.make(header: json(), claims: json()))
            if let token {
                #expect(token.header.algorithm == .hs256)
                #expect(failure { try token.checkClaims(JSONWebToken.Rules()) } == .unauthenticated)
            }
        }
    }
}
