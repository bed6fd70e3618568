import TwinReaders

/// Files that programs make for programs: nobody wrote them to be asked.
enum UnwantedFiles {
    /// Files that say that a folder is a program's sources.
    static let projects: Set<String> = [
        "package.json", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "setup.py", "pyproject.toml",
        "Package.swift", "CMakeLists.txt",
        "Makefile", "composer.json", "Gemfile", "go.mod", "mix.exs",
    ]
    private static let products: Set<String> = [
        "build", "dist", "target", "out", "coverage", "_build", "vendor", "venv", "env", "obj",
    ]
    private static let names: Set<String> = [
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "Cargo.lock", "poetry.lock", "composer.lock",
        "Gemfile.lock",
        "go.sum", "uv.lock", "searchindex.js", "search_index.json", "3rdpartylicenses.txt", "ThirdPartyNotices.txt",
        "THIRD-PARTY-NOTICES",
        "THIRD-PARTY-NOTICES.txt", "ThirdPartyNoticeText.txt", "THIRD_PARTY_LICENSES", "THIRD-PARTY-LICENSES.txt",
    ]

    static func folder(_ name: String, inProject: Bool) -> String? {
        if DependencyFolders.names.contains(name) { return "a folder of dependencies" }
        return inProject && products.contains(name) ? "build output" : nil
    }

    static func file(_ name: String) -> String? {
        if names.contains(name) { return "a generated list" }
        let lower = name.lowercased()
        if lower.hasSuffix(".min.js") || lower.hasSuffix(".min.css") || lower.hasSuffix(".js.map") || lower.hasSuffix(".css.map")
        {
            return "a minified script"
        }
        return nil
    }
}
