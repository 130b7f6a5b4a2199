import TwoTowerKernels

extension Variable {
  /// The sum; a row `[n]` extends over `[…, n]`, a scalar over anything.
  ///
  /// - Precondition: the shapes are equal or broadcast so.
  package static func + (x: Variable, y: Variable) -> Variable { linearCombination("+", 1, x, 1, y) }

  /// The difference, with the broadcasts of `+`.
  package static func - (x: Variable, y: Variable) -> Variable { linearCombination("-", 1, x, -1, y) }

  /// The product with a constant.
  package static func * (factor: Float, x: Variable) -> Variable {
    let tape = x.tape
    let result = Tensor(unfilled: x.shape)
    var out = result.buffer.mutableSpan
    affine(factor, x.value.buffer.span, offset: 0, into: &out)
    return tape.record(result, inputs: [x]) { gradient in
      gradient.buffer.scaleFirst(gradient.count, by: factor)
      tape.pass(gradient, to: x)
    }
  }

  package static prefix func - (x: Variable) -> Variable { -1 * x }
}

/// α x + β y, where either may be broadcast over the other.
private func linearCombination(_ name: StaticString, _ α: Float, _ x: Variable, _ β: Float, _ y: Variable) -> Variable {
  let tape = commonTape(name, x, y)
  guard let broadcast = Broadcast.of(y.shape, over: x.shape) else {
    precondition(
      Broadcast.of(x.shape, over: y.shape) != nil, "\(name): shapes \(x.shape) and \(y.shape) do not broadcast")
    return linearCombination(name, β, y, α, x)
  }
  let result = Tensor(unfilled: x.shape)
  var out = result.buffer.mutableSpan
  switch broadcast {
  case .none: combine(α, x.value.buffer.span, β, y.value.buffer.span, into: &out)
  case .row: combineRows(α, x.value.buffer.span, β, row: y.value.buffer.span, into: &out)
  case .scalar: affine(α, x.value.buffer.span, offset: β * y.value.item, into: &out)
  }

  return tape.record(result, inputs: [x, y]) { gradient in
    let g = gradient.buffer.span
    tape.accumulate(into: y) { dy in
      switch broadcast {
      case .none: addScaled(β, g, into: &dy)
      case .row: addColumnSums(β, g, into: &dy)
      case .scalar: addConstant(β * Float(sum(g)), into: &dy)
      }
    }
    if α != 1 { gradient.buffer.scaleFirst(gradient.count, by: α) }
    tape.pass(gradient, to: x)
  }
}
