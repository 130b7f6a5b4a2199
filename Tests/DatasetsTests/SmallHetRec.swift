import TestSupport

/// A folder with a small data set in HetRec format: 3 users, 4 artists (one of them never played), 3 tags.
func smallHetRec() throws -> TemporaryFolder {
  let folder = try TemporaryFolder()
  try folder.write(
    "artists.dat",
    "id\tname\turl\tpictureURL\n7\tFohi \"Homa\tu\tp\n9\tVopi\tu\t\n12\tÉde\t\t\n20\t\tu\tp\n")
  try folder.write("tags.dat", "tagID\ttagValue\n1\tfolk\n2\ttechno\n5\tslow folk\n")
  try folder.write("user_artists.dat", "userID\tartistID\tweight\n2\t7\t10\n2\t9\t5\n4\t7\t1\n8\t12\t352698\n")
  try folder.write("user_friends.dat", "userID\tfriendID\n2\t4\n4\t2\n2\t99\n")
  try folder.write(
    "user_taggedartists-timestamps.dat",
    "userID\tartistID\ttagID\ttimestamp\n2\t7\t1\t1238536800000\n4\t20\t5\t-428720400000\n2\t77\t1\t1238536800000\n"
      + "99\t7\t1\t1238536800000\n4\t7\t6\t1238536800000\n")
  try folder.write(
    "user_taggedartists.dat",
    "userID\tartistID\ttagID\tday\tmonth\tyear\n2\t7\t1\t1\t4\t2009\n4\t20\t5\t31\t2\t2009\n")
  return folder
}
