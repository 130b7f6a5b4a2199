import TwoTowerKernels

extension Variable {
  /// The product, element by element; a row `[n]` extends over `[…, n]`, a scalar over anything.
  ///
  /// - Precondition: the shapes are equal or broadcast so.
  package static func * (x: Variable, y: Variable) -> Variable {
    let tape = commonTape("*", x, y)
    guard let broadcast = Broadcast.of(y.shape, over: x.shape) else {
      precondition(
        Broadcast.of(x.shape, over: y.shape) != nil, "*: shapes \(x.shape) and \(y.shape) do not broadcast")
      return y * x
    }
    let result = Tensor(unfilled: x.shape)
    var out = result.buffer.mutableSpan
    switch broadcast {
    case .none: multiply(x.value.buffer.span, y.value.buffer.span, into: &out)
    case .row: multiplyRows(x.value.buffer.span, row: y.value.buffer.span, into: &out)
    case .scalar: affine(y.value.item, x.value.buffer.span, offset: 0, into: &out)
    }

    return tape.record(result, inputs: [x, y]) { gradient in
      let g = gradient.buffer.span
      tape.accumulate(into: x) { dx in
        switch broadcast {
        case .none: addProduct(g, y.value.buffer.span, into: &dx)
        case .row: addProductRows(g, row: y.value.buffer.span, into: &dx)
        case .scalar: addScaled(y.value.item, g, into: &dx)
        }
      }
      tape.accumulate(into: y) { dy in
        switch broadcast {
        case .none: addProduct(g, x.value.buffer.span, into: &dy)
        case .row: addColumnDots(g, x.value.buffer.span, into: &dy)
        case .scalar: addConstant(Float(dot(g, x.value.buffer.span)), into: &dy)
        }
      }
    }
  }
}
