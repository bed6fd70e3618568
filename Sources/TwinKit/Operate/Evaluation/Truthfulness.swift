/// What an answer is worth to somebody who acts on it: a right one +1, a refusal 0, a wrong one -1. An answer to a
/// question that has none is wrong.
package enum Truthfulness: Int, Sendable, CaseIterable {
    case wrong = -1
    case refused = 0
    case right = 1
}
