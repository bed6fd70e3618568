/// The version of this build.
public enum TwinVersion {
    public static let current = "0.1.0"
}
