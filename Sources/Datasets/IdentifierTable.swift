/// Identifiers as strings, exactly as in the files, numbered from 0 in order of appearance.
///
/// Two identifiers are the same when their UTF-8 bytes are; case, accents and leading zeros tell them apart.
/// Lookups by bytes make no `String` for an identifier that is already known.
package struct IdentifierTable: Sendable {
  package private(set) var identifiers: [String] = []
  /// Open addressing with linear probing; the count is a power of two, at least twice `identifiers.count`.
  private var slots: [Slot] = []
  /// The index of the identifier that is the decimal number n at position n, or -1 where `slots` must be asked:
  /// numbers mostly lie close together, and this array stays in the cache where the slots of a million do not.
  private var indexOfNumber: [Int32] = []

  private struct Slot {
    var key: UInt64 = 0
    var index: Int32 = -1
  }

  package init() {}

  /// - Precondition: no identifier appears twice.
  package init(_ identifiers: [String]) {
    reserveCapacity(identifiers.count)
    for identifier in identifiers {
      let count = self.count
      precondition(Int(insert(identifier)) == count, "IdentifierTable: \(identifier) appears twice")
    }
  }

  package var count: Int { identifiers.count }

  package subscript(index: Int32) -> String { identifiers[Int(index)] }

  /// The number of `identifier`, or nil when it is unknown.
  package func index(of identifier: String) -> Int32? {
    var identifier = identifier
    return identifier.withUTF8 { index(ofBytes: UnsafeRawBufferPointer($0)) }
  }

  /// The number of `identifier`, which is added when it is new.
  @discardableResult
  package mutating func insert(_ identifier: String) -> Int32 {
    var identifier = identifier
    return identifier.withUTF8 { insert(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Makes room for `count` identifiers in all.
  package mutating func reserveCapacity(_ count: Int) {
    identifiers.reserveCapacity(count)
    if count * 2 > slots.count { rebuild(slotCount: count * 2) }
  }

  /// The number of the identifier whose UTF-8 is `bytes`, or nil when it is unknown.
  func index(ofBytes bytes: UnsafeRawBufferPointer) -> Int32? {
    if slots.isEmpty { return nil }
    if let number = Self.number(bytes), number < indexOfNumber.count, indexOfNumber[number] >= 0 {
      return indexOfNumber[number]
    }
    let index = slots[slot(of: bytes, key: Self.key(bytes))].index
    return index < 0 ? nil : index
  }

  /// The number of the identifier whose valid UTF-8 is `bytes`, which is added when it is new.
  mutating func insert(bytes: UnsafeRawBufferPointer) -> Int32 {
    guard let number = Self.number(bytes) else { return insertIntoSlots(bytes) }
    if number < indexOfNumber.count && indexOfNumber[number] >= 0 { return indexOfNumber[number] }
    let index = insertIntoSlots(bytes)
    // Bounded by the number of identifiers, whatever numbers the file holds.
    let bound = 65_536 + 8 * identifiers.count
    if number < bound {
      if number >= indexOfNumber.count {
        let larger = min(bound, max(number + 1, 2 * indexOfNumber.count))
        indexOfNumber += repeatElement(-1, count: larger - indexOfNumber.count)
      }
      indexOfNumber[number] = index
    }
    return index
  }

  private mutating func insertIntoSlots(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    if (identifiers.count + 1) * 2 > slots.count { rebuild(slotCount: max(16, slots.count * 2)) }
    let key = Self.key(bytes)
    let place = slot(of: bytes, key: key)
    if slots[place].index >= 0 { return slots[place].index }
    precondition(identifiers.count < Int(Int32.max), "IdentifierTable: more than \(Int32.max) identifiers")
    let index = Int32(identifiers.count)
    slots[place] = Slot(key: key, index: index)
    identifiers.append(String(decoding: bytes, as: UTF8.self))
    return index
  }

  /// Where the identifier is, or the empty slot where it belongs.
  private func slot(of bytes: UnsafeRawBufferPointer, key: UInt64) -> Int {
    let mask = slots.count &- 1
    var place = Self.home(key) & mask
    while slots[place].index >= 0 {
      if slots[place].key == key && (key < Self.hashedKeys || matches(slots[place].index, bytes)) { return place }
      place = (place &+ 1) & mask
    }
    return place
  }

  private func matches(_ index: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    identifiers[Int(index)].utf8.elementsEqual(bytes)
  }

  private mutating func rebuild(slotCount: Int) {
    var size = 16
    while size < slotCount { size *= 2 }
    var larger = [Slot](repeating: Slot(), count: size)
    for slot in slots where slot.index >= 0 {
      var place = Self.home(slot.key) & (size - 1)
      while larger[place].index >= 0 { place = (place &+ 1) & (size - 1) }
      larger[place] = slot
    }
    slots = larger
  }

  /// The value of one to nine digits without a leading zero; nil for anything else.
  private static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count &- 1 < 9, bytes.count > 0, bytes[0] != UInt8(ascii: "0") || bytes.count == 1 else { return nil }
    var number = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      number = number &* 10 &+ Int(digit)
    }
    return number
  }

  // Up to seven bytes are their own key (packed, with their count in the top byte), so most numeric identifiers never
  // need comparing. Longer ones are hashed, and the hash has the top bit.
  private static let hashedKeys: UInt64 = 1 << 63

  private static func key(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    if bytes.count < 8 {
      var packed = UInt64(bytes.count) << 56
      var shift: UInt64 = 0
      for byte in bytes {
        packed |= UInt64(byte) &<< shift
        shift &+= 8
      }
      return packed
    }
    var hash = UInt64(bytes.count)
    var offset = 0
    while offset &+ 8 <= bytes.count {
      hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    // The last eight bytes once more, so that the rest needs no loop of its own.
    hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self))
    return hash | hashedKeys
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }

  private static func home(_ key: UInt64) -> Int { Int(truncatingIfNeeded: mix(key) >> 1) }
}
