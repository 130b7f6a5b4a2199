import Testing
import TestSupport
import TwoTowerDatasets

/// The counts of the real HetRec 2011 Last.fm set, which its readme and this project's measurements name.
@Suite struct LastfmTests {
  @Test(.enabled(if: RealData.lastfm != nil, "set TWOTOWER_LASTFM to the folder hetrec2011-lastfm-2k"))
  func countsAreThoseOfTheReadme() throws {
    let data = try readHetRec(folder: RealData.lastfm!)
    #expect(data.name == "hetrec2011-lastfm-2k")
    #expect(data.users.count == 1_892)
    #expect(data.items.count == 17_632)
    #expect(data.itemNames.count == 17_632)
    #expect(data.interactions.count == 92_834)
    #expect(data.interactions.weights.max() == 352_698)
    #expect(data.tagNames.count == 11_946)
    #expect(data.tagAssignments.count == 186_479 - 1_538)
    #expect(data.friendships.count == 25_434)
    #expect(data.users[0] == "2")
    #expect(data.itemNames[Int(data.items.index(of: "1")!)] == "MALICE MIZER")
    #expect(data.files.map(\.name).contains("user_taggedartists-timestamps.dat"))
    #expect(
      data.remarks == [
        "tags.dat is not UTF-8: read as ISO-8859-1",
        "1538 rows of user_taggedartists-timestamps.dat with an artist that is not in the catalogue: dropped",
        "5 tag times of user_taggedartists-timestamps.dat outside the believable years: treated as unknown",
      ])
  }

  @Test(.enabled(if: RealData.lastfm != nil && RealData.splits != nil, "set TWOTOWER_LASTFM and TWOTOWER_SPLITS"))
  func splitHasItsRows() throws {
    let data = try readHetRec(folder: RealData.lastfm!)
    let split = try readSplit(
      train: "\(RealData.splits!)/lastfm-62k-30k.train.tsv", test: "\(RealData.splits!)/lastfm-62k-30k.test.tsv",
      dataset: data)
    #expect(split.train.count == 62_000)
    #expect(split.test.count == 30_000)
    #expect(Set(split.train).isDisjoint(with: split.test))
    let trained = Set(split.train.map { data.interactions.items[Int($0)] })
    #expect(split.test.count { !trained.contains(data.interactions.items[Int($0)]) } == 4_021)
    let first = Int(split.test[0])
    #expect(data.users[data.interactions.users[first]] == "277")
    #expect(data.items[data.interactions.items[first]] == "515")
    #expect(data.interactions.weights[first] == 393)
  }
}
