/// The tags of a made-up data set: for each taste group a genre and its styles, then tags that say nothing of taste.
struct SampleTags {
  static let stylesPerGroup = 5
  static let genres = [
    "folk", "techno", "jazz", "metal", "soul", "punk", "ambient", "blues", "reggae", "choral", "disco", "grunge",
    "house", "country", "samba", "ska", "opera", "shoegaze", "swing", "dub",
  ]
  private static let styles = [
    "dusty", "northern", "slow", "bright", "garage", "midnight", "acoustic", "heavy", "coastal", "modern", "velvet",
  ]
  private static let unrelated = [
    "seen live", "favourites", "road trip", "winter", "to check", "covers", "sunday", "awesome", "sleep", "running",
    "one hit", "female vocalists", "instrumental", "old love", "guilty pleasure", "headphones", "déjà vu", "demo",
  ]

  let names: [String]
  private let groupCount: Int

  init(groupCount: Int) {
    self.groupCount = groupCount
    var names: [String] = []
    for group in 0..<groupCount {
      names.append(Self.genres[group])
      for style in 0..<Self.stylesPerGroup {
        names.append("\(Self.styles[(group * 3 + style * 2) % Self.styles.count]) \(Self.genres[group])")
      }
    }
    self.names = names + Self.unrelated
  }

  func genre(_ group: Int) -> Int { group * (Self.stylesPerGroup + 1) }
  func style(_ style: Int, of group: Int) -> Int { genre(group) + 1 + style }
  var unrelated: Range<Int> { genre(groupCount)..<names.count }
}
