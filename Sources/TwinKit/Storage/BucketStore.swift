import TwinHTTP
import TwinSupport

/// A bucket of an S3-compatible storage, addressed by path. The operator chose it, so that it may be anywhere.
package struct BucketStore: ObjectStore {
    /// Where the bucket is: `https://s3.example.org/pictures`.
    let address: String
    package var bucket: String? { address }
    let signature: RequestSignature
    private let client: HTTPClient

    /// Milliseconds for one request; weights of 1 GiB pass in it at 1 MiB a second.
    private static let totalTime = 1_200_000
    /// For taking something away, for which somebody may wait: much shorter than a mark of `StoredFiles` counts.
    private static let removalTime = 20_000
    /// For a look on the way, which nobody needs to wait for.
    private static let glanceTime = 3_000
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// Throws `TwinError` (`notConfigured`) for an address that is none.
    package init(endpoint: String, bucket: String, signature: RequestSignature) throws {
        var base = endpoint
        while base.hasSuffix("/") { base.removeLast() }
        let isName = bucket.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard (3...63).contains(bucket.utf8.count), isName, let address = try? WebAddress(base), address.query == nil else {
            throw TwinError(.notConfigured, "storage.s3.url takes an address and storage.s3.bucket a bucket's name")
        }
        self.address = base + "/" + bucket
        self.signature = signature
        client = HTTPClient(
            policy: .any, userAgent: "twin", usesProxy: !WebAddress.isLoopback(address.host))
    }

    package func store(_ file: StagedFile, as name: StoredName) throws {
        if try open(name)?.size == file.size { return }
        var request = try request(.put, name.path, mediaType: name.kind.mediaType, bodyHash: Hex.encode(file.digest))
        request.file = try SentFile(path: file.path)
        let response = try send(request)
        guard response.status == 200 else { throw Self.failure(response) }
    }

    package func open(_ name: StoredName) throws -> StoredObject? { try open(path: name.path) }

    package func remove(_ name: StoredName) throws { try remove(path: name.path) }

    package func forEachShelf(_ body: ([StoredName]) throws -> Void) throws {}

    /// Something that has a name of its own in the bucket; none when it is not there.
    package func open(path: String) throws -> StoredObject? {
        let head = try send(request(.head, path))
        if head.status == 404 { return nil }
        guard head.status == 200, let size = head.headers["Content-Length"].flatMap({ Int($0) }) else {
            throw Self.failure(head)
        }
        return .stream(size: size) { receive in
            var request = try request(.get, path)
            request.limits.responseBytes = size
            let response = try streamed(request) { response, bytes in
                guard response.status == 200 else { return }
                try receive(bytes)
            }
            guard response.status == 200 else { throw Self.failure(response) }
        }
    }

    /// Whether something is there, found out within three seconds.
    package func has(path: String) throws -> Bool {
        var request = try request(.head, path)
        request.limits.totalTime = Self.glanceTime
        let head = try send(request)
        guard head.status == 200 || head.status == 404 else { throw Self.failure(head) }
        return head.status == 200
    }

    package func remove(path: String) throws {
        var request = try request(.delete, path)
        request.limits.totalTime = Self.removalTime
        let response = try send(request)
        guard [200, 204, 404].contains(response.status) else { throw Self.failure(response) }
    }

    /// An address that whoever has it may `PUT` one file of this media type to, for so many seconds. How large it is shows when
    /// it is there.
    package func uploadAddress(
        path: String, mediaType: String, seconds: Int, at time: Timestamp = Clock.now
    ) throws -> String {
        let address = try WebAddress(self.address + "/" + path)
        let query = try signature.query(
            method: "PUT", path: address.path, headers: [("content-type", mediaType), ("host", Self.host(of: address))],
            seconds: seconds, at: time)
        return "\(address)?\(query)"
    }

    private static func host(of address: WebAddress) -> String { address.host + (address.port.map { ":\($0)" } ?? "") }

    private func request(
        _ method: ClientRequest.Method, _ path: String, mediaType: String? = nil, bodyHash: String = Self.emptyHash,
        at time: Timestamp = Clock.now
    ) throws -> ClientRequest {
        let address = try WebAddress(self.address + "/" + path)
        var request = ClientRequest(method, address)
        request.limits.totalTime = Self.totalTime
        request.limits.redirects = 0
        let stamp = RequestSignature.stamp(time)
        var headers = [("host", Self.host(of: address)), ("x-amz-content-sha256", bodyHash), ("x-amz-date", stamp)]
        if let mediaType { headers.insert(("content-type", mediaType), at: 0) }
        for header in headers where header.0 != "host" { request.headers.append(header.0, header.1) }
        let content = RequestSignature.Content(
            method: method.rawValue, path: address.path, headers: headers.map { (name: $0.0, value: $0.1) }, bodyHash: bodyHash)
        request.secretHeaders = [("Authorization", try signature.authorization(content, at: time))]
        return request
    }

    private func send(_ request: ClientRequest) throws -> ClientResponse {
        try streamed(request) { _, _ in }
    }

    private func streamed(
        _ request: ClientRequest, _ receive: @escaping (ClientResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws -> ClientResponse {
        do {
            return try client.stream(request, receive: receive)
        } catch let error as HTTPClientError {
            throw TwinError(.upstream, "the storage cannot be reached: \(error)")
        }
    }

    private static func failure(_ response: ClientResponse) -> TwinError {
        switch response.status {
        case 401, 403:
            TwinError(.notConfigured, "the storage refuses the key; check storage.s3.key_id and storage.s3.secret_file")
        case 404: TwinError(.notConfigured, "the storage has no such bucket; check storage.s3.bucket")
        default: TwinError(.upstream, "the storage failed with status \(response.status)")
        }
    }
}
