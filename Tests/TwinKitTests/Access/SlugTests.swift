import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct SlugTests {
    @Test func `what one tenant calls its twin is nothing to another`() throws {
        let fixture = try TwinFixture()
        let store = TwinStore(database: fixture.database)
        let other = try fixture.tenant("other")
        let theirs = try store.create(name: "Ada", tenantID: other)
        #expect(theirs.slug == fixture.twin.slug)
        #expect(try store.create(name: "Ada!").slug == "ada-2")
        #expect(failure { _ = try store.create(name: "Ida", slug: "ada") } == .conflict)
        // By slug each gets their own, by the other's id nothing.
        let authorizer = Authorizer(database: fixture.database)
        let owner = Principal.user(try fixture.user("ada@example.org"))
        let stranger = Principal.user(try fixture.user("eve@example.org", tenantID: other))
        #expect(try authorizer.twin("ada", .manage, as: owner).id == fixture.twin.id)
        #expect(try authorizer.twin("ada", .manage, as: stranger).id == theirs.id)
        #expect(failure { _ = try authorizer.twin(theirs.id, .read, as: owner) } == .notFound)
        #expect(failure { _ = try authorizer.twin("ada-2", .read, as: stranger) } == .notFound)
        // The command line is told that there are two, and which.
        do {
            _ = try store.resolve("ada")
            Issue.record("an ambiguous slug was resolved")
        } catch let error as TwinError {
            #expect(error.kind == .invalid)
            #expect(error.message.contains(theirs.id) && error.message.contains(fixture.twin.id))
        }
        #expect(try store.resolve(theirs.id) == theirs)
    }

    @Test func `no slug passes for an id`() throws {
        let fixture = try TwinFixture()
        let store = TwinStore(database: fixture.database)
        let made = try store.create(name: fixture.twin.id)
        #expect(made.slug == "twin-\(fixture.twin.id)")
        #expect(failure { _ = try store.create(name: "x", slug: fixture.twin.id) } == .invalid)
        #expect(try store.resolve(fixture.twin.id) == fixture.twin)
    }
}
