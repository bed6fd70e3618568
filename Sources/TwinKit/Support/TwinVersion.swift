/// The version of this build.
package enum TwinVersion {
    package static let current = "0.1.0"
}
