import Glibc
import TwinHTTP
import TwinKit
import TwinSupport

/// How long it takes to find a verified answer among many, by questions as people ask them.
enum AnswerBenchmark {
    private static let usage = "usage: twin-benchmark answers FOLDER [COUNT]"
    private static let rounds = 300

    static func run(_ arguments: [String]) throws {
        guard let folder = arguments.first else { throw TwinError(.invalid, usage) }
        let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 5_000
        let workspace = try Workspace(
            path: folder + "/answers.db", configuration: try Configuration(environment: [:]), create: true)
        let twin = try workspace.twins.list().first ?? workspace.twins.create(name: "answers", by: AuditLog.localActor)
        let answers = workspace.verifiedAnswers
        var questions: [String] = []
        for number in 0..<count { questions.append(question(number)) }
        _ = try answers.import(
            questions.map { VerifiedAnswers.Entry(question: $0, answer: "Answer to: \($0)") }, into: twin, by: nil)

        let group = try workspace.groups.find("Default Group", of: twin)
        for (name, asked) in kinds(count) {
            for clearance in [Clearance.everything, .group(group)] {
                var timings = Timings()
                var found = 0
                let processor = processorSeconds
                for round in 0..<rounds {
                    let text = asked(round)
                    found += try timings.measure { try answers.matches(text, of: twin, clearance: clearance) }.isEmpty ? 0 : 1
                }
                let mean = (processorSeconds - processor) * 1_000 / Double(rounds)
                let who = clearance.group == nil ? "operator" : "group"
                print(
                    "\(count) answers, \(name), \(who): p50 \(timings.percentile(0.5).rounded(3)) ms, p95 \(timings.percentile(0.95).rounded(3)) ms, mean of processor time \(mean.rounded(3)) ms, found \(found) of \(rounds)"
                )
            }
        }
    }

    /// What the process has used of its processors.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func kinds(_ count: Int) -> [(String, (Int) -> String)] {
        [
            ("the same", { question($0 * 7 % count).lowercased() }),
            ("nearly the same", { "Please, " + question($0 * 7 % count).replacing("the", with: "teh", maxReplacements: 1) }),
            (
                "another question",
                {
                    "How many \(nouns[$0 * 5 % nouns.count]) were counted by the harbour master of \(places[$0 % places.count]) last spring?"
                }
            ),
            ("a short one", { "And \(nouns[$0 % nouns.count])?" }),
        ]
    }

    private static func question(_ number: Int) -> String {
        let opening = openings[number % openings.count]
        let noun = nouns[number / openings.count % nouns.count]
        let place = places[number / (openings.count * nouns.count) % places.count]
        return
            "\(opening) the \(noun) in the \(place)\(number >= openings.count * nouns.count * places.count ? " \(number)" : "")?"
    }

    private static let openings = [
        "How do I clean", "What does it cost to repair", "Who is responsible for", "When was the last inspection of",
        "Where can I find",
        "Why do we not replace", "How often should somebody oil", "What is the serial number of", "Which supplier delivers",
        "May visitors touch",
    ]
    private static let nouns = [
        "gearbox", "compressor", "north gate", "boiler", "coffee machine", "projector", "fire door", "lathe", "drill",
        "paint booth", "server rack",
        "water meter", "ladder", "forklift", "microscope", "oven", "radiator", "sewing machine", "thermostat",
        "ventilation shaft",
    ]
    private static let places = [
        "workshop", "main hall", "library", "cellar", "garden house", "second floor", "harbour office", "kitchen", "laboratory",
        "archive",
        "reception", "garage", "attic", "studio", "museum shop", "boat shed", "canteen", "printing room", "chapel", "tower",
        "greenhouse",
        "loading bay", "classroom", "cold store", "old wing",
    ]
}
