import Foundation
import TwoTowerAutodiff
import TwoTowerKernels

/// How a parameter's values start.
package enum Initializer: Sendable, Equatable {
  case zeros
  /// Normal with mean 0.
  case normal(standardDeviation: Float)
  /// Uniform in −limit..<limit.
  case uniform(limit: Float)
  /// Uniform with limit √(6 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010, equation 16).
  case glorotUniform
  /// Normal with standard deviation √(2 / inputs) (He et al., ICCV 2015, equation 10), not truncated.
  case heNormal

  /// The values of the parameter `name` under `seed`.
  ///
  /// The draws depend on seed, name and shape alone: another layer more or less changes no other parameter.
  /// The first extent counts as inputs, the last as outputs.
  package func values(_ shape: Shape, name: String, seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed, purpose: .initialization, stream: Int(bitPattern: stableHash(name)))
    let inputs = Float(shape.rank == 0 ? 1 : max(1, shape[0]))
    let outputs = Float(shape.rank == 0 ? 1 : max(1, shape[shape.rank - 1]))
    switch self {
    case .zeros: return Tensor(zeros: shape)
    case .normal(let deviation): return normalDraws(shape, deviation, &generator)
    case .uniform(let limit): return uniformDraws(shape, limit, &generator)
    case .glorotUniform: return uniformDraws(shape, (6 / (inputs + outputs)).squareRoot(), &generator)
    case .heNormal: return normalDraws(shape, (2 / inputs).squareRoot(), &generator)
    }
  }
}

extension Parameter {
  /// A parameter whose values `initializer` draws by its name.
  package convenience init(name: String, shape: Shape, initializer: Initializer, seed: UInt64) {
    self.init(name: name, value: initializer.values(shape, name: name, seed: seed))
  }
}

private func uniformDraws(_ shape: Shape, _ limit: Float, _ generator: inout SeededGenerator) -> Tensor {
  var values = [Float](repeating: 0, count: shape.count)
  for i in values.indices { values[i] = (2 * generator.uniform() - 1) * limit }
  return Tensor(shape, values)
}

/// Pairs of normal draws from pairs of uniform ones (Box and Muller, 1958).
private func normalDraws(_ shape: Shape, _ deviation: Float, _ generator: inout SeededGenerator) -> Tensor {
  var values = [Float](repeating: 0, count: shape.count)
  for i in stride(from: 0, to: values.count, by: 2) {
    let radius = (-2 * log(1 - generator.uniformDouble())).squareRoot()
    let angle = 2 * Double.pi * generator.uniformDouble()
    values[i] = Float(radius * cos(angle)) * deviation
    if i + 1 < values.count { values[i + 1] = Float(radius * sin(angle)) * deviation }
  }
  return Tensor(shape, values)
}

/// FNV-1a over UTF-8: the same on every run and machine, unlike `hashValue`.
private func stableHash(_ name: String) -> UInt {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return UInt(truncatingIfNeeded: hash)
}
