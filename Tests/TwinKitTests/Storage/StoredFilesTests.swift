import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What is stored and what rows name of it stay together: after deletions, erasures and crashes.
@Suite struct StoredFilesTests {
    private let fixture: TwinFixture
    private let now = Clock.now

    init() throws { fixture = try TwinFixture() }

    private var files: StoredFiles { StoredFiles(database: fixture.database) }
    private var later: Timestamp { now.adding(seconds: StoredFiles.patience + 1) }

    private func names() throws -> [String] {
        try fixture.database.read { try $0.rows("SELECT name FROM stored_files ORDER BY name") { $0.text(0) } }
    }

    @Test func `what nothing names goes after a day, and at once where its row was deleted`() throws {
        for name in ["kept", "lost", "released", "wanted"] { try files.note(name, now: now) }
        let row = now.adding(seconds: 5)
        // Somebody else stores it as well, whose row is on its way.
        try files.note("wanted", now: row.adding(seconds: 1))
        try fixture.database.write { connection in
            try StoredFiles.release(["released", "wanted"].compactMap { .init($0, row) }, on: connection)
        }
        var removed: [String] = []
        func sweep(_ named: String, at instant: Timestamp) throws -> Int {
            try files.sweep(named: named, now: instant) { name, _ in removed.append(name) }
        }
        #expect(try sweep("SELECT 'kept' UNION ALL SELECT NULL", at: now) == 1)
        #expect(removed == ["released"])
        #expect(try files.unnamed(named: "SELECT 'kept' UNION ALL SELECT NULL", now: later) == 1)
        #expect(try sweep("SELECT 'kept' UNION ALL SELECT NULL", at: later) == 1)
        #expect(try removed == ["released", "lost"] && names() == ["kept", "wanted"])
        #expect(try sweep("SELECT 'kept'", at: later.adding(seconds: 10)) == 1)
        // Stored again in the meantime, its row may still come.
        try files.note("kept", now: later)
        #expect(try sweep("SELECT NULL", at: later) == 0)
    }

    @Test func `what is being removed is not stored at the same time, and a removal that failed is done again`() throws {
        try files.note("a", now: now)
        try files.note("b", now: now)
        var seen: TwinError.Kind?
        let error = TwinError(.upstream, "the bucket is away")
        #expect(
            failure {
                _ = try files.sweep(named: "SELECT NULL", now: later) { name, _ in
                    if name == "a" { throw error }
                    seen = failure { try files.note("b", now: later) }
                }
            } == .upstream)
        #expect(try seen == .busy && names() == ["a"])
        // The one who removed it was cut off: in two minutes it may be stored again.
        #expect(failure { try files.note("a", now: later) } == .busy)
        try files.note("a", now: later.adding(seconds: StoredFiles.removalTime + 1))
        #expect(try names() == ["a"])
        #expect(try files.sweep(named: "SELECT NULL", now: later.adding(seconds: 2 * StoredFiles.patience)) { _, _ in } == 1)
        #expect(try names().isEmpty)
    }

    @Test func `what cannot be removed keeps nothing else, and a storage that is away is not asked for everything`() throws {
        try files.adopt((0..<600).map { "file-\(1_000 + $0)" }, now: now)
        var asked = 0
        func sweep(_ minutes: Double, isBroken: (String) -> Bool) -> TwinError.Kind? {
            asked = 0
            return failure {
                _ = try files.sweep(named: "SELECT NULL", failuresAtMost: 3, now: later.adding(seconds: minutes * 60)) {
                    name, _ in
                    asked += 1
                    if isBroken(name) { throw TwinError(.upstream, "the bucket refuses \(name)") }
                }
            }
        }
        #expect(sweep(0) { _ in true } == .upstream && asked == 3)
        // The three that failed are behind the others now.
        #expect(sweep(10) { ["file-1000", "file-1001", "file-1002"].contains($0) } == .upstream && asked == 600)
        #expect(try names() == ["file-1000", "file-1001", "file-1002"])
        #expect(sweep(20) { _ in false } == nil)
        #expect(try names().isEmpty)
    }

    @Test func `a file that gets its row during a sweep stays`() throws {
        // 700 are marked in two steps; in the first, a row comes to name one of the second.
        try files.adopt((0..<700).map { "file-\(1_000 + $0)" }, now: now)
        try fixture.database.write { try $0.execute("CREATE TABLE rows_of_test (name TEXT)") }
        var removed: Set<String> = []
        _ = try files.sweep(named: "SELECT name FROM rows_of_test", now: later) { name, _ in
            if removed.isEmpty {
                try files.note("file-1650", now: later)
                try fixture.database.write { try $0.run("INSERT INTO rows_of_test (name) VALUES (?)", "file-1650") }
            }
            removed.insert(name)
        }
        #expect(removed.count == 699 && !removed.contains("file-1650"))
        #expect(try names() == ["file-1650"])
    }

    @Test func `many are removed in steps, and not more than are asked for`() throws {
        try files.adopt((0..<1_200).map { "file-\($0)" }, now: now)
        #expect(try files.sweep(named: "SELECT 'file-7'", atMost: 700, now: later) { _, _ in } == 700)
        #expect(try files.sweep(named: "SELECT 'file-7'", now: later) { _, _ in } == 499)
        #expect(try names() == ["file-7"])
    }

    @Test func `erasing a person takes their personas, pictures, datasets and jobs with them, and nobody else's`() throws {
        let folder = try TemporaryFolder()
        let configuration = try Configuration(environment: ["TWIN_STORAGE_FOLDER": folder.file("kept")])
        let workspace = try Workspace(path: folder.file("twin.db"), configuration: configuration, create: true)
        let owner = try workspace.users.add(email: "owner@example.org", password: nil)
        let other = try workspace.users.add(email: "other@example.org", password: nil, tenantID: owner.tenantID)
        let objects = try configuration.objectStores(of: workspace.database)
        var pictures: [String: [StoredName]] = [:]
        var shared: StoredName?
        for (place, user) in [owner, other].enumerated() {
            let person = Person(tenantID: user.tenantID ?? "", userID: user.id)
            let avatar = try workspace.personas().create(
                "Mara of \(place)", niche: "hiking", style: "plain", loraModelID: nil,
                weightsURL: "https://weights.example.org/a.safetensors", imageURL: nil, bio: "Likes trams \(place).", for: person,
                by: user.id)
            let own = try ["face", "piece", "set", "zip"].map { part in
                try objects.store(
                    StagedFile.write(in: objects.staging, maximumBytes: 100, Array("\(part) \(place)".utf8)), kind: .png)
            }
            let both = try objects.store(
                StagedFile.write(in: objects.staging, maximumBytes: 100, Array("both".utf8)), kind: .png)
            shared = both
            pictures[user.id] = own
            try workspace.database.write { connection in
                try connection.run(
                    "UPDATE avatars SET base_image = ?, updated_at = ? WHERE key = ?", own[0].description, Clock.now, avatar.key)
                let batch = "dataset_\(place)"
                for (name, position) in [(own[1], 0), (both, 1)] {
                    try connection.run(
                        """
                        INSERT INTO content_pieces (id, tenant_id, user_id, avatar_key, content_type, tier, picture, batch_id, position,
                            metadata, created_at) VALUES (?, ?, ?, ?, 'image', 'capa1', ?, ?, ?, '{"prompt":"of a person"}', ?)
                        """,
                        [
                            Identifier.make(), person.tenantID, person.userID, avatar.key, name.description, batch, position,
                            Clock.now,
                        ] as [any DatabaseConvertible])
                }
                try connection.run(
                    """
                    INSERT INTO dataset_images (batch_id, position, avatar_key, variation, prompt, picture, created_at)
                    VALUES (?, 0, ?, 'poses', 'of a person', ?, ?)
                    """, batch, avatar.key, own[2].description, Clock.now)
                let job = try JobQueue.enqueue(
                    .persona(.dataset, avatarID: avatar.id, ["batch_id": .string(batch)]), tenantID: person.tenantID,
                    createdBy: user.id, on: connection)
                try connection.run(
                    "UPDATE jobs SET status = 'complete', metadata = json_object('zip', ?), updated_at = ? WHERE id = ?",
                    own[3].description, Clock.now, job.id)
                try Costs.book(
                    Money(micros: 12_345), for: .dataset, by: "cog", of: person, avatar: avatar.key, subject: batch,
                    on: connection)
            }
        }
        func present(_ user: User) throws -> Int { try (pictures[user.id] ?? []).filter { try objects.contains($0) }.count }
        #expect(try workspace.sweepStorage(now: later) == 0)
        #expect(try present(owner) == 4)
        #expect(try workspace.filesBeside().count == 9)

        try workspace.erase(owner, by: .localOperator)
        #expect(try present(owner) == 0)
        #expect(try present(other) == 4)
        #expect(try objects.contains(try #require(shared)))
        try workspace.database.read { connection in
            for table in try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'", map: { $0.text(0) })
            where table != "audit_log" && !table.hasPrefix("sqlite_") {
                let columns = try connection.rows("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) }
                for column in columns {
                    let found = try connection.first(
                        "SELECT count(*) FROM \(table) WHERE instr(CAST(\(column) AS TEXT), ?)", owner.id
                    ) { $0.int(0) }
                    #expect(found == 0, "\(table).\(column) names the erased")
                }
            }
            // What was spent stays spent.
            #expect(try connection.first("SELECT sum(amount) FROM cost_entries") { $0.int(0) } == 24_690)
            #expect(try connection.first("SELECT count(*) FROM jobs") { $0.int(0) } == 1)
        }

        // Pictures that are older than they are kept go with their files; faces stay.
        #expect(try workspace.purgePictures(before: now.adding(seconds: 60), isDryRun: true) == 3)
        #expect(try workspace.purgePictures(before: now.adding(seconds: 60), isDryRun: false) == 3)
        #expect(try objects.contains(try #require(pictures[other.id]?.first)))
        #expect(try !objects.contains(try #require(shared)))
        _ = try workspace.sweepStorage(now: later)
        #expect(try present(other) == 1)
    }

    @Test func `a crash between file and row leaves nothing, nor does one on the way in`() throws {
        let folder = try TemporaryFolder()
        // Where several databases could keep theirs, nobody knows whose a stray is; this one has a folder of its own.
        let configuration = try Configuration(environment: [:])
        let workspace = try Workspace(path: folder.file("twin.db"), configuration: configuration, create: true)
        let objects = try configuration.objectStores(of: workspace.database)
        let name = try objects.storePicture(PictureSamples.png)
        _ = try folder.write("twin.db.storage/incoming/half", Array("half".utf8))
        _ = try folder.write("twin.db.uploads/\(Identifier.make())", Array("of a deleted document".utf8))
        _ = try folder.write("twin.db.uploads/\(Identifier.make())-abc", Array("half".utf8))
        // From before files were noted.
        let stray = StoredName(digest: try SHA256.hash("stray"), kind: .png)
        _ = try folder.write("twin.db.storage/sha256/\(stray.digest.prefix(2))/\(stray)", Array("stray".utf8))
        func files(_ path: String) -> Int { FolderListing.files(folder.file(path)).count }
        #expect(try workspace.sweepStorage(adoptingStrays: true, now: now) == 0)
        #expect(files("twin.db.uploads") == 1 && files("twin.db.storage/incoming") == 1)
        #expect(try workspace.sweepStorage(now: later.adding(seconds: 60)) == 2)
        #expect(try !objects.contains(name) && !objects.contains(stray))
        #expect(files("twin.db.uploads") == 0 && files("twin.db.storage/incoming") == 0)
    }
}
