import TwoTowerKernels

/// The artists of a made-up data set: each belongs to one or two taste groups, popular in them by Zipf's law.
struct SampleCatalogue {
  struct Artist {
    var group: UInt8
    /// The same as `group` where there is no other.
    var secondGroup: UInt8
    var style: UInt8
    /// Barely played yet, but tagged: what a model can only know from tags.
    var isNewcomer: Bool
    /// How much more than others people play it once they do.
    var replay: Float
  }

  let artists: [Artist]
  /// Members of each group, the most popular first.
  private var members: [[Int32]]
  /// Running sums of the members' popularity.
  private var cumulative: [[Double]]
  let newcomers: [[Int32]]
  private let groupCumulative: [Double]

  var groupCount: Int { members.count }

  init(count: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, purpose: .sample)
    let groupCount = min(max(count / 50, 1), SampleTags.genres.count - 4)
    var sum = 0.0
    groupCumulative = (0..<groupCount).map { group in
      sum += 1 / Double(group + 6)
      return sum
    }
    var artists: [Artist] = []
    var members = [[Int32]](repeating: [], count: groupCount)
    var newcomers = members
    artists.reserveCapacity(count)
    for index in 0..<count {
      let group = pick(from: groupCumulative, &generator)
      let isInTwo = generator.uniformDouble() < 0.2
      let second = isInTwo ? pick(from: groupCumulative, &generator) : group
      let isNewcomer = generator.uniformDouble() < 0.2
      artists.append(
        Artist(
          group: UInt8(group), secondGroup: UInt8(second), style: UInt8(generator.below(SampleTags.stylesPerGroup)),
          isNewcomer: isNewcomer, replay: Float(portableExp(0.5 * roughNormal(&generator)))))
      members[group].append(Int32(index))
      if second != group { members[second].append(Int32(index)) }
      if isNewcomer { newcomers[group].append(Int32(index)) }
    }
    for group in 0..<groupCount { generator.shuffle(&members[group]) }
    cumulative = members.map { group in
      var sum = 0.0
      return group.enumerated().map { rank, artist in
        sum += (artists[Int(artist)].isNewcomer ? 0.12 : 1) / Double(rank + 4)
        return sum
      }
    }
    self.artists = artists
    self.members = members
    self.newcomers = newcomers
  }

  /// A taste group, the larger ones more often.
  func drawGroup(_ generator: inout SeededGenerator) -> Int { pick(from: groupCumulative, &generator) }

  /// An artist of `group` by popularity, or nil where the group has none.
  func drawArtist(of group: Int, _ generator: inout SeededGenerator) -> Int? {
    members[group].isEmpty ? nil : Int(members[group][pick(from: cumulative[group], &generator)])
  }
}

/// A position with probability in proportion to its part of the running sums.
func pick(from cumulative: [Double], _ generator: inout SeededGenerator) -> Int {
  let target = generator.uniformDouble() * cumulative[cumulative.count - 1]
  return (0..<cumulative.count - 1).partitioningIndex { cumulative[$0] > target }
}

/// Nearly a standard normal draw: four uniform ones (Irwin–Hall), standardised.
func roughNormal(_ generator: inout SeededGenerator) -> Double {
  var sum = 0.0
  for _ in 0..<4 { sum += generator.uniformDouble() }
  return (sum - 2) * 1.732_050_807_568_877_2
}

/// eˣ to about three digits by IEEE products alone, so that every platform writes the same files.
func portableExp(_ x: Double) -> Double {
  var result = 1 + x / 65_536
  for _ in 0..<16 { result *= result }
  return result
}
