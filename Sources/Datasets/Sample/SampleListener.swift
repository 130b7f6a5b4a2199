import TwoTowerKernels

/// One made-up user: tastes, the artists played and the tags given.
///
/// The same for the same seed and index.
struct SampleListener {
  struct Play {
    var artist: Int
    var count: Int
  }

  struct Tagging {
    var artist: Int
    var tag: Int
    /// Days since 1970-01-01.
    var day: Int
  }

  /// The groups this user likes, the main one first.
  let tastes: [Int]
  private(set) var plays: [Play] = []
  private(set) var taggings: [Tagging] = []

  private static let tasteShares = [[1.0], [0.7, 1.0], [0.55, 0.85, 1.0]]

  /// The main taste alone.
  static func mainTaste(_ index: Int, catalogue: SampleCatalogue, seed: UInt64) -> Int {
    var generator = SeededGenerator(seed: seed, purpose: .sample, epoch: 1, stream: index)
    return catalogue.drawGroup(&generator)
  }

  init(_ index: Int, catalogue: SampleCatalogue, tags: SampleTags, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, purpose: .sample, epoch: 1, stream: index)
    var tastes = [catalogue.drawGroup(&generator)]
    let tasteCount = [1, 1, 1, 2, 2, 2, 2, 3, 3][generator.below(9)]
    for _ in 1..<max(tasteCount, 2) where tasteCount > 1 {
      let group = catalogue.drawGroup(&generator)
      if !tastes.contains(group) { tastes.append(group) }
    }
    self.tastes = tastes
    drawPlays(catalogue, &generator)
    drawTaggings(catalogue, tags, &generator)
  }

  private mutating func drawPlays(_ catalogue: SampleCatalogue, _ generator: inout SeededGenerator) {
    let wanted = min(10 + generator.below(21), catalogue.artists.count)
    let favouriteStyle = generator.below(SampleTags.stylesPerGroup)
    let activity = portableExp(0.6 * roughNormal(&generator))
    var seen: Set<Int> = []
    for _ in 0..<(wanted * 20) where plays.count < wanted {
      let isStray = generator.uniformDouble() < 0.12
      let taste = pick(from: Self.tasteShares[tastes.count - 1], &generator)
      let group = isStray ? catalogue.drawGroup(&generator) : tastes[taste]
      guard let artist = catalogue.drawArtist(of: group, &generator) else { continue }
      let hasStyle = Int(catalogue.artists[artist].style) == favouriteStyle
      if !isStray && !hasStyle && generator.uniformDouble() < 0.5 { continue }
      if !seen.insert(artist).inserted { continue }
      // Log-normal, more in the main taste, least for strays.
      let level = (isStray ? 4.0 : taste == 0 ? 6.0 : 5.2) + (hasStyle ? 0.4 : 0)
      let count =
        portableExp(level + 0.8 * roughNormal(&generator)) * activity * Double(catalogue.artists[artist].replay)
      plays.append(Play(artist: artist, count: min(max(Int(count), 1), 500_000)))
    }
    plays.sort { $0.artist < $1.artist }
  }

  private mutating func drawTaggings(
    _ catalogue: SampleCatalogue, _ tags: SampleTags, _ generator: inout SeededGenerator
  ) {
    let firstDay = 13_149 + generator.below(1_200)  // 2006-01-01 to the spring of 2009
    let days = 30 + generator.below(700)
    for play in plays {
      let chance = play.count > 400 ? 0.5 : 0.15
      if generator.uniformDouble() < chance {
        tag(play.artist, days: firstDay..<(firstDay + days), catalogue, tags, &generator)
      }
    }
    let newcomers = catalogue.newcomers[tastes[0]]
    if !newcomers.isEmpty {
      for _ in 0..<2 {
        let newcomer = Int(newcomers[generator.below(newcomers.count)])
        tag(newcomer, days: firstDay..<(firstDay + days), catalogue, tags, &generator)
      }
    }
    taggings.sort { ($0.artist, $0.tag, $0.day) < ($1.artist, $1.tag, $1.day) }
    var unique: [Tagging] = []
    for tagging in taggings where unique.last.map({ ($0.artist, $0.tag) != (tagging.artist, tagging.tag) }) ?? true {
      unique.append(tagging)
    }
    taggings = unique
  }

  private mutating func tag(
    _ artist: Int, days: Range<Int>, _ catalogue: SampleCatalogue, _ tags: SampleTags,
    _ generator: inout SeededGenerator
  ) {
    let traits = catalogue.artists[artist]
    let day = days.lowerBound + generator.below(days.count)
    for _ in 0..<(1 + generator.below(3)) {
      let isFirst = generator.uniformDouble() < 0.7
      let group = Int(isFirst ? traits.group : traits.secondGroup)
      let kind = generator.uniformDouble()
      let tag =
        if kind < 0.5 {
          tags.genre(group)
        } else if kind < 0.85 {
          tags.style(Int(traits.style), of: group)
        } else {
          tags.unrelated.lowerBound + generator.below(tags.unrelated.count)
        }
      taggings.append(Tagging(artist: artist, tag: tag, day: day))
    }
  }
}
