import Testing
import TwoTowerFiles

/// Digests published by NIST: FIPS 180-4's examples and the Cryptographic Algorithm Validation Program.
@Suite struct SHA256Tests {
  private func digest(_ bytes: [UInt8], _ compression: SHA256Compression) -> String {
    var hash = SHA256(compression)
    hash.update(bytes.span.bytes)
    return hash.finish()
  }

  @Test(arguments: SHA256Compression.available) func publishedDigests(compression: SHA256Compression) {
    let digests = [
      "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq":
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu":
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
    ]
    for (text, expected) in digests { #expect(digest(Array(text.utf8), compression) == expected, "\(text)") }
    #expect(
      digest([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000), compression)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Every length around one and two blocks, where the padding needs one block more or not.
  @Test func allWaysAgreeAtEveryLength() {
    var generator = SystemRandomNumberGenerator()
    for length in 0...260 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let expected = digest(bytes, .reference)
      for compression in SHA256Compression.available { #expect(digest(bytes, compression) == expected, "\(bytes)") }
      #expect(SHA256.digest(of: bytes.span.bytes) == expected)
    }
  }

  @Test(arguments: SHA256Compression.available) func piecesMakeTheSameDigestAsTheWhole(compression: SHA256Compression) {
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...1_000)).map { _ in UInt8.random(in: 0...255) }
      var hash = SHA256(compression)
      var (start, lengths) = (0, [Int]())
      while start < bytes.count {
        // Often nothing, often less than a block.
        let length = min(Int.random(in: 0...[3, 70, 300].randomElement()!), bytes.count - start)
        hash.update(bytes.span.bytes.extracting(start..<start + length))
        lengths.append(length)
        start += length
      }
      #expect(hash.finish() == digest(bytes, compression), "\(lengths) of \(bytes)")
    }
  }

  @Test func copiesGoOnByThemselves() {
    var hash = SHA256()
    hash.update(([1, 2, 3] as [UInt8]).span.bytes)
    let copy = hash
    hash.update(([4] as [UInt8]).span.bytes)
    #expect(copy.finish() == SHA256.digest(of: ([1, 2, 3] as [UInt8]).span.bytes))
  }
}
