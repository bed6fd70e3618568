import Synchronization
import TwinHTTP
import TwinKit
import TwinSupport

/// A tenant with its owner, and people and credentials of every other kind as they are asked for. Every text of it holds `marker`, by
/// which it is known wherever it should not be. Several may stand in one folder, whose database they share.
package final class TenantFixture: Sendable {
    package let folder: TemporaryFolder
    package let workspace: Workspace
    package let marker: String
    package let owner: User
    private let made = Atomic<Int>(0)

    package init(_ marker: String, _ variables: [String: String] = [:], in folder: TemporaryFolder? = nil) throws {
        let base = try WorkspaceFixture(variables, in: folder)
        self.folder = base.folder
        workspace = base.workspace
        self.marker = marker
        owner = try workspace.users.sync(id: Identifier.make(), email: "owner@\(marker).example", fullName: "Owner \(marker)")
            .user
    }

    package var tenantID: String { owner.tenantID ?? "" }

    /// A name that no other thing of the tenant has.
    package func name(_ kind: String) -> String {
        "\(kind) \(marker) \(made.add(1, ordering: .sequentiallyConsistent).newValue)"
    }

    /// The same without spaces, for files and addresses.
    package func word(_ kind: String) -> String { name(kind).replacing(" ", with: "-") }

    // MARK: People

    package func user(role: User.Role, password: Secret? = nil) throws -> User {
        try workspace.users.add(email: "\(word("user"))@\(marker).example", role: role, password: password, tenantID: tenantID)
    }

    /// The field with which a user asks.
    package func token(_ user: User) throws -> String {
        "authorization: Bearer " + (try workspace.tokens.accessToken(for: user).reveal())
    }

    /// The text of a new API key, of all scopes unless some are named.
    package func key(_ scopes: KeyStore.Scope..., twins: [Twin] = []) throws -> String {
        try workspace.keys.create(
            name("key"), tenantID: tenantID, twins: twins, scopes: scopes.isEmpty ? KeyStore.Scope.allCases : scopes
        ).text.reveal()
    }

    // MARK: Twins

    package func twin() throws -> Twin {
        try workspace.twins.create(
            name: name("twin"), description: name("description"), specialization: "vanilla", settings: TwinSettings.checked([:]),
            tenantID: tenantID, by: owner.id)
    }

    package func upload(_ filename: String, _ text: String, into twin: Twin) throws -> Source {
        let path = try folder.write("upload-\(word("file"))", text)
        let item = try workspace.upload(path, filename: filename, into: twin, actor: owner.id)
        return try workspace.sources.find(id: item.sourceID ?? "", twin: twin, grantedTo: nil)
    }
}
