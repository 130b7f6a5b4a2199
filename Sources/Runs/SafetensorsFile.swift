import Foundation
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels

/// Named tensors in one file, in the safetensors format (https://github.com/huggingface/safetensors, "Format"):
/// the header's length (8 bytes, little-endian), a JSON header, the tensors' bytes.
///
/// Opening maps the file and checks all of the header against the file's length before anything is allocated by what
/// the header says; tensors are copied when they are asked for. The same tensors always give the same bytes.
package struct SafetensorsFile: Sendable {
  /// What errors call the file.
  package let path: String
  private let header: SafetensorsHeader
  private let bytes: Data
  private let dataStart: Int

  /// Opens the file at `path`.
  ///
  /// - Throws: `CheckpointError` when the file cannot be read or breaks a rule of the format.
  package init(contentsOf path: String) throws(CheckpointError) {
    try self.init(bytes: mappedBytes(of: path), path: path)
  }

  /// Opens a file that is in memory, such as one verified by `Manifest`; `path` names it in errors.
  package init(bytes: Data, path: String) throws(CheckpointError) {
    func malformed(_ found: String, _ expected: String) -> CheckpointError {
      .malformed(path: path, place: "header length", found: found, expected: expected)
    }
    guard bytes.count >= 8 else { throw malformed("a file of \(bytes.count) bytes", "at least 8") }
    var length: UInt64 = 0
    for (position, byte) in bytes.prefix(8).enumerated() { length |= UInt64(byte) << (8 * UInt64(position)) }
    let bound = min(bytes.count - 8, SafetensorsHeader.maximumByteCount)
    guard length <= UInt64(bound) else { throw malformed("\(length) bytes", "at most \(bound)") }
    dataStart = 8 + Int(length)
    header = try SafetensorsHeader(
      parsing: Array(bytes.dropFirst(8).prefix(Int(length))), dataByteCount: bytes.count - dataStart, path: path)
    self.bytes = bytes
    self.path = path
  }

  /// The file's own notes, by key.
  package var metadata: [String: String] { header.metadata }

  /// The names of the tensors, sorted.
  package var names: [String] { header.entries.keys.sorted() }

  /// The shape of a tensor; nil when there is none of that name.
  package func shape(of name: String) -> [Int]? { header.entries[name]?.shape }

  /// The element type of a tensor; nil when there is none of that name.
  package func elementType(of name: String) -> StoredElementType? { header.entries[name]?.elementType }

  /// A copy of the tensor `name`.
  ///
  /// - Throws: `CheckpointError.unexpectedContent` when there is none.
  package func storedTensor(_ name: String) throws(CheckpointError) -> StoredTensor {
    let entry = try entry(name)
    let part = bytes.span.extracting(dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound)
    let values: StoredTensor.Values =
      switch entry.elementType {
      case .float32: .float32(FloatBuffer(littleEndian: part.bytes))
      case .int64: .int64([Int64](littleEndian: part.bytes))
      case .int32: .int32([Int32](littleEndian: part.bytes))
      case .uint8: .uint8((0..<part.count).map { part[$0] })
      }
    return StoredTensor(shape: entry.shape, values: values)
  }

  /// A copy of the float tensor `name`, which must have `shape` when one is given.
  ///
  /// - Throws: `CheckpointError.unexpectedContent` when there is none of that name, type and shape.
  package func tensor(_ name: String, shape: Shape? = nil) throws(CheckpointError) -> Tensor {
    let entry = try entry(name, .float32, shape: shape?.dimensions)
    guard entry.shape.count <= 3, case .float32(let buffer) = try storedTensor(name).values else {
      throw unexpected(name, "rank \(entry.shape.count)", "at most 3")
    }
    return Tensor(shape: Shape(entry.shape), buffer: buffer)
  }

  /// A copy of the elements of tensor `name`, of which there must be `count` when one is given.
  ///
  /// - Throws: as `tensor(_:shape:)`.
  package func int32Values(_ name: String, count: Int? = nil) throws(CheckpointError) -> [Int32] {
    _ = try entry(name, .int32, shape: count.map { [$0] })
    guard case .int32(let values) = try storedTensor(name).values else { return [] }
    return values
  }

  private func entry(
    _ name: String, _ type: StoredElementType? = nil, shape: [Int]? = nil
  ) throws(CheckpointError) -> SafetensorsEntry {
    guard let entry = header.entries[name] else {
      throw unexpected(name, "no such tensor", type.map { "\($0.rawValue) \(shape.map { "\($0)" } ?? "")" } ?? "one")
    }
    if let type, entry.elementType != type { throw unexpected(name, entry.elementType.rawValue, type.rawValue) }
    if let shape, entry.shape != shape { throw unexpected(name, "shape \(entry.shape)", "\(shape)") }
    return entry
  }

  private func unexpected(_ name: String, _ found: String, _ expected: String) -> CheckpointError {
    .unexpectedContent(path: path, place: "tensor \(name.quoted())", found: found, expected: expected)
  }
}

extension SafetensorsFile {
  /// Writes the file at `path`, whole or not at all.
  ///
  /// - Parameter inNewFolder: as for `AtomicFiles.write`.
  /// - Throws: `FileError.cannotWrite`.
  /// - Precondition: no tensor is called `__metadata__`.
  package static func write(
    _ tensors: [String: StoredTensor], metadata: [String: String] = [:], to path: String, inNewFolder: Bool = false
  ) throws(FileError) {
    precondition(
      tensors[SafetensorsHeader.metadataKey] == nil, "SafetensorsFile.write: a tensor is called __metadata__")
    var header = SafetensorsHeader(metadata: metadata)
    for (name, tensor) in tensors {
      header.entries[name] = SafetensorsEntry(elementType: tensor.elementType, shape: tensor.shape, range: 0..<0)
    }
    let order = header.entries.sorted(by: SafetensorsHeader.precedes).map(\.key)
    var offset = 0
    for name in order {
      let end = offset + tensors[name]!.byteCount
      header.entries[name]!.range = offset..<end
      offset = end
    }
    let text = header.text
    let length = [UInt64(text.utf8.count).littleEndian]
    try AtomicFiles.write(to: path, inNewFolder: inNewFolder) { file throws(FileError) in
      try file.write(length.span.bytes)
      try file.write(text)
      for name in order { try tensors[name]!.write(to: &file) }
    }
  }
}
