import TwoTowerCDigest

/// How blocks of 64 bytes are folded into a state of SHA-256: all ways give the same.
package enum SHA256Compression: Sendable {
  /// In Swift: what the others are tested against.
  case reference
  /// In C, on any processor.
  case plain
  /// By the instructions that newer x86 processors have for it.
  case x86

  package typealias State = SIMD8<UInt32>

  /// FIPS 180-4, section 5.3.3.
  static let initialState = State(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)

  /// Those that this processor has, the fastest last.
  package static let available: [SHA256Compression] =
    [.reference, .plain] + (sha256_is_available(SHA256_X86) ? [.x86] : [])

  static let fastest = available.last!

  /// The state after more blocks.
  ///
  /// - Precondition: `blocks` is a whole number of blocks, and the processor has this way.
  func folding(_ blocks: RawSpan, into state: State) -> State {
    precondition(blocks.byteCount % 64 == 0, "SHA256Compression: \(blocks.byteCount) bytes are no whole blocks")
    var state = state
    switch self {
    case .reference: foldByReference(blocks, into: &state)
    case .plain: Self.fold(SHA256_PLAIN, blocks, into: &state)
    case .x86: Self.fold(SHA256_X86, blocks, into: &state)
    }
    return state
  }

  private static func fold(_ variant: sha256_variant, _ blocks: RawSpan, into state: inout State) {
    withUnsafeMutableBytes(of: &state) { state in
      blocks.withUnsafeBytes { blocks in
        sha256_compress(
          variant, state.assumingMemoryBound(to: UInt32.self).baseAddress,
          blocks.assumingMemoryBound(to: UInt8.self).baseAddress, blocks.count / 64)
      }
    }
  }
}

/// FIPS 180-4, section 6.2.2.
private func foldByReference(_ blocks: RawSpan, into state: inout SHA256Compression.State) {
  var words = InlineArray<64, UInt32>(repeating: 0)
  for start in stride(from: 0, to: blocks.byteCount, by: 64) {
    for t in 0..<16 {
      words[t] = UInt32(bigEndian: blocks.unsafeLoadUnaligned(fromByteOffset: start + 4 * t, as: UInt32.self))
    }
    for t in 16..<64 {
      let (w2, w15) = (words[t - 2], words[t - 15])
      let s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ w15 >> 3
      let s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ w2 >> 10
      words[t] = s1 &+ words[t - 7] &+ s0 &+ words[t - 16]
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let choice = e & f ^ ~e & g
      let first = h &+ sum1 &+ choice &+ roundConstants[t] &+ words[t]
      let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = a & b ^ a & c ^ b & c
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
    }
    state &+= SHA256Compression.State(a, b, c, d, e, f, g, h)
  }
}

// Not inlined otherwise, at half the speed.
@inline(__always)
private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word &>> count | word &<< (32 - count) }

/// FIPS 180-4, section 4.2.2.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
