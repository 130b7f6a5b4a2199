import TwoTowerKernels

/// The columns of all `inputs` `[m, n₁]`, `[m, n₂]`, … side by side: `[m, n₁ + n₂ + …]`.
///
/// - Precondition: at least one input, all of rank 2 with equal row counts.
package func concatenateColumns(_ inputs: [Variable]) -> Variable {
  precondition(!inputs.isEmpty, "concatenateColumns: no inputs")
  if inputs.count == 1 { return inputs[0] }
  let tape = inputs[0].tape
  for input in inputs {
    precondition(
      input.tape === tape && input.shape.rank == 2 && input.shape[0] == inputs[0].shape[0],
      "concatenateColumns: shapes \(inputs[0].shape) and \(input.shape) do not fit")
  }
  let rows = inputs[0].shape[0]
  let width = inputs.reduce(0) { $0 + $1.shape[1] }
  let result = Tensor(unfilled: [rows, width])
  var out = result.buffer.mutableSpan
  var column = 0
  for input in inputs {
    let inputWidth = input.shape[1]
    copyColumns(
      input.value.buffer.span, width: inputWidth, columns: 0..<inputWidth, rows: rows,
      into: &out, width: width, at: column)
    column += inputWidth
  }

  return tape.record(result, inputs: inputs) { gradient in
    var column = 0
    for input in inputs {
      let inputWidth = input.shape[1]
      tape.accumulate(into: input) { dx in
        addColumns(
          gradient.buffer.span, width: width, columns: column..<(column + inputWidth), rows: rows,
          into: &dx, width: inputWidth, at: 0)
      }
      column += inputWidth
    }
  }
}
