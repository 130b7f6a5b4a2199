import Testing
import TwoTowerFiles
import TwoTowerKernels

@Suite struct NearestNamesTests {
  @Test func likelierNamesComeFirst() {
    let names = ["Vopi Neke Trio", "vopi", "The Vopi", "Vopa", "Mode Jofi", "VOPI"]
    #expect(nearestNames(to: "Vopi", in: names, limit: 6) == ["vopi", "VOPI", "Vopa", "Vopi Neke Trio", "The Vopi"])
    #expect(nearestNames(to: "Vopi", in: names, limit: 2) == ["vopi", "VOPI"])
  }

  @Test func caseAndAccentsDoNotCount() {
    #expect(nearestNames(to: "bjork", in: ["Bork", "Björk"], limit: 1) == ["Björk"])
    #expect(nearestNames(to: "SIGUR RÓS", in: ["Sigur Ros"], limit: 1) == ["Sigur Ros"])
  }

  @Test func slipsAreForgiven() {
    let keys = ["learning-rate", "batch-size", "epochs", "temperature"]
    #expect(nearestNames(to: "learnig-rate", in: keys) == ["learning-rate"])
    #expect(nearestNames(to: "bacth-size", in: keys) == ["batch-size"])
    #expect(nearestNames(to: "temprature", in: keys) == ["temperature"])
  }

  @Test func nothingAlikeGivesNothing() {
    #expect(nearestNames(to: "zzzzzzzz", in: ["abc", "defghijk", ""]).isEmpty)
    #expect(nearestNames(to: "", in: ["abc"]).isEmpty)
    #expect(nearestNames(to: "me", in: ["2", "17", "xy"]).isEmpty, "two edits make anything of two characters")
    #expect(nearestNames(to: "abc", in: []).isEmpty)
    #expect(nearestNames(to: "abc", in: ["abc"], limit: 0).isEmpty)
  }

  @Test func longTextIsCut() {
    let long = String(repeating: "é😀x", count: 5_000)
    #expect(nearestNames(to: long, in: [long, "x"], limit: 1) == [long])
  }

  /// Among names of the query's length, fewer edits come first, and nothing within reach is left out.
  @Test(arguments: 0..<20)
  func orderIsThatOfTheEditDistance(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample, stream: 80)
    func word(_ count: Int) -> [Character] { (0..<count).map { _ in ["a", "b", "c"][generator.below(3)] } }
    let query = word(6)
    let names = (0..<60).map { _ in word(6) }.filter { $0 != query }
    let found = nearestNames(to: String(query), in: names.map { String($0) }, limit: 100)
    let distances = found.map { levenshtein(query, Array($0)) }
    #expect(distances == distances.sorted())
    #expect(found.count == names.count { levenshtein(query, $0) <= 2 })
  }

  private func levenshtein(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for i in 1...a.count {
      var diagonal = row[0]
      row[0] = i
      for j in 1...b.count {
        let substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)
        diagonal = row[j]
        row[j] = min(substitution, row[j] + 1, row[j - 1] + 1)
      }
    }
    return row[b.count]
  }
}
