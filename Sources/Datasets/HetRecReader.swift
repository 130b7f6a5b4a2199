import TwoTowerFiles

/// 2000-01-01 to 2100-01-01 in milliseconds: Last.fm began in 2002, so earlier tag times are mistakes.
package let believableTagTimes: ClosedRange<Int64> = 946_684_800_000...4_102_444_800_000

/// Reads a folder in the format of HetRec 2011's Last.fm set (tab-separated, quoting off, a header in each file).
///
/// - `artists.dat` (id, name) is the catalogue and `user_artists.dat` (userID, artistID, weight) the interactions,
///   whose users are all the users there are. An artist that only `user_artists.dat` names joins the catalogue, with
///   its identifier as its name.
/// - `tags.dat` (tagID, tagValue; ISO-8859-1 accepted), `user_taggedartists-timestamps.dat` (userID, artistID, tagID,
///   timestamp in ms) or else `user_taggedartists.dat` (day, month, year: midnight UTC), and `user_friends.dat`
///   (userID, friendID) may be absent. Their rows that name an unknown user, artist or tag are dropped.
///
/// Columns are found by their names; others are ignored. Whatever was dropped, repaired or absent is counted in the
/// data set's remarks.
///
/// - Parameter believableTimes: a tag time outside becomes `Int64.min`.
package func readHetRec(
  folder: String, duplicates: DuplicateRule = .refuse, believableTimes: ClosedRange<Int64> = believableTagTimes
) throws(DatasetError) -> Dataset {
  try HetRecReader(folder: folder, believableTimes: believableTimes).read(duplicates: duplicates)
}

private struct HetRecReader {
  private let folder: String
  private let believableTimes: ClosedRange<Int64>
  private let artists: MappedFile
  private let userArtists: MappedFile
  private let tags: MappedFile?
  private let friends: MappedFile?
  private let tagged: MappedFile?
  private let taggedHasTimestamps: Bool

  init(folder: String, believableTimes: ClosedRange<Int64>) throws(DatasetError) {
    let folder = withoutTrailingSlashes(folder)
    self.folder = folder
    self.believableTimes = believableTimes
    guard PathKind(folder) == .folder else { throw .missingFolder(path: folder) }
    artists = try mappedFile("\(folder)/artists.dat")
    userArtists = try mappedFile("\(folder)/user_artists.dat")
    tags = try mappedFileIfPresent("\(folder)/tags.dat")
    friends = try mappedFileIfPresent("\(folder)/user_friends.dat")
    let timed = try mappedFileIfPresent("\(folder)/user_taggedartists-timestamps.dat")
    taggedHasTimestamps = timed != nil
    tagged = if let timed { timed } else { try mappedFileIfPresent("\(folder)/user_taggedartists.dat") }
  }

  func read(duplicates: DuplicateRule) throws(DatasetError) -> Dataset {
    let digests = DigestTask([artists, userArtists, tags, tagged, friends].compactMap { $0 })
    var data = Dataset(
      name: lastComponent(folder), users: IdentifierTable(),
      items: IdentifierTable(), itemNames: [], interactions: Interactions())
    try readArtists(into: &data)
    try readInteractions(into: &data, duplicates: duplicates)
    let tagTable = try readTags(into: &data)
    try readAssignments(into: &data, tags: tagTable)
    try readFriends(into: &data)
    data.files = digests.wait()
    return data
  }

  private func readArtists(into data: inout Dataset) throws(DatasetError) {
    let file = try DelimitedFile(artists, dialect: .tabs)
    let (id, name) = (try file.column("id"), try file.column("name"))
    var unnamed = 0
    var rows = file.rows()
    data.items.reserveCapacity(file.estimatedRowCount)
    while try rows.next() {
      try file.insertNew(id, of: rows, name: "id", into: &data.items)
      if rows[name].isEmpty {
        unnamed += 1
        data.itemNames.append(data.items[Int32(data.items.count - 1)])
      } else {
        data.itemNames.append(String(decoding: rows[name], as: UTF8.self))
      }
    }
    data.remark(unnamed, "artist|s without a name: shown by identifier")
  }

  private func readInteractions(into data: inout Dataset, duplicates: DuplicateRule) throws(DatasetError) {
    let file = try DelimitedFile(userArtists, dialect: .tabs)
    let (user, artist, weight) = (try file.column("userID"), try file.column("artistID"), try file.column("weight"))
    let catalogueCount = data.items.count
    data.interactions.reserveCapacity(file.estimatedRowCount)
    var rows = file.rows()
    while try rows.next() {
      data.interactions.users.append(data.users.insert(bytes: try rows.identifier(user, name: "userID")))
      data.interactions.items.append(data.items.insert(bytes: try rows.identifier(artist, name: "artistID")))
      data.interactions.weights.append(try rows.weight(weight, name: "weight"))
    }
    if data.interactions.count == 0 { throw .noRows(path: file.path) }
    data.itemNames += data.items.identifiers[catalogueCount...]
    data.remark(
      data.items.count - catalogueCount, "artist|s of user_artists.dat not in artists.dat: added by identifier")
    let merged = try resolveDuplicates(
      &data.interactions, rule: duplicates, users: data.users, items: data.items, source: file)
    data.remark(
      merged, "row|s of user_artists.dat repeated a user and artist: merged by the rule \(duplicates.rawValue)")
  }

  /// Tag names into `data`; the table numbers the tags' identifiers likewise.
  ///
  /// Nil without `tags.dat`.
  private func readTags(into data: inout Dataset) throws(DatasetError) -> IdentifierTable? {
    guard let tags else {
      data.remarks.append("no tags.dat: tags, if any, are shown by identifier")
      return nil
    }
    let file = try DelimitedFile(tags, dialect: .tabs, latin1Allowed: true)
    let (id, value) = (try file.column("tagID"), try file.column("tagValue"))
    var table = IdentifierTable()
    var rows = file.rows()
    while try rows.next() {
      try file.insertNew(id, of: rows, name: "tagID", into: &table)
      data.tagNames.append(file.encoding.decode(rows[value]))
    }
    if file.encoding == .latin1 { data.remarks.append("tags.dat is not UTF-8: read as ISO-8859-1") }
    return table
  }

  private func readAssignments(into data: inout Dataset, tags knownTags: IdentifierTable?) throws(DatasetError) {
    guard let tagged else {
      data.remarks.append("no user_taggedartists-timestamps.dat or user_taggedartists.dat: no tag assignments")
      return
    }
    let file = try DelimitedFile(tagged, dialect: .tabs)
    let name = tagged.path.split(separator: "/").last!
    let (user, artist, tag) = (try file.column("userID"), try file.column("artistID"), try file.column("tagID"))
    let timeNames = taggedHasTimestamps ? ["timestamp"] : ["year", "month", "day"]
    var timeColumns: [Int] = []
    for timeName in timeNames { timeColumns.append(try file.column(timeName)) }

    var tags = knownTags ?? IdentifierTable()
    var (unknownUsers, unknownArtists, unknownTags, unbelievable) = (0, 0, 0, 0)
    data.tagAssignments.reserveCapacity(file.estimatedRowCount)
    var rows = file.rows()
    while try rows.next() {
      let userBytes = try rows.identifier(user, name: "userID")
      let artistBytes = try rows.identifier(artist, name: "artistID")
      let tagBytes = try rows.identifier(tag, name: "tagID")
      var time: Int64?
      if taggedHasTimestamps {
        time = try rows.wholeNumber(timeColumns[0], name: "timestamp")
      } else {
        time = milliseconds(
          year: try rows.wholeNumber(timeColumns[0], name: "year"),
          month: try rows.wholeNumber(timeColumns[1], name: "month"),
          day: try rows.wholeNumber(timeColumns[2], name: "day"))
      }
      guard let userIndex = data.users.index(ofBytes: userBytes) else {
        unknownUsers += 1
        continue
      }
      guard let artistIndex = data.items.index(ofBytes: artistBytes) else {
        unknownArtists += 1
        continue
      }
      guard let tagIndex = knownTags == nil ? tags.insert(bytes: tagBytes) : tags.index(ofBytes: tagBytes) else {
        unknownTags += 1
        continue
      }
      if time.map({ !believableTimes.contains($0) }) ?? true {
        unbelievable += 1
        time = .min
      }
      data.tagAssignments.users.append(userIndex)
      data.tagAssignments.items.append(artistIndex)
      data.tagAssignments.tags.append(tagIndex)
      data.tagAssignments.timestamps.append(time ?? .min)
    }
    if knownTags == nil { data.tagNames = tags.identifiers }
    data.remark(unknownUsers, "row|s of \(name) with a user not in user_artists.dat: dropped")
    data.remark(unknownArtists, "row|s of \(name) with an artist that is not in the catalogue: dropped")
    data.remark(unknownTags, "row|s of \(name) with a tag not in tags.dat: dropped")
    data.remark(unbelievable, "tag time|s of \(name) outside the believable years: treated as unknown")
  }

  private func readFriends(into data: inout Dataset) throws(DatasetError) {
    guard let friends else {
      data.remarks.append("no user_friends.dat: no friends")
      return
    }
    let file = try DelimitedFile(friends, dialect: .tabs)
    let (user, friend) = (try file.column("userID"), try file.column("friendID"))
    var unknown = 0
    var rows = file.rows()
    while try rows.next() {
      let userBytes = try rows.identifier(user, name: "userID")
      let friendBytes = try rows.identifier(friend, name: "friendID")
      guard let userIndex = data.users.index(ofBytes: userBytes),
        let friendIndex = data.users.index(ofBytes: friendBytes)
      else {
        unknown += 1
        continue
      }
      data.friendships.users.append(userIndex)
      data.friendships.friends.append(friendIndex)
    }
    data.remark(unknown, "row|s of user_friends.dat with a user not in user_artists.dat: dropped")
  }
}

extension Dataset {
  /// Adds "3 rows …" for a `sentence` of "row|s …" where `count` is not 0.
  mutating func remark(_ count: Int, _ sentence: String) {
    if count == 0 { return }
    let parts = sentence.split(separator: "|", maxSplits: 1)
    remarks.append("\(count) \(parts[0])\(count == 1 ? String(parts[1].dropFirst()) : String(parts[1]))")
  }
}
