import TwoTowerEvaluation
import TwoTowerFiles
import TwoTowerRecipes
import TwoTowerTraining

/// The fits and evaluations of a comparison, one after the other, each in a process of its own.
final class FitsOfComparison {
  private let plan: ComparisonPlan
  private let kept: KeptFits?
  /// What has been measured, one for each model that has anything.
  private(set) var entries: [Comparison.Entry] = []
  private(set) var failures: [Failure] = []
  private var started = 0

  init(plan: ComparisonPlan, kept: KeptFits?) {
    self.plan = plan
    self.kept = kept
  }

  /// Measures all models; one that fails is left out.
  ///
  /// - Throws: `Interrupted` after a signal: `entries` has what was finished.
  func run() throws {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    for model in plan.models {
      switch model {
      case .recipe(let planned): try fit(planned, in: folder)
      case .run(let planned): try measure(planned, in: folder)
      }
    }
  }

  private var progress: String { "[\(started)/\(plan.recipes.count * plan.seeds + plan.runs.count)]" }

  private func fit(_ planned: ComparisonPlan.PlannedRecipe, in folder: ScratchFolder) throws {
    var fits: [MeasuredFit] = []
    func finish() {
      guard !fits.isEmpty else { return }
      entries.append(
        Comparison.Entry(
          label: planned.label, labels: planned.recipe.labels.rawValue, fits: fits.map(\.report),
          userFigures: fits.compactMap(\.users), tuned: planned.tuned))
    }
    for seed in 1...plan.seeds {
      started += 1
      do {
        fits.append(try fit(planned, seed: seed, in: folder))
      } catch let failure as Failure {
        // The others are worth their table all the same; some seeds of this one would be compared with all of theirs.
        let message = "\(planned.label), seed \(seed): \(failure.description)"
        Terminal.say(message)
        failures.append(Failure(failure.exitStatus, message))
        started += plan.seeds - seed
        return
      } catch {
        finish()
        throw error
      }
    }
    finish()
  }

  private func fit(
    _ planned: ComparisonPlan.PlannedRecipe, seed: Int, in folder: ScratchFolder
  ) throws -> MeasuredFit {
    let recipe = try planned.recipe.yaml
    let name = kept?.name(label: planned.label, seed: seed, recipe: recipe, data: plan.files, options: plan.options)
    if let name, let fit = kept?.fit(name) {
      Terminal.say("\(progress) \(planned.label), seed \(seed), fitted before")
      return fit
    }
    let place = try folder.makeFolder()
    defer { folder.remove(place) }
    try AtomicFiles.write(recipe, to: place + "/recipe.yaml")
    var arguments = ["fit", "--recipe", place + "/recipe.yaml", "--seed", "\(seed)", "--output", place + "/run"]
    if let path = plan.source.path { arguments += ["--data", path] }
    if let train = plan.source.train { arguments += ["--train", train] }
    if let test = plan.source.test { arguments += ["--test", test] }
    let result = try measure(
      arguments, isOfFit: true, label: planned.label, in: place)
    let seconds = result.fit.report.seconds.map { ", \(formatted($0.total, digits: 2)) s" } ?? ""
    Terminal.say("\(progress) \(planned.label), seed \(seed)\(seconds)")
    if let name { try kept?.keep(name, report: result.report, users: result.users) }
    return result.fit
  }

  private func measure(_ planned: ComparisonPlan.PlannedRun, in folder: ScratchFolder) throws {
    started += 1
    let place = try folder.makeFolder()
    defer { folder.remove(place) }
    do {
      let fit = try measure(["evaluate", planned.path], isOfFit: false, label: planned.label, in: place).fit
      Terminal.say("\(progress) \(planned.label), measured")
      entries.append(
        Comparison.Entry(
          label: planned.label, labels: planned.labels, fits: [fit.report], userFigures: [fit.users].compactMap(\.self),
          isRun: true))
    } catch let failure as Failure {
      Terminal.say("\(planned.label): \(failure.description)")
      failures.append(Failure(failure.exitStatus, "\(planned.label): \(failure.description)"))
    }
  }

  private func measure(
    _ arguments: [String], isOfFit: Bool, label: String, in place: String
  ) throws -> MeasuringProcess.Result {
    var arguments = arguments + plan.options
    if let threads = plan.threads { arguments += ["--threads", "\(threads)"] }
    var process = MeasuringProcess(arguments: arguments, folder: place)
    process.arguments += ["--user-figures", process.usersPath]
    let bar = ProgressBar()
    defer { bar.clear() }
    return try process.run(isOfFit: isOfFit) { bar.show("\(progress) \(label): \($0)") }
  }
}
