import Testing
import TwoTowerFeatures

/// Damaged tables of an encoder are refused by name.
struct FittedTablesTests {
  private let data: SmallData
  private let tables: FittedTables

  init() throws {
    var data = RandomData.make(seed: 31)
    data.labels = .perUserL2
    data.settings.tagWeighting = .tfIdf
    data.settings.historyLimit = 3
    self.data = data
    tables = try data.builder().encoder(of: FeatureName.allCases).tables
  }

  private func error(_ change: (inout FittedTables) -> Void) -> FeatureError? {
    var changed = tables
    change(&changed)
    #expect(changed != tables)
    return #expect(throws: FeatureError.self) {
      _ = try FeatureEncoder(tables: changed, userCount: data.userCount, itemCount: data.itemCount)
    }
  }

  @Test func nothingMayBeMissing() {
    #expect(tables.integers.count > 8 && tables.numbers.count > 5 && tables.words.count > 3)
    for name in tables.integers.keys { #expect(error { $0.integers[name] = nil } == .missingTable(name)) }
    for name in tables.numbers.keys { #expect(error { $0.numbers[name] = nil } == .missingTable(name)) }
    for name in tables.words.keys { #expect(error { $0.words[name] = nil } == .missingTable(name)) }
  }

  @Test func numbersAreFiniteAndAsManyAsTheyShouldBe() {
    for name in tables.numbers.keys {
      let changes: [(inout [Float]) -> Void] = [
        { $0[0] = .nan }, { $0[0] = .infinity }, { $0.removeLast() }, { $0.append(1) },
      ]
      for change in changes {
        let line = error { change(&$0.numbers[name]!) }?.description ?? ""
        #expect(line.contains("the table \(name) has"), "\(name): \(line)")
      }
    }
    for name in ["label-scaler/user-scales", "user-statistics/scales", "history-tags/shares", "user-tags/inverse-frequency"] {
      #expect(error { $0.numbers[name]![0] = -1 }?.description.contains(name) == true, "\(name)")
    }
    #expect(error { $0.numbers["label-scaler/range"] = [2, 1] }?.description.contains("label-scaler/range") == true)
  }

  @Test func integersAreInRangeAndOrder() throws {
    var cases: [(name: String, change: (inout [Int32]) -> Void)] = [
      ("history/limit", { $0 = [0] }), ("history/limit", { $0 = [2, 3] }), ("history/limit", { $0 = [.max] }),
      ("timestamp-bucket/bucket-count", { $0 = [0] }), ("timestamp-bucket/bucket-count", { $0 = [.max] }),
      ("timestamp-bucket/bucket-count", { $0 = [] }), ("timestamp/time-scale", { $0.removeLast() }),
      ("timestamp/time-scale", { $0[9] = -1 }), ("timestamp-bucket/time-scale", { $0.swapAt(1, 3); $0[1] = .max }),
      ("user-statistics/priors", { $0.removeLast() }),
      ("user-statistics/priors", { $0[1] = Int32(truncatingIfNeeded: Double.nan.bitPattern >> 32) }),
      ("history-tags/item-tags-offsets", { $0.removeLast() }), ("history-tags/item-tags-offsets", { $0.append($0.last!) }),
      ("history-tags/item-tags-offsets", { $0[1] = -1 }), ("history-tags/item-tags", { $0[0] = -1 }),
      ("history-tags/item-tags", { $0[$0.count - 1] = .max }), ("user-tags/tag-rows-offsets", { $0[0] = 1 }),
      ("user-tags/tag-rows-offsets", { $0 = [] }), ("user-tags/tag-rows", { $0[0] = -1 }),
      ("user-tags/tag-rows", { $0[0] = .max }),
    ]
    for name in ["user-id/user-rows", "friends/user-rows", "history/item-rows"] {
      cases += [
        (name, { $0.removeLast() }), (name, { $0.append(0) }), (name, { $0[0] = -1 }), (name, { $0[0] = 2 }),
        (name, { $0[1] = $0[0] }),
      ]
    }
    for (name, change) in cases {
      let line = error { change(&$0.integers[name]!) }?.description ?? ""
      #expect(line.contains("the table \(name) has"), "\(name): \(line)")
    }
  }

  @Test func namesAreKnownAndStandOnce() {
    let cases = [
      ("features", "shoe-size"), ("features", "item-id"), ("features", "history,history"),
      ("label-scaler/scaling", "luck"), ("label-scaler/scaling", ""), ("user-tags/weighting", "luck"),
      ("user-statistics/statistics", "luck"), ("user-statistics/statistics", "mean,mean"),
    ]
    for (name, text) in cases {
      #expect(error { $0.words[name] = text }?.description.contains("the table \(name) has") == true, "\(name): \(text)")
    }
    #expect(error { $0.words["label-scaler/scaling"] = "log" }?.description.contains("label-scaler/user-scales") == true)
    #expect(error { $0.words["user-statistics/statistics"] = "mean" }?.description.contains("user-statistics/") == true)
  }

  @Test func anEncoderOfOtherDataIsRefused() {
    for (users, items) in [(29, 25), (30, 24), (30, 26), (0, 0)] {
      #expect(throws: FeatureError.self) { try FeatureEncoder(tables: tables, userCount: users, itemCount: items) }
    }
  }
}
