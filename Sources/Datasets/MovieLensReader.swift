import TwoTowerFiles

/// The genres of MovieLens 100K in the order of their flags in `u.item`.
package let movieLensGenres = [
  "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
  "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
]

/// Reads a folder in the format of MovieLens 100K (no headers, quoting off).
///
/// - `u.data` (tab-separated: user, item, rating, Unix seconds) has the interactions: a rating is the weight.
/// - `u.item` (`|`-separated, UTF-8 or ISO-8859-1: id, title, date, video date, URL, 19 genre flags) is the catalogue;
///   flags become item tags. A film that only `u.data` names joins it, with its identifier as its name.
/// - `u.user` (`|`-separated: id, age, gender, occupation, zip code) may be absent. It is checked, and counted in the
///   data set's remarks: no feature uses it.
package func readMovieLens(
  folder: String, duplicates: DuplicateRule = .refuse
) throws(DatasetError) -> Dataset {
  try MovieLensReader(folder: folder).read(duplicates: duplicates)
}

private struct MovieLensReader {
  private let folder: String
  private let ratings: MappedFile
  private let films: MappedFile
  private let people: MappedFile?

  init(folder: String) throws(DatasetError) {
    let folder = withoutTrailingSlashes(folder)
    self.folder = folder
    guard PathKind(folder) == .folder else { throw .missingFolder(path: folder) }
    ratings = try mappedFile("\(folder)/u.data")
    films = try mappedFile("\(folder)/u.item")
    people = try mappedFileIfPresent("\(folder)/u.user")
  }

  func read(duplicates: DuplicateRule) throws(DatasetError) -> Dataset {
    let digests = DigestTask([ratings, films, people].compactMap { $0 })
    var data = Dataset(
      name: lastComponent(folder), users: IdentifierTable(), items: IdentifierTable(), itemNames: [],
      interactions: Interactions(), tagNames: movieLensGenres)
    try readFilms(into: &data)
    try readRatings(into: &data, duplicates: duplicates)
    try readPeople(into: &data)
    data.files = digests.wait()
    return data
  }

  private func readFilms(into data: inout Dataset) throws(DatasetError) {
    let file = try DelimitedFile(
      films, dialect: .bars, columns: ["item", "title", "date", "video date", "URL"] + movieLensGenres,
      latin1Allowed: true)
    let (title, firstGenre) = (1, 5)
    var untitled = 0
    var rows = file.rows()
    while try rows.next() {
      try file.insertNew(0, of: rows, name: "item", into: &data.items)
      let item = Int32(data.items.count - 1)
      if rows[title].isEmpty {
        untitled += 1
        data.itemNames.append(data.items[item])
      } else {
        data.itemNames.append(file.encoding.decode(rows[title]))
      }
      for (genre, name) in movieLensGenres.enumerated() {
        let column = firstGenre + genre
        guard let flag = wholeNumber(rows[column]), flag == 0 || flag == 1 else {
          throw rows.badField(column, name: name, expected: "0 or 1")
        }
        if flag == 1 {
          data.itemTags.items.append(item)
          data.itemTags.tags.append(Int32(genre))
        }
      }
    }
    if file.encoding == .latin1 { data.remarks.append("u.item is not UTF-8: read as ISO-8859-1") }
    data.remark(untitled, "film|s without a title: shown by identifier")
    data.remark(data.itemTags.count, "genre flag|s of u.item read as tags of films")
  }

  private func readRatings(into data: inout Dataset, duplicates: DuplicateRule) throws(DatasetError) {
    let file = try DelimitedFile(ratings, dialect: .tabs, columns: ["user", "item", "rating", "time"])
    let catalogueCount = data.items.count
    data.interactions.reserveCapacity(file.estimatedRowCount)
    data.interactions.timestamps.reserveCapacity(file.estimatedRowCount)
    var rows = file.rows()
    while try rows.next() {
      data.interactions.users.append(data.users.insert(bytes: try rows.identifier(0, name: "user")))
      data.interactions.items.append(data.items.insert(bytes: try rows.identifier(1, name: "item")))
      data.interactions.weights.append(try rows.weight(2, name: "rating"))
      // Up to the year 2100; later ones are no seconds.
      guard let seconds = wholeNumber(rows[3]), (0...4_102_444_800).contains(seconds) else {
        throw rows.badField(3, name: "time", expected: "seconds since 1970, from 0 to 4102444800")
      }
      data.interactions.timestamps.append(seconds * 1_000)
    }
    data.itemNames += data.items.identifiers[catalogueCount...]
    data.remark(data.items.count - catalogueCount, "film|s of u.data not in u.item: added by identifier")
    let merged = try resolveDuplicates(
      &data.interactions, rule: duplicates, users: data.users, items: data.items, source: file)
    data.remark(merged, "row|s of u.data repeated a user and film: merged by the rule \(duplicates.rawValue)")
  }

  private func readPeople(into data: inout Dataset) throws(DatasetError) {
    guard let people else { return }
    let file = try DelimitedFile(
      people, dialect: .bars, columns: ["user", "age", "gender", "occupation", "zip code"], latin1Allowed: true)
    var table = IdentifierTable()
    var withoutRating = 0
    var rows = file.rows()
    while try rows.next() {
      try file.insertNew(0, of: rows, name: "user", into: &table)
      guard let age = wholeNumber(rows[1]), (0...150).contains(age) else {
        throw rows.badField(1, name: "age", expected: "years from 0 to 150")
      }
      if data.users.index(ofBytes: rows[0]) == nil { withoutRating += 1 }
    }
    data.remarks.append("age, gender, occupation and zip code of u.user are not used")
    data.remark(withoutRating, "user|s of u.user without a rating: left out")
  }
}
