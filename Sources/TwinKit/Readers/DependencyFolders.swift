/// Folders that programs fill with other people's work, or with what they make of one's own: nobody wrote them to be asked.
package enum DependencyFolders {
    package static let names: Set<String> = [
        "node_modules", "bower_components", "jspm_packages", "site-packages", "dist-packages", "__pycache__", "Pods", "Carthage",
        "DerivedData", "elm-stuff", "vendor.bundle", "cmake-build-debug", "cmake-build-release",
    ]
}
