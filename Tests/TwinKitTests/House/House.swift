import FoundationEssentials

/// What ARCHITECTURE.md says of the house, which the tests hold the sources to.
struct House {
    /// The rooms from the ground up, each with its floors where it has any: groups of folders of which a later one uses only
    /// earlier ones.
    private(set) var rooms: [(name: String, floors: [[String]])] = []
    /// The room that owns each table.
    private(set) var owners: [String: String] = [:]
    /// Files that need each other, each group with its reason.
    private(set) var circles: [(files: Set<String>, reason: String)] = []

    /// The room of the files that stand in no folder.
    static let workspace = "Workspace"

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        self.init(document: try String(contentsOf: Self.repository.appending(path: "ARCHITECTURE.md"), encoding: .utf8))
    }

    init(document: String) {
        var section = ""
        for line in document.split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line.dropFirst(3)) }
            guard line.hasPrefix("| "), !line.hasPrefix("| Room |"), !line.hasPrefix("| Files |") else { continue }
            let cells = line.dropFirst().split(separator: "|").map { cell in
                cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().map(String.init).joined()
            }
            guard cells.count >= 2 else { continue }
            switch section {
            case "The rooms":
                let floors = cells.count > 2 ? cells[2] : ""
                rooms.append((cells[0], floors.split(separator: "·").map(Self.names)))
            case "Who owns which table": for table in Self.names(cells[1]) { owners[table] = cells[0] }
            case "Files that need each other": circles.append((Set(Self.names(cells[0])), cells[1]))
            default: break
            }
        }
    }

    /// The words of a cell that are names: letters, digits and what stands in paths and tables.
    private static func names(_ cell: some StringProtocol) -> [String] {
        let words = String(cell).map { isPartOfName($0) ? $0 : " " }
        return String(words).split(separator: " ").map(String.init)
    }

    private static func isPartOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "_/+.".contains(character))
    }

    func rank(_ room: String) -> Int? { rooms.firstIndex { $0.name == room } }
}

/// A file of the sources of TwinKit and its leaves.
struct HouseFile {
    /// Below Sources/TwinKit.
    let path: String
    let text: SwiftText
    /// The types that other files can name, and those that only this one means.
    private(set) var declared: Set<String> = []
    private(set) var own: Set<String> = []
    /// Words that could be names of types.
    private(set) var named: Set<String> = []

    var room: String { path.contains("/") ? String(path.prefix { $0 != "/" }) : House.workspace }
    /// Whether its room is a target of its own.
    var isLeaf: Bool { ["Support", "Database", "HTTP", "Readers", "Search"].contains(room) }
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

    private static let keywords: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]

    init(path: String, source: String) {
        self.path = path
        text = SwiftText(source)
        var depth = 0
        var (isDeclaration, isPrivate) = (false, false)
        for token in SwiftTokens(text.code) {
            switch token {
            case .open: depth += 1
            case .close: depth -= 1
            case .word(let word, let afterDot):
                let isType = word.first?.isUppercase == true
                if isDeclaration, isType {
                    if depth == 0, !isPrivate { declared.insert(word) } else { own.insert(word) }
                } else if isType, !afterDot {
                    named.insert(word)
                }
                isDeclaration = Self.keywords.contains(word)
                if !isDeclaration { isPrivate = word == "private" || word == "fileprivate" || (isPrivate && word == "final") }
            }
        }
    }

    static func all() throws -> [HouseFile] {
        let root = House.repository.appending(path: "Sources/TwinKit")
        let paths = FileManager.default.subpaths(atPath: root.path()) ?? []
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map {
            HouseFile(path: $0, source: try String(contentsOf: root.appending(path: $0), encoding: .utf8))
        }
    }
}

/// Which file names which types of which other file.
struct HouseGraph {
    /// For each file, the files whose types it names, with these types.
    private(set) var uses: [String: [String: Set<String>]] = [:]
    let files: [HouseFile]

    init(_ files: [HouseFile]) {
        self.files = files
        var homes: [String: [HouseFile]] = [:]
        for file in files { for type in file.declared { homes[type, default: []].append(file) } }
        for file in files {
            for type in file.named.subtracting(file.declared).subtracting(file.own) {
                // Two targets may have a type of one name: the nearer is meant, and a leaf sees none of those above it.
                let candidates = (homes[type] ?? []).filter { !file.isLeaf || $0.isLeaf }
                let near = candidates.first { $0.room == file.room } ?? candidates.first { $0.isLeaf == file.isLeaf }
                guard let home = near ?? candidates.first else { continue }
                uses[file.path, default: [:]][home.path, default: []].insert(type)
            }
        }
    }

    /// What breaks the order of the rooms and of their floors, a sentence each.
    func breaches(of house: House) -> [String] {
        let rooms = Dictionary(files.map { ($0.path, $0.room) }, uniquingKeysWith: { first, _ in first })
        var result = Set(rooms.values).filter { house.rank($0) == nil }.map { "ARCHITECTURE.md does not know the room \($0)" }
        for (path, homes) in uses {
            for (home, types) in homes {
                guard let from = house.rank(rooms[path] ?? ""), let to = house.rank(rooms[home] ?? "") else { continue }
                let names = types.sorted().joined(separator: ", ")
                if to > from { result.append("\(path) names \(names) of \(home), which is above it") }
                if to == from {
                    let floors = house.rooms[from].floors
                    guard let lower = Self.floor(path, floors), let upper = Self.floor(home, floors), upper > lower else {
                        continue
                    }
                    result.append("\(path) names \(names) of \(home), which is above it inside \(house.rooms[from].name)")
                }
            }
        }
        return result.sorted()
    }

    private static func floor(_ path: String, _ floors: [[String]]) -> Int? {
        let folders = path.split(separator: "/").dropLast().map(String.init)
        guard folders.count > 1 else { return nil }
        return floors.firstIndex { $0.contains(folders[1]) }
    }

    /// The groups of files each of which leads to every other, by Tarjan's algorithm. Names of types of rooms above are left out:
    /// they are breaches of their own.
    func circles(of house: House) -> [Set<String>] {
        let ranks = Dictionary(files.map { ($0.path, house.rank($0.room) ?? 0) }, uniquingKeysWith: { first, _ in first })
        var downwards: [String: [String]] = [:]
        for (path, homes) in uses { downwards[path] = homes.keys.filter { ranks[$0] ?? 0 <= ranks[path] ?? 0 }.sorted() }
        var search = CircleSearch(uses: downwards)
        for file in files where search.numbers[file.path] == nil { search.visit(file.path) }
        return search.circles
    }
}

/// R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).
private struct CircleSearch {
    let uses: [String: [String]]
    var numbers: [String: Int] = [:]
    private var lowest: [String: Int] = [:]
    private var stack: [String] = []
    var circles: [Set<String>] = []

    init(uses: [String: [String]]) { self.uses = uses }

    mutating func visit(_ file: String) {
        let number = numbers.count
        numbers[file] = number
        lowest[file] = number
        stack.append(file)
        for next in uses[file] ?? [] {
            if numbers[next] == nil {
                visit(next)
                lowest[file] = min(lowest[file] ?? number, lowest[next] ?? number)
            } else if stack.contains(next) {
                lowest[file] = min(lowest[file] ?? number, numbers[next] ?? number)
            }
        }
        guard lowest[file] == number, let start = stack.firstIndex(of: file) else { return }
        if stack.count - start > 1 { circles.append(Set(stack[start...])) }
        stack.removeSubrange(start...)
    }
}
