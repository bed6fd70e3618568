/// Keys and tokens that OpenSSL's command made for these tests; the private halves were thrown away. Each token has the
/// subject `user-1`, the issuer `https://issuer.example`, the audience `authenticated`, and ends in the year 2100.
enum SignedTokens {
    static let firstModulus =
        "vXd1viurc7EtUvEE8j5BKiJx047bMJfYpivhVK0lkWQEuQMGF_uoEatSTFlOm-XfySeJh79sQbeIqefU23gca49s7q3YIqIcgfUE1iNb"
        + "vnSeFQeEG9qRI54bo2_dP3TXMrcwbixlx3jVRP-f8AbsN0ed_XAa2ZbY_OXaANWsbbnZGeqVV5s-sWmS2mSgS7nu2pYj3u4FxSk-zxie"
        + "-GZjxnP99BWv3sA9ZxsbT4-HGo8GfnbPmLHNdpLMgnig0C82WOZEHrMikwrdvuZyRKtnWbduAJhAQawAxSt08R_C_zkaNmJY6vEbAZV-"
        + "BIswJjfQg53TU3pW4I-XeofTAESxPQ"
    static let secondModulus =
        "8o-ErC4LxjC--xkkf0dN6kBO4YS8y5vZYYwQN1BuzrTEuujFVnZ37NV-LQLMr2lGYxcco_-ZByZha7aVqafAe2e3cK8wbo7QecKqcp9k"
        + "DoTbfpR_lASlakZz4ZsGV7afKJtAHeAvl_aVTmlFV7cJ66dOIlVi1116T2WBq9IjTmLp5B-cgraX9fMKnobUoU5fdL68t10fjaI7EPCZ"
        + "e-KYGY7v0XkZTrhXWtwA0psMaQnRNAPXkpV9lIpZZtNii93J1kTCgjfHIfuqbcaULD3AvRR5AzCf-c5ykQULfE14P4qhh33nf3HEdR_i"
        + "9CqN_yWMt_U3df1EHrK0mFactyQvrw"
    static let x =
        "IzNVHzsRE0Z_OCDIwztGeh6Q40XTfQ5MvZJ5GUglJwk"
    static let y =
        "g6hCQ8Qv6Rajqg7vVrEkZK2wMDSk68wutRFWNxNR3JU"
    static let first =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZpcnN0IiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVk"
        + "IjoiYXV0aGVudGljYXRlZCIsInN1YiI6InVzZXItMSIsImVtYWlsIjoiQWRhQEV4YW1wbGUub3JnIiwidXNlcl9tZXRhZGF0YSI6eyJm"
        + "dWxsX25hbWUiOiJBZGEgTG92ZWxhY2UiLCJhdmF0YXJfdXJsIjoiaHR0cHM6Ly9leGFtcGxlLm9yZy9hZGEucG5nIn0sImlhdCI6MTcw"
        + "MDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ.CCbgOWQIMRwwVrw28YgTcctvWYqeKNsOM6nQ4JkKyvFbmSYpDVCmZq4JQXrqNvZzVpwJJ"
        + "18SqSt6mw1QEMf5N3DGFb1eL_0mk7chSDhzka0AOK6q0SqvLZJzMCHfSTXsjdUGxkEtPs-VjnrA2PLxz1eoxa3VVJlGLimvBNbp23qAq"
        + "yFvMes7_7Ei6WRJblIg0gv1uX045RPo_3lfnHsyrNmtAUxhVIePTvNVvSWY39Y-l7oCUzgHcxuH0Ks0zxhE2qpeYpfZHVDaFr1BYWYke"
        + "Dt96mjQ8NBFBYJ2f6FfOEwQey2qs1jFRXHhOyy1ESOe-LnrWGRNq6EoxD_TXax2Tg"
    static let second =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6InNlY29uZCIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXV"
        + "kIjoiYXV0aGVudGljYXRlZCIsInN1YiI6InVzZXItMSIsImVtYWlsIjoiQWRhQEV4YW1wbGUub3JnIiwidXNlcl9tZXRhZGF0YSI6eyJ"
        + "mdWxsX25hbWUiOiJBZGEgTG92ZWxhY2UiLCJhdmF0YXJfdXJsIjoiaHR0cHM6Ly9leGFtcGxlLm9yZy9hZGEucG5nIn0sImlhdCI6MTc"
        + "wMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ.wKIhzwJa4oF3l98sQCtohEFN9shB-df95Rpk28Rfq9WkkJ4GBh4R_hEP5UJETIa5KBsj"
        + "euC_Ef4D05iV6F9-4MrkKYAEKy_ibdema1tsePAS0BcW029X_JqifjJRCT0sn41WVh5r5Jf7CFyqNYFskqzGvJDGd86sF0uxOBcziozV"
        + "1wrgUoT_c3aTaK6XvFVcynrLmRqOlUqF8dRxYfkoLLsXC3W2pPn4q2kK5IMMQ6v50BK2MSrYYCQn9xIOccSuEcMaVowo94Y8-uwSypnr"
        + "3kDLY062v4nnSa3BoCa_KV3_Q5mfrpk252DUpoIxU67177P_ajdzz_VwhwIw0Y7n8w"
    static let withoutKeyID =
        "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiYXV0aGVudGl"
        + "jYXRlZCIsInN1YiI6InVzZXItMSIsImVtYWlsIjoiQWRhQEV4YW1wbGUub3JnIiwidXNlcl9tZXRhZGF0YSI6eyJmdWxsX25hbWUiOiJ"
        + "BZGEgTG92ZWxhY2UiLCJhdmF0YXJfdXJsIjoiaHR0cHM6Ly9leGFtcGxlLm9yZy9hZGEucG5nIn0sImlhdCI6MTcwMDAwMDAwMCwiZXh"
        + "wIjo0MTAyNDQ0ODAwfQ.nbuOZPmI5_KmavF0dcJOHiKnImeV-0KHOV00SkEJcCE2nB09jUTKWhtz_zYpNwb7ak9ngtagmODgBSFAffIZ"
        + "Jyieaouh7GTP3JZnkM7QiMRZ2U8im2VJv1zSael1SdVnncVG7WGGWdtmb_V0mpeDLt6VdSEjYRipVDEOYIr0Rtrsg5XoUdfgvS4WWaaz"
        + "kZdKLNOVajYHvSpvnxJC-roC6j8DyFvPCXQ9gjZjyl4WULPYc0CVtl8MmUqMNHKI-zp35dB5N6kKSxNihhtmLp1vAVA7MrA0XWFSZazj"
        + "8vlghTZStREpBuU6Ay6jP5hoh91hWb9VAlxh1wC7N6KmDm9xpg"
    static let curve =
        "eyJhbGciOiJFUzI1NiIsImtpZCI6ImN1cnZlIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVk"
        + "IjoiYXV0aGVudGljYXRlZCIsInN1YiI6InVzZXItMSIsImVtYWlsIjoiQWRhQEV4YW1wbGUub3JnIiwidXNlcl9tZXRhZGF0YSI6eyJm"
        + "dWxsX25hbWUiOiJBZGEgTG92ZWxhY2UiLCJhdmF0YXJfdXJsIjoiaHR0cHM6Ly9leGFtcGxlLm9yZy9hZGEucG5nIn0sImlhdCI6MTcw"
        + "MDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ.2WpUK_6xusUIRohfbZ4hSkEN2522-2SLFE8o1fluUEfXkqx_8HHB2LthAEIXv28g97w3U"
        + "Ya4zZjq-S2YQfiyXg"
    /// The first key's public half as a file, which is no secret.
    static let firstPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvXd1viurc7EtUvEE8j5B
        KiJx047bMJfYpivhVK0lkWQEuQMGF/uoEatSTFlOm+XfySeJh79sQbeIqefU23gc
        a49s7q3YIqIcgfUE1iNbvnSeFQeEG9qRI54bo2/dP3TXMrcwbixlx3jVRP+f8Abs
        N0ed/XAa2ZbY/OXaANWsbbnZGeqVV5s+sWmS2mSgS7nu2pYj3u4FxSk+zxie+GZj
        xnP99BWv3sA9ZxsbT4+HGo8GfnbPmLHNdpLMgnig0C82WOZEHrMikwrdvuZyRKtn
        WbduAJhAQawAxSt08R/C/zkaNmJY6vEbAZV+BIswJjfQg53TU3pW4I+XeofTAESx
        PQIDAQAB
        -----END PUBLIC KEY-----
        """

    static func rsa(_ id: String?, _ modulus: String) -> String {
        "{\"kty\":\"RSA\",\(id.map { "\"kid\":\"\($0)\"," } ?? "")\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\"\(modulus)\",\"e\":\"AQAB\"}"
    }

    static let firstKey = rsa("first", firstModulus)
    static let secondKey = rsa("second", secondModulus)
    static let curveKey = "{\"kty\":\"EC\",\"kid\":\"curve\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(y)\"}"

    static func set(_ keys: String...) -> String { "{\"keys\":[\(keys.joined(separator: ","))]}" }
}
