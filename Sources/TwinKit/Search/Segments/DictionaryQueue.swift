/// Dictionaries in the order of their current terms, those with equal terms in their own order: a heap.
struct DictionaryQueue {
    private let dictionaries: [DictionaryCursor]
    /// Numbers of the dictionaries that are not at their end.
    private var heap: [Int]

    /// The dictionaries stand at their first terms.
    init(_ dictionaries: [DictionaryCursor]) {
        self.dictionaries = dictionaries
        heap = dictionaries.indices.filter { !dictionaries[$0].isAtEnd }
        for place in (0..<heap.count / 2).reversed() { sift(place) }
    }

    /// The number of the dictionary with the lowest term.
    var first: Int? { heap.first }

    /// Finds the new place of the first dictionary after it has moved on.
    mutating func siftFirst() {
        guard let number = heap.first else { return }
        if dictionaries[number].isAtEnd {
            heap[0] = heap[heap.count - 1]
            heap.removeLast()
        }
        sift(0)
    }

    private mutating func sift(_ start: Int) {
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
            guard precedes(heap[child], heap[place]) else { return }
            heap.swapAt(child, place)
            place = child
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let order = dictionaries[left].compare(to: dictionaries[right])
        return order < 0 || (order == 0 && left < right)
    }
}
