import Foundation
import TwoTowerDatasets
import TwoTowerFeatures

func logarithmForTests(_ value: Double) -> Double { log(value) }

/// A data set drawn at random: 30 users, 25 items, pairs that are rare, held out, tagged or all of it.
enum RandomData {
  private struct Draws: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
  }

  static func make(seed: UInt64) -> SmallData {
    var draws = Draws(state: seed)
    var data = SmallData(interactions: [], userCount: 30, itemCount: 25, train: [])
    data.tagNames = ["rock", "Pop", "indie rock", "jazz", "pop", "metal!", "seen live", "é"]
    for user in 0..<Int32(30) {
      for item in 0..<Int32(25) where Int.random(in: 0..<4, using: &draws) == 0 {
        let row = Int32(data.interactions.count)
        data.interactions.append((user, item, Float(Int.random(in: 1...500, using: &draws))))
        if Int.random(in: 0..<4, using: &draws) == 0 { data.test.append(row) } else { data.train.append(row) }
      }
    }
    for _ in 0..<200 {
      let user = Int32.random(in: 0..<30, using: &draws)
      let item = Int32.random(in: 0..<25, using: &draws)
      data.tags.append((user, item, Int32.random(in: 0..<8, using: &draws), Int64.random(in: 1...9999, using: &draws)))
    }
    for row in data.interactions where Int.random(in: 0..<2, using: &draws) == 0 {
      let tag = Int32.random(in: 0..<8, using: &draws)
      data.tags.append((row.user, row.item, tag, Int64.random(in: 1...9999, using: &draws)))
    }
    for _ in 0..<40 {
      let pair = (Int32.random(in: 0..<30, using: &draws), Int32.random(in: 0..<30, using: &draws))
      if pair.0 != pair.1, !data.friends.contains(where: { $0 == pair }) { data.friends += [pair, (pair.1, pair.0)] }
    }
    for item in 0..<Int32(25) where Int.random(in: 0..<2, using: &draws) == 0 {
      data.itemTags.append((item, Int32.random(in: 0..<8, using: &draws)))
    }
    data.settings.minimumTagCount = 2
    return data
  }
}
