import TwoTowerDatasets

/// The tenth of the training rows that settings are looked for on, in words.
func heldOutTenth(of split: Split, _ dataset: Dataset, seed: UInt64) -> String {
  let found = try? holdOutValidation(share: 0.1, seed: seed, from: split, of: dataset.interactions)
  guard found?.kind == .temporal else { return "a tenth of the training rows, drawn at random" }
  return "the latest tenth of the training rows, as "
    + (split.test.isEmpty ? "whoever asks comes later" : "the test rows are later too")
}
