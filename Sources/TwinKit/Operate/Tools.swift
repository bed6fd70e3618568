#if canImport(Glibc)
    import Glibc
#endif

/// The programs and libraries that twin uses when they are installed.
enum Tools {
    private struct Tool {
        var name: String
        var purpose: String
        var package: String
        var isLibrary = false
        /// The command that installs it, where no package of Debian has it.
        var install: String?
    }

    private static let all = [
        Tool(name: "pdftotext", purpose: "reads PDF", package: "poppler-utils"),
        Tool(name: "tesseract", purpose: "reads text in pictures and in scanned PDF", package: "tesseract-ocr"),
        Tool(name: "antiword", purpose: "reads Word files of before 2007, as catdoc and LibreOffice do", package: "antiword"),
        Tool(
            name: "soffice", purpose: "reads Excel and PowerPoint files of before 2007, and more of Word's",
            package: "libreoffice-nogui"),
        Tool(name: "pandoc", purpose: "reads LaTeX with its macros, in place of twin's own reader", package: "pandoc"),
        Tool(name: "yt-dlp", purpose: "reads YouTube captions that the page does not offer", package: "yt-dlp"),
        Tool(
            name: "whisper", purpose: "writes down recordings where no transcription endpoint is configured", package: "",
            install: "pipx install openai-whisper"),
        Tool(name: "ffmpeg", purpose: "converts audio for transcription", package: "ffmpeg"),
        Tool(name: "libcurl.so.4", purpose: "fetches URLs and asks models", package: "libcurl4", isLibrary: true),
        Tool(name: "libcrypto.so.3", purpose: "hashes and signs", package: "libssl3", isLibrary: true),
        Tool(name: "libz.so.1", purpose: "reads compressed files and office documents", package: "zlib1g", isLibrary: true),
    ]

    /// A remark for each that is missing, with the command that installs it.
    static func checks() -> [Doctor.Check] {
        all.map { tool in
            let isThere = tool.isLibrary ? hasLibrary(tool.name) : find(tool.name) != nil
            return isThere
                ? Doctor.Check(name: tool.name, result: .fine, message: tool.purpose)
                : Doctor.Check(
                    name: tool.name, result: .remark, message: "not installed; it \(tool.purpose)",
                    remedy: tool.install ?? "sudo apt-get install \(tool.package)")
        }
    }

    /// The path of a program on `PATH`.
    static func find(_ name: String) -> String? {
        guard let path = getenv("PATH") else { return nil }
        return String(cString: path).split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    private static func hasLibrary(_ name: String) -> Bool {
        guard let library = dlopen(name, RTLD_LAZY) else { return false }
        dlclose(library)
        return true
    }
}
