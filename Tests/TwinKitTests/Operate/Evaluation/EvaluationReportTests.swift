import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct EvaluationReportTests {
    private struct Broken: Error, CustomStringConvertible { var description: String { "broken" } }

    private let set = QuestionSet(
        name: "sample",
        questions: [
            EvaluationQuestion(id: "right", text: "?", grades: ["a": 1], answers: ["911"]),
            EvaluationQuestion(id: "wrong", text: "?", grades: ["b": 1], answers: ["Oslo"]),
            EvaluationQuestion(id: "held", text: "?", grades: ["c": 1], answers: ["Rome"]),
            EvaluationQuestion(id: "none", text: "?", isUnanswerable: true, label: "near-miss"),
            EvaluationQuestion(id: "far", text: "?", isUnanswerable: true, label: "left-out"),
            EvaluationQuestion(id: "fails", text: "?", grades: ["d": 1], answers: ["x"]),
        ])

    private func answer(_ question: EvaluationQuestion) throws -> EvaluatedAnswer {
        switch question.id {
        case "right":
            EvaluatedAnswer(
                retrieved: ["a", "b"], cited: ["a"], text: "It was in 911.", bestSentence: "It was in 911.", confidence: 0.9,
                answerability: 0.8, milliseconds: 10)
        case "wrong":
            EvaluatedAnswer(
                retrieved: ["a", "b"], cited: ["a"], text: "Paris.", bestSentence: "Paris.", confidence: 0.5, answerability: 0.6,
                milliseconds: 20)
        case "held": EvaluatedAnswer(retrieved: ["c"], text: "Rome.", isRefusal: true, answerability: 0.7, milliseconds: 30)
        case "none": EvaluatedAnswer(text: "Something.", confidence: 0.3, answerability: 0.65, milliseconds: 40)
        case "far": EvaluatedAnswer(isRefusal: true, answerability: 0.1, milliseconds: 50)
        default: throw Broken()
        }
    }

    private func report() -> EvaluationReport {
        var evaluation = Evaluation(set)
        return evaluation.run(answer: answer)
    }

    @Test func `each measure is taken over the questions it is defined for`() throws {
        let report = report()
        #expect(report.questionCount == 6)
        #expect(report.unanswerableCount == 2)
        #expect(report.failureCount == 1)
        #expect(report.firstFailure == "broken")
        // Places 1, 2, 1 and, for the failure, none.
        #expect(isClose(report[.reciprocalRank10], (1 + 0.5 + 1 + 0) / 4))
        #expect(isClose(report[.recall1], 0.5))
        #expect(isClose(report[.containment], 0.25))
        #expect(isClose(report[.bestSentenceContainment], 0.25))
        // Spans are matched by no answer; of the two without one, the refusal matches.
        #expect(isClose(report[.exactMatch], 1.0 / 6))
        #expect(isClose(report[.refusalPrecision], 0.5))
        #expect(isClose(report[.refusalRecall], 0.5))
        // Pairs of (0.8, 0.6, 0.7) against (0.65, 0.1): five of six in order.
        #expect(isClose(report[.areaUnderCurve], 5.0 / 6))
        #expect(report.areaUnderCurveByLabel.map(\.label) == ["left-out", "near-miss"])
        #expect(isClose(report.areaUnderCurveByLabel.last?.value, 2.0 / 3))
        // Right, wrong, refused, answered without an answer, refused.
        #expect(isClose(report[.truthfulness], (1 - 1 + 0 - 1 + 0) / 5.0))
        #expect(isClose(report[.brierScore], (0.01 + 0.25 + 0.09) / 3))
        #expect(report[.latency50] == 30)
        // Showing the two best, one of them held back today, is right twice.
        #expect(isClose(report.proposal?.threshold, 0.675))
        #expect(isClose(report.proposal?.truthfulness, 0.4))
    }

    @Test func `measures that the questions do not allow are missing`() {
        let plain = QuestionSet(name: "plain", questions: [EvaluationQuestion(id: "1", text: "?")])
        var evaluation = Evaluation(plain)
        let report = evaluation.run { _ in EvaluatedAnswer(text: "x", milliseconds: 1) }
        #expect(report.metrics.map(\.measure) == [.latency50, .latency95, .latency99])
        #expect(report.proposal == nil)
        #expect(report.json["calibration"] == nil)
    }

    @Test func `a citation decides where no span is known`() {
        let question = EvaluationQuestion(id: "1", text: "?", grades: ["a": 2, "b": 0])
        #expect(
            EvaluatedQuestion(question: question, answer: EvaluatedAnswer(cited: ["x", "a"], text: "t")).truthfulness == .right)
        #expect(EvaluatedQuestion(question: question, answer: EvaluatedAnswer(cited: ["b"], text: "t")).truthfulness == .wrong)
        #expect(EvaluatedQuestion(question: question, answer: EvaluatedAnswer(isRefusal: true)).truthfulness == .refused)
        #expect(EvaluatedQuestion(question: question, failure: "f").truthfulness == nil)
    }

    @Test func `the asynchronous run gives the same report and measures what is not given`() async throws {
        var evaluation = Evaluation(set)
        var done: [Int] = []
        let same = try await evaluation.run(progress: { done.append($0) }) { question async throws in try answer(question) }
        #expect(same == report())
        #expect(done == [1, 2, 3, 4, 5, 6])
        var timed = Evaluation(QuestionSet(name: "t", questions: [EvaluationQuestion(id: "1", text: "?")]))
        let result = timed.run { _ in EvaluatedAnswer() }
        #expect((result[.latency50] ?? -1) >= 0)
    }

    @Test func `the report is the same as JSON and as a table`() throws {
        let report = report()
        let json = report.json
        #expect(json["metrics"]?["auroc"]?.doubleValue == report[.areaUnderCurve])
        #expect(json["auroc_by_label"]?["left-out"]?.doubleValue == 1)
        #expect(json["calibration"]?.arrayValue?.count == 10)
        #expect(json["proposed_threshold"]?["answered_share"]?.doubleValue == 0.4)
        #expect(try JSONParser.parse(json.text) == json)
        let table = report.table
        #expect(table.contains("sample: 6 questions, 2 of them unanswerable"))
        #expect(table.contains("1 failed; the first: broken"))
        #expect(table.contains("auroc               0.8333  of 5"))
        #expect(table.contains("0.9 to 1.0        1  0.9000  1.0000"))
        #expect(table.contains("proposed threshold 0.6750: truthfulness 0.4000, 40.0 % answered"))
    }

    @Test func `a bound says what is missed and is silent when met`() throws {
        let report = report()
        let bounds = [
            try MeasureBound("auroc=0.8"), try MeasureBound("mrr@10=0.7"), try MeasureBound("latency_p50_ms=40", .atMost),
        ]
        #expect(MeasureBound.shortfalls(bounds, in: report) == ["mrr@10 is 0.6250, below 0.7000"])
        #expect(try MeasureBound("latency_p50_ms=3", .atMost).shortfall(in: report) == "latency_p50_ms is 30.0000, above 3.0000")
        let empty = EvaluationReport(name: "", results: [])
        #expect(try MeasureBound("f1=0").shortfall(in: empty)?.contains("not measured") == true)
    }

    @Test(arguments: ["auroc", "auroc=", "auroc=high", "auroc=nan", "aurok=1", "=1", "", "ece=0.1"])
    func `a bound that cannot be meant is refused`(text: String) {
        #expect(throws: TwinError.self) { try MeasureBound(text) }
    }

    @Test(arguments: Measure.allCases)
    func `every measure can be named in a bound`(measure: Measure) throws {
        let direction: MeasureBound.Direction = measure.isCost ? .atMost : .atLeast
        #expect(try MeasureBound("\(measure.name)=0.5", direction) == MeasureBound(measure, direction, 0.5))
    }

    @Test func `numbers are rounded to their decimals`() {
        #expect(Decimals.text(0.66666) == "0.6667")
        #expect(Decimals.text(-0.00001) == "0.0000")
        #expect(Decimals.text(-1.25, 1) == "-1.3")
        #expect(Decimals.text(12.999, 0) == "13")
        #expect(Decimals.text(.infinity) == "inf")
    }
}
