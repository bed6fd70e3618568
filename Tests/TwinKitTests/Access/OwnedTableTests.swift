import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// What has an id and an owner goes through the authorizer, which therefore has to know it.
@Suite struct OwnedTableTests {
    let fixture: TwinFixture

    init() throws { fixture = try TwinFixture() }

    /// The tables with ids whose rows name their owner in this column.
    private func tables(with column: String, without others: [String] = []) throws -> Set<String> {
        try fixture.database.read { connection in
            let names = try connection.rows("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }
            return Set(
                try names.filter { name in
                    let columns = Set(try connection.rows("SELECT name FROM pragma_table_info(?)", name) { $0.text(0) })
                    return columns.contains("id") && columns.contains(column) && columns.isDisjoint(with: others)
                })
        }
    }

    @Test func `every table of the schema that somebody owns is one that the authorizer knows`() throws {
        #expect(try tables(with: "twin_key").subtracting(OwnedTable<OwnedByTwin>.all.map(\.name)).isEmpty)
        #expect(
            try tables(with: "tenant_id", without: ["twin_key", "user_id"])
                .subtracting(OwnedTable<OwnedByTenant>.all.map(\.name)).isEmpty)
        #expect(
            try tables(with: "user_id", without: ["twin_key"])
                .subtracting(OwnedTable<OwnedByPerson>.all.map(\.name))
                .subtracting(OwnedTable<OwnedByTenant>.all.map(\.name)).isEmpty)
        #expect(
            try tables(with: "user_key", without: ["twin_key", "tenant_id"])
                .subtracting(OwnedTable<OwnedByUser>.all.map(\.name)).isEmpty)
    }

    @Test func `what the authorizer knows is in the schema`() throws {
        #expect(try tables(with: "twin_key").isSuperset(of: OwnedTable<OwnedByTwin>.all.map(\.name)))
        #expect(try tables(with: "tenant_id").isSuperset(of: OwnedTable<OwnedByTenant>.all.map(\.name)))
        #expect(
            try tables(with: "tenant_id").intersection(tables(with: "user_id"))
                .isSuperset(of: OwnedTable<OwnedByPerson>.all.map(\.name)))
        #expect(try tables(with: "user_key").isSuperset(of: OwnedTable<OwnedByUser>.all.map(\.name)))
    }

    @Test func `a thing of another tenant is not found, a viewer may not change their own`() throws {
        let authorizer = Authorizer(database: fixture.database)
        let keys = KeyStore(database: fixture.database)
        let key = try keys.create("site").key
        let owner = try fixture.user("ada@example.org")
        let viewer = try fixture.user("vera@example.org", role: .viewer)
        let stranger = try fixture.user("eve@example.org", tenantID: fixture.tenant("other"))
        #expect(try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .user(owner)) == key.tenantID)
        #expect(try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .localOperator) == key.tenantID)
        #expect(failure { _ = try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .user(stranger)) } == .notFound)
        #expect(failure { _ = try authorizer.tenant(owning: "none", in: .keys, .manage, as: .user(owner)) } == .notFound)
        #expect(failure { _ = try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .user(viewer)) } == .notPermitted)
        #expect(failure { _ = try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .apiKey(key)) } == .notPermitted)
        #expect(failure { _ = try authorizer.tenant(owning: key.id, in: .keys, .manage, as: .nobody) } == .unauthenticated)
    }

    @Test func `looking at the tenant of an empty file writes nothing`() throws {
        let fixture = try WorkspaceFixture()
        let database = fixture.database
        let authorizer = Authorizer(database: database)
        for action in [Authorizer.Action.read, .chat, .write, .manage] {
            #expect(failure { _ = try authorizer.tenant(action, as: .localOperator) } == .notFound)
        }
        #expect(try database.read { try $0.first("SELECT count(*) FROM tenants") { $0.int(0) } } == 0)
        _ = try authorizer.tenant(.manage, as: .localOperator, making: true)
        #expect(try database.read { try $0.first("SELECT count(*) FROM tenants") { $0.int(0) } } == 1)
    }
}
