import Foundation
import Testing
import TestSupport
import TwoTowerAutodiff
import TwoTowerFiles
import TwoTowerKernels
import TwoTowerRuns

/// A file of the given header text and data.
private func file(_ header: String, dataByteCount: Int = 0) -> Data {
  var length = UInt64(header.utf8.count)
  var bytes = Data()
  for _ in 0..<8 {
    bytes.append(UInt8(length & 0xFF))
    length >>= 8
  }
  return bytes + Data(header.utf8) + Data(repeating: 7, count: dataByteCount)
}

private func open(_ bytes: Data) throws -> SafetensorsFile { try SafetensorsFile(bytes: bytes, path: "run/weights") }

struct SafetensorsFileTests {
  @Test func theBytesAreThoseOfTheFormat() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/weights.safetensors"
      try SafetensorsFile.write(
        ["b": StoredTensor([UInt8(9)]), "a": StoredTensor(Tensor([1, 2], [1, -2]))], metadata: ["k": "v\n"], to: path)
      let header =
        #"{"__metadata__":{"k":"v\n"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
        + #""b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}"#
      let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
      let expected = file(padded) + Data([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 9])
      #expect(try contents(of: path) == expected)
    }
  }

  @Test(arguments: 0..<8) func whatIsWrittenIsReadBackBitForBit(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed), purpose: .sample)
    var floats: [String: Tensor] = [:]
    var tensors: [String: StoredTensor] = [:]
    for index in 0..<6 {
      let shape = Shape((0..<generator.below(4)).map { _ in generator.below(5) })
      // Any bits at all: NaN with payloads, infinities, subnormals, negative zeros.
      floats["layer.\(index)/ü \"\\"] = Tensor(shape, (0..<shape.count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())) })
    }
    floats["special"] = Tensor(
      [6], [0x7FC0_0001, 0xFF80_0001, 0x7F80_0000, 0x8000_0000, 1, 0x7FFF_FFFF].map { Float(bitPattern: $0) })
    for (name, tensor) in floats { tensors[name] = StoredTensor(tensor) }
    let int32 = (0..<generator.below(9)).map { _ in Int32(truncatingIfNeeded: generator.next()) } + [.min, .max]
    let int64 = (0..<generator.below(9)).map { _ in Int64(bitPattern: generator.next()) } + [.min, .max]
    let uint8 = (0..<generator.below(9)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    tensors["int32"] = StoredTensor(int32)
    tensors["int64"] = StoredTensor(int64)
    tensors["uint8"] = StoredTensor(uint8)
    let metadata = ["format": "twotower 1", "text": "zwei\nZeilen \"\\\u{1} 😀"]

    try withTemporaryFolder { folder in
      let path = "\(folder)/weights.safetensors"
      try SafetensorsFile.write(tensors, metadata: metadata, to: path)
      let file = try SafetensorsFile(contentsOf: path)
      #expect(file.metadata == metadata)
      #expect(file.names == tensors.keys.sorted())
      for (name, tensor) in floats {
        let read = try file.tensor(name, shape: tensor.shape)
        #expect(read.array.map(\.bitPattern) == tensor.array.map(\.bitPattern))
      }
      #expect(try file.int32Values("int32", count: int32.count) == int32)
      guard case .int64(let read64) = try file.storedTensor("int64").values,
        case .uint8(let read8) = try file.storedTensor("uint8").values
      else {
        Issue.record("a tensor has another type than it was written with")
        return
      }
      #expect(read64 == int64 && read8 == uint8)

      // Read and written again: the same bytes.
      var copies: [String: StoredTensor] = [:]
      for name in file.names { copies[name] = try file.storedTensor(name) }
      try SafetensorsFile.write(copies, metadata: file.metadata, to: "\(folder)/again")
      #expect(try contents(of: path) == contents(of: "\(folder)/again"))
    }
  }

  @Test func anEmptyFileOfTensorsIsAFile() throws {
    try withTemporaryFolder { folder in
      try SafetensorsFile.write([:], to: "\(folder)/none")
      #expect(try SafetensorsFile(contentsOf: "\(folder)/none").names.isEmpty)
    }
  }

  @Test func headersOfOtherWritersAreRead() throws {
    let header = #"""
       { "x\u00e9\ud83d\ude00\/" : {"data_offsets" : [ 4 , 8 ], "shape":[ ],"dtype":"I32"} ,
      "y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}, "empty":{"dtype":"F32","shape":[0,3],"data_offsets":[4,4]}}
      """#
    let opened = try open(file(header, dataByteCount: 8))
    #expect(opened.names.sorted() == ["empty", "xé😀/", "y"].sorted())
    #expect(try opened.int32Values("xé😀/") == [0x0707_0707])
    #expect(try opened.tensor("empty", shape: [0, 3]).count == 0)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "8 for F32 [2]"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "found 8 bytes, expected 4"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "data up to byte 8"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "data at byte 4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6, "data at byte 2"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}"#, 10, "data at byte 6"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "a second tensor \"a\""),
    (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 8, "type \"F64\""),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "incomplete"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "incomplete"),
    (#"{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#, 4, "each once"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "a whole number"),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "found '.'"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "63 bits"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "63 bits"),
    (#"{"a":{"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,36028797018963968]}}"#, 4, "data up to byte"),
    (#"{"__metadata__":{"a":1}}"#, 0, "found '1'"),
    (#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, "a second key"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "a second __metadata__"),
    (#"{} x"#, 0, "found 'x'"), (#"{"#, 0, "the end of the header"), (#""#, 0, "the end of the header"),
    (#"[]"#, 0, "found '['"), (#"{"a"#, 0, "the end of the header"), (#"{"\ud800":{}}"#, 0, "surrogate"),
    (#"{"\ud800\u0041":{}}"#, 0, "surrogate"), (#"{"\x":{}}"#, 0, "an escape"), (#"{"\u12":{}}"#, 0, "hexadecimal"),
    ("{\"a\nb\":{}}", 0, "control character"), (#"{,}"#, 0, "found ','"), (#"{"a":{"b":1}}"#, 0, "dtype, shape"),
  ])
  func damagedHeadersAreRefused(header: String, dataByteCount: Int, message: String) {
    let error = #expect(throws: CheckpointError.self) { try open(file(header, dataByteCount: dataByteCount)) }
    let line = error?.description ?? ""
    #expect(line.contains(message))
    #expect(line.hasPrefix("run/weights: ") && !line.contains("\n"))
    guard case .malformed = error else {
      Issue.record("\(line)")
      return
    }
  }

  @Test func lengthsBeyondTheFileAreRefused() {
    #expect(throws: CheckpointError.self) { try open(Data()) }
    #expect(throws: CheckpointError.self) { try open(Data([1, 0, 0])) }
    #expect(throws: CheckpointError.self) { try open(Data(repeating: 0xFF, count: 16)) }
    #expect(throws: CheckpointError.self) { try open(Data([9, 0, 0, 0, 0, 0, 0, 0]) + Data("{}      ".utf8)) }
    #expect(throws: CheckpointError.self) { try open(Data([3, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xFF, 0x22])) }
  }

  @Test func everyTruncationAndEveryAlteredHeaderByteIsAnErrorOrAnotherFile() throws {
    let good = try withTemporaryFolder { folder in
      try SafetensorsFile.write(
        ["a": StoredTensor(Tensor([3], [1, 2, 3])), "b": StoredTensor([Int32(1)])], metadata: ["k": "v"], to: "\(folder)/f")
      return try contents(of: "\(folder)/f")
    }
    for length in 0..<good.count { #expect(throws: CheckpointError.self) { try open(good.prefix(length)) } }
    let headerEnd = good.count - 16
    for position in 0..<headerEnd {
      for bit in 0..<8 {
        var altered = good
        altered[position] ^= 1 << UInt8(bit)
        // No crash, and never tensors larger than the file.
        guard let opened = try? open(altered) else { continue }
        for name in opened.names { #expect(try opened.storedTensor(name).count <= 16) }
      }
    }
  }

  @Test func askingForSomethingElseNamesTheTensor() throws {
    let opened = try open(file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, dataByteCount: 8))
    let wrongShape = #expect(throws: CheckpointError.self) { try opened.tensor("a", shape: [1, 2]) }
    #expect(wrongShape?.description.contains("tensor \"a\": found shape [2], expected [1, 2]") == true)
    let wrongType = #expect(throws: CheckpointError.self) { try opened.int32Values("a") }
    #expect(wrongType?.description.contains("found F32, expected I32") == true)
    let wrongName = #expect(throws: CheckpointError.self) { try opened.tensor("evil\nname") }
    #expect(wrongName?.description.contains("tensor \"evil\\nname\": found no such tensor") == true)
  }

  @Test func filesThatAreNotThereOrNotFilesAreNamed() throws {
    #expect(throws: CheckpointError.file(.notFound(path: "/nowhere/weights"))) {
      try SafetensorsFile(contentsOf: "/nowhere/weights")
    }
    try withTemporaryFolder { folder in
      #expect(throws: CheckpointError.file(.cannotRead(path: folder, reason: "it is a folder"))) {
        try SafetensorsFile(contentsOf: folder)
      }
      try AtomicFiles.write("", to: "\(folder)/empty")
      #expect(throws: CheckpointError.self) { try SafetensorsFile(contentsOf: "\(folder)/empty") }
    }
  }
}
