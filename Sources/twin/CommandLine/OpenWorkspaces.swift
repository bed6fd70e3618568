import Synchronization
import TwinKit

/// The databases that a command has opened, to be closed when it ends, however it ends: the file alone then holds everything.
final class OpenWorkspaces: Sendable {
    private let workspaces = Mutex<[Workspace]>([])

    /// Seconds that other processes' readers are waited for; what they hold back is no loss, see `Workspace.close`.
    private static let patience = 0.5

    func add(_ workspace: Workspace) { workspaces.withLock { $0.append(workspace) } }

    func close() {
        let open = workspaces.withLock { workspaces in
            defer { workspaces = [] }
            return workspaces
        }
        for workspace in open { workspace.close(within: Self.patience) }
    }
}
