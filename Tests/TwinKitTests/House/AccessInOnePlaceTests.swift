import FoundationEssentials
import Testing

/// Who may see what is decided in one place. These tests read the sources and find whoever decides it elsewhere.
@Suite struct AccessInOnePlaceTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

    /// The files of a folder of the sources with their text, without comments.
    private static func files(_ folder: String = "") throws -> [(path: String, text: String)] {
        let root = folder.isEmpty ? root : root.appending(path: folder)
        let names = try #require(FileManager.default.subpaths(atPath: root.path()))
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return (name, lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n"))
        }
    }

    private static func mentions(_ words: [String], in folder: String = "") throws -> Set<String> {
        Set(try files(folder).filter { file in words.contains { file.text.contains($0) } }.map(\.path))
    }

    @Test func `the sources are there to be read`() throws {
        #expect(try Self.files().count > 300)
    }

    @Test func `only the one fragment of visibility and the schema name the tables of permissions`() throws {
        let found = try Self.mentions(["source_permissions", "verified_answer_permissions"])
        #expect(
            found == [
                "TwinKit/Records/Visibility.swift", "TwinKit/Records/RecordSchema.swift",
                // What a new database begins with, made of the owners' migrations.
                "TwinKit/Schema+Snapshot.swift",
                // Triggers that refuse changes of archived twins, which are a part of the schema.
                "TwinKit/Records/ArchivedTwins.swift",
                // Triggers that note for replicas what was taken away.
                "TwinKit/Records/ChangeSequence.swift",
                // Every table, and whether it goes along with its tenant.
                "TwinKit/Tenancy/TenantTables.swift",
            ])
    }

    @Test func `only the authorizer turns a principal into a clearance`() throws {
        // `.everything` made outside of Access is for who reads the file anyway: the command line and what it runs.
        let found = try Self.mentions(["Clearance.everything", "clearance: .everything"], in: "TwinKit/API")
        #expect(found.isEmpty)
        #expect(
            try Self.mentions(["GroupStore(", "groups.group(forUser"], in: "TwinKit/API").isSubset(of: [
                "Studio/StudioWidget.swift"
            ]))
    }

    @Test func `nothing that a door calls sees everything by default`() throws {
        let found = try Self.mentions(["clearance: Clearance = .everything"], in: "TwinKit")
        // What these are called with is a request that names it, or a trial of the operator's.
        #expect(
            found == [
                "Ingest/Ingestion+Upload.swift", "Ingest/SourceReservation.swift", "Operate/Evaluation/EvaluationRun.swift",
            ])
    }

    @Test func `no door tells a stored message but through what looks whether it may be read now`() throws {
        #expect(try Self.mentions(["conversations.messages(of", "ConversationStore.messages("], in: "TwinKit/API").isEmpty)
    }

    @Test func `no audited change has an actor by default`() throws {
        for file in try Self.files() {
            #expect(!file.text.contains("actor: String? = "), "\(file.path)")
            #expect(!file.text.contains("by author: String? = "), "\(file.path)")
            #expect(!file.text.contains("by owner: String? = "), "\(file.path)")
        }
    }

    @Test func `authentication knows no settings but its own`() throws {
        #expect(try Self.mentions(["Configuration"], in: "TwinKit/Access").isEmpty)
    }
}
