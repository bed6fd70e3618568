import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The folder and an S3-compatible server keep the same promises. `Tests/personas.sh` starts such a server and gives its
/// address in `TWIN_TEST_S3_URL`; the bucket is there.
@Suite struct StorageTests {
    enum Place: String, CaseIterable, Sendable {
        case folder, bucket

        static var here: [Place] { getenv("TWIN_TEST_S3_URL") == nil ? [.folder] : allCases }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func store(_ place: Place, secret: String = "secret") throws -> any ObjectStore {
        guard place == .bucket, let url = getenv("TWIN_TEST_S3_URL") else { return FolderStore(root: folder.file("kept")) }
        return try BucketStore(
            endpoint: String(cString: url), bucket: "pictures",
            signature: RequestSignature(region: "us-east-1", keyID: "twin", secret: Secret(secret)))
    }

    private func staged(_ bytes: [UInt8]) throws -> StagedFile {
        try StagedFile.write(in: folder.file("kept/incoming"), maximumBytes: 64 << 20, bytes)
    }

    @Test(arguments: Place.here) func `what is stored is there whole, under the hash of its bytes, once`(_ place: Place) throws {
        let store = try store(place)
        var generator = TestRandom()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ Int.random(in: 0...255, using: &generator)) }
        let name = StoredName(digest: try SHA256.hash(bytes), kind: .png)
        #expect(try store.open(name) == nil)
        try store.store(staged(bytes), as: name)
        try store.store(staged(bytes), as: name)
        #expect(try store.open(name)?.size == bytes.count)
        #expect(try store.open(name)?.bytes(maximumBytes: 4 << 20) == bytes)
        #expect(failure { _ = try store.open(name)?.bytes(maximumBytes: 1 << 20) } == .limitReached)
        let empty = StoredName(digest: try SHA256.hash([]), kind: .zip)
        try store.store(staged([]), as: empty)
        #expect(try store.open(empty)?.bytes(maximumBytes: 1) == [])
        try store.remove(name)
        try store.remove(name)
        #expect(try store.open(name) == nil)
        // Nothing is left of what was on its way.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("kept/incoming")).isEmpty)
    }

    @Test func `files of the folder are their owner's alone, and an upload is taken over without a copy`() throws {
        let upload = try folder.write("kept/upload", Array("weights".utf8))
        let file = try StagedFile.adopt(upload, in: folder.file("kept/incoming"), maximumBytes: 100)
        let name = StoredName(digest: file.digest, kind: .safetensors)
        #expect(file.digest == (try SHA256.hash("weights")))
        try FolderStore(root: folder.file("kept")).store(file, as: name)
        let path = folder.file("kept/sha256/\(name.digest.prefix(2))/\(name)")
        var (first, second) = (stat(), stat())
        #expect(stat(path, &first) == 0 && stat(upload, &second) == 0 && first.st_ino == second.st_ino)
        #expect(first.st_mode & 0o777 == 0o600)
        #expect(FileMode.permissions(folder.file("kept/sha256")) == 0o700)
        #expect(
            failure { _ = try StagedFile.adopt(upload, in: folder.file("kept/incoming"), maximumBytes: 3) } == .limitReached)
        #expect(failure { _ = try StagedFile.write(in: folder.path, maximumBytes: 3, Array("1234".utf8)) } == .limitReached)
    }

    @Test func `a picture has to be one, and small enough`() throws {
        let stores = ObjectStores(
            FolderStore(root: folder.file("kept")), staging: folder.file("kept/incoming"),
            files: StoredFiles(database: try TwinFixture().database))
        let name = try stores.storePicture(PictureSamples.png)
        #expect(name.kind == .png)
        #expect(try stores.open(name).bytes(maximumBytes: 100) == PictureSamples.png)
        #expect(failure { _ = try stores.storePicture(Array("<svg/>".utf8)) } == .invalid)
        #expect(
            failure { _ = try stores.storePicture(PictureSamples.jpeg + [UInt8](repeating: 0, count: 20 << 20)) } == .limitReached
        )
        #expect(failure { _ = try stores.open(StoredName(digest: [UInt8](repeating: 1, count: 32), kind: .png)) } == .notFound)
    }

    @Test func `a name leads nowhere but to what it names`() throws {
        let name = StoredName(digest: try SHA256.hash("a"), kind: .webp)
        #expect(StoredName(name.description) == name)
        for text in [
            "", "a.png", "../../etc/passwd", name.digest, name.digest + ".exe", name.digest + ".png.png", "/" + name.description,
            name.digest.dropLast(2) + "/.png", String(repeating: "g", count: 64) + ".png",
        ] { #expect(StoredName(String(text)) == nil, "\(text)") }
    }

    @Test func `an address is good for one thing until it expires, and says nothing of others`() throws {
        let fixture = try TwinFixture()
        let links = StorageLinks(database: fixture.database, base: "https://twin.example.org")
        let name = StoredName(digest: try SHA256.hash("a"), kind: .png)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let address = try links.address(of: name, now: now)
        #expect(try links.name(at: address, now: now) == name)
        // One picture has one address for a while.
        #expect(try links.address(of: name, now: now.adding(seconds: 1)) == address)
        let last = now.adding(seconds: StorageLinks.lifetime)
        #expect(try links.name(at: address, now: last) == name)
        #expect(failure { _ = try links.name(at: address, now: last.adding(seconds: 3_601)) } == .notFound)
        let other = StoredName(digest: try SHA256.hash("b"), kind: .png)
        for (old, new) in [
            (name.description, other.description), (".png", ".webp"), ("expires=", "expires=9"), ("signature=", "signature=A"),
            ("&signature", "&sign"),
        ] {
            #expect(failure { _ = try links.name(at: address.replacing(old, with: new), now: now) } == .notFound, "\(new)")
        }
        #expect(try links.name(at: "https://elsewhere.example.org/storage/\(name)", now: now) == nil)
    }

    /// The example of Amazon's documentation of Signature Version 4 for S3, "GET Object".
    @Test func `a request is signed as Amazon's example is`() throws {
        let signature = RequestSignature(
            region: "us-east-1", keyID: "AKIAIOSFODNN7EXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
        let empty = Hex.encode(try SHA256.hash([]))
        let content = RequestSignature.Content(
            method: "GET", path: "/test.txt",
            headers: [
                ("host", "examplebucket.s3.amazonaws.com"), ("range", "bytes=0-9"), ("x-amz-content-sha256", empty),
                ("x-amz-date", "20130524T000000Z"),
            ], bodyHash: empty)
        let time = try #require(Timestamp("2013-05-24T00:00:00Z"))
        #expect(
            try signature.authorization(content, at: time).reveal()
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }
}
