import TwoTowerFiles
import TwoTowerKernels

/// How much a made-up data set holds.
package struct SampleSummary: Sendable, Equatable {
  package var users = 0
  package var artists = 0
  package var interactions = 0
  package var tags = 0
  package var tagAssignments = 0
  package var friendPairs = 0
}

/// Writes a made-up data set in HetRec format: six files and a readme.
///
/// The same arguments give the same bytes.
///
/// Tastes are planted: every artist belongs to one or two of up to 16 taste groups and every user likes one to three;
/// users play mostly what they like (about 20 artists each), tag it by its group and style, and befriend their like.
/// About a fifth of the artists are hardly played but tagged.
///
/// Everything is written into a folder beside `folder`, which then takes its name; on failure nothing remains.
///
/// - Parameters:
///   - users: 1 to 100,000,000.
///   - artists: 1 to 16,777,216.
///   - folder: must not exist or be empty; the folder above it must exist.
///   - isCancelled: asked every few users; true ends with `DatasetError.interrupted`.
/// - Throws: `DatasetError`.
@discardableResult
package func writeSample(
  users: Int, artists: Int, seed: UInt64, to folder: String, isCancelled: () -> Bool = { false }
) throws -> SampleSummary {
  guard (1...100_000_000).contains(users) else {
    throw DatasetError.sampleSizeOutOfRange(name: "users", found: users, limit: 100_000_000)
  }
  guard (1...SampleArtistNames.limit).contains(artists) else {
    throw DatasetError.sampleSizeOutOfRange(name: "artists", found: artists, limit: SampleArtistNames.limit)
  }
  var summary = SampleSummary()
  do {
    try AtomicFiles.writeFolder(at: withoutTrailingSlashes(folder), makesParents: false) { partial in
      summary = try SampleWriter(users: users, artists: artists, seed: seed, folder: partial).write(isCancelled)
    }
  } catch let error as FileError {
    throw DatasetError.file(error)
  }
  return summary
}

private struct SampleWriter {
  let users: Int
  let seed: UInt64
  /// Where the files go.
  let folder: String
  let catalogue: SampleCatalogue
  let tags: SampleTags

  init(users: Int, artists: Int, seed: UInt64, folder: String) {
    self.users = users
    self.seed = seed
    self.folder = folder
    catalogue = SampleCatalogue(count: artists, seed: seed)
    tags = SampleTags(groupCount: catalogue.groupCount)
  }

  // Neither contiguous nor from zero, as in the original set.
  private func userIdentifier(_ index: Int) -> Int { index + 2 + index / 9 }
  private func artistIdentifier(_ index: Int) -> Int { index + 1 + index / 15 }
  private func tagIdentifier(_ index: Int) -> Int { index + 1 + index / 20 }

  private func file(_ name: String) throws(FileError) -> SampleFile { try SampleFile(creating: "\(folder)/\(name)") }

  func write(_ isCancelled: () -> Bool) throws -> SampleSummary {
    var summary = SampleSummary(users: users, artists: catalogue.artists.count, tags: tags.names.count)
    try writeNames()
    try writeListeners(&summary, isCancelled)
    try writeFriends(&summary, isCancelled)
    try writeReadme(summary)
    return summary
  }

  private func writeNames() throws(FileError) {
    let artists = try file("artists.dat")
    try artists.line("id\tname\turl\tpictureURL")
    for index in catalogue.artists.indices {
      let identifier = artistIdentifier(index)
      try artists.line("\(identifier)\t\(SampleArtistNames.name(index))\thttp://example.org/\(identifier)\t")
    }
    try artists.flush()

    let tagFile = try file("tags.dat")
    try tagFile.line("tagID\ttagValue")
    for (index, name) in tags.names.enumerated() { try tagFile.line("\(tagIdentifier(index))\t\(name)") }
    try tagFile.flush()
  }

  private func writeListeners(_ summary: inout SampleSummary, _ isCancelled: () -> Bool) throws {
    let plays = try file("user_artists.dat")
    let dated = try file("user_taggedartists.dat")
    let timed = try file("user_taggedartists-timestamps.dat")
    try plays.line("userID\tartistID\tweight")
    try dated.line("userID\tartistID\ttagID\tday\tmonth\tyear")
    try timed.line("userID\tartistID\ttagID\ttimestamp")
    for index in 0..<users {
      if index % 256 == 0 && isCancelled() { throw DatasetError.interrupted }
      let listener = SampleListener(index, catalogue: catalogue, tags: tags, seed: seed)
      let user = userIdentifier(index)
      for play in listener.plays { try plays.row([user, artistIdentifier(play.artist), play.count]) }
      for tagging in listener.taggings {
        let (artist, tag) = (artistIdentifier(tagging.artist), tagIdentifier(tagging.tag))
        let date = calendarDate(daysSince1970: tagging.day)
        try dated.row([user, artist, tag, date.day, date.month, date.year])
        try timed.row([user, artist, tag, tagging.day * 86_400_000])
      }
      summary.interactions += listener.plays.count
      summary.tagAssignments += listener.taggings.count
    }
    for file in [plays, dated, timed] { try file.flush() }
  }

  private func writeFriends(_ summary: inout SampleSummary, _ isCancelled: () -> Bool) throws {
    var usersByTaste = [[Int32]](repeating: [], count: catalogue.groupCount)
    for user in 0..<users {
      usersByTaste[SampleListener.mainTaste(user, catalogue: catalogue, seed: seed)].append(Int32(user))
    }
    // Both directions of each pair as one number: sorting puts each user's friends together and repeats side by side.
    var pairs: [UInt64] = []
    for (taste, alike) in usersByTaste.enumerated() {
      if isCancelled() { throw DatasetError.interrupted }
      for user in alike {
        var generator = SeededGenerator(seed: seed, purpose: .sample, epoch: 2 + taste, stream: Int(user))
        for _ in 0..<generator.below(8) {
          let isAlike = generator.uniformDouble() < 0.85
          let friend = isAlike ? alike[generator.below(alike.count)] : Int32(generator.below(users))
          if friend == user { continue }
          pairs.append(UInt64(user) << 32 | UInt64(friend))
          pairs.append(UInt64(friend) << 32 | UInt64(user))
        }
      }
    }
    pairs.sort()
    let friends = try file("user_friends.dat")
    try friends.line("userID\tfriendID")
    var previous: UInt64?
    for pair in pairs where pair != previous {
      try friends.row([userIdentifier(Int(pair >> 32)), userIdentifier(Int(pair & 0xFFFF_FFFF))])
      summary.friendPairs += 1
      previous = pair
    }
    try friends.flush()
  }

  private func writeReadme(_ summary: SampleSummary) throws(FileError) {
    let readme = try file("readme.txt")
    try readme.line(
      """
      A made-up data set. No user, artist, tag, friendship or time in it is real.

      Made with:
        twotower sample --users \(users) --artists \(catalogue.artists.count) --seed \(seed) --output DIR

      \(summary.users) users, \(summary.artists) artists, \(summary.interactions) listening counts, \(summary.tags) tags,
      \(summary.tagAssignments) tag assignments, \(summary.friendPairs) friend pairs (both directions listed).

      Format: that of the Last.fm set of HetRec 2011 (tab-separated, one header line a file, UTF-8):
        artists.dat                        id, name, url, pictureURL
        tags.dat                           tagID, tagValue
        user_artists.dat                   userID, artistID, weight (how often the user played the artist)
        user_friends.dat                   userID, friendID
        user_taggedartists.dat             userID, artistID, tagID, day, month, year
        user_taggedartists-timestamps.dat  userID, artistID, tagID, timestamp (the same day, midnight UTC, in ms)
      """)
    try readme.flush()
  }
}
