import TwinDatabase
import TwinSupport

/// A name by which requests speak of somebody or something that has left the file with its tenant, as the file keeps it: hashed, so
/// that nothing can be read there.
enum MovedName {
    static func hash(_ name: String) throws -> [UInt8] { try SHA256.hash("moved: " + name) }

    /// Whether it is one: nobody is to be made anew here who is somebody elsewhere.
    static func isKnown(_ name: String, on connection: Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM moved_names WHERE hash = ?", hash(name)) { _ in true } ?? false
    }
}
