import TwoTowerKit

/// Made-up listening counts: every listener has a favourite genre, and plays little else.
public func madeUpListeners() throws -> Interactions {
  let genres = ["rock", "jazz", "folk", "techno"]
  let artists = (0..<60).map { "artist-\($0)" }
  func genre(_ artist: Int) -> Int { artist % genres.count }

  var users: [String] = []
  var items: [String] = []
  var counts: [Float] = []
  var generator = SplitMix64(state: 7)
  for listener in 0..<150 {
    for artist in artists.indices {
      let isFavourite = genre(artist) == listener % genres.count
      guard Int.random(in: 0..<100, using: &generator) < (isFavourite ? 60 : 6) else { continue }
      users.append("listener-\(listener)")
      items.append(artists[artist])
      counts.append(Float(Int.random(in: 1...(isFavourite ? 200 : 10), using: &generator)))
    }
  }
  var names: [String: String] = [:]
  var tags: [String: [String]] = [:]
  for (number, artist) in artists.enumerated() {
    names[artist] = "The \(genres[genre(number)]) No. \(number)"
    tags[artist] = [genres[genre(number)]]
  }
  return try Interactions(users: users, items: items, weights: counts, itemNames: names, itemTags: tags)
}

/// The same numbers in every run (SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
