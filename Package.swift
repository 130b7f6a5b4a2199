// swift-tools-version: 6.2
import PackageDescription

// Spans are returned from our storage classes: that needs lifetime annotations.
let settings: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "TwoTower",
  products: [
    .library(name: "TwoTowerKit", targets: ["TwoTowerKit"]),
    .executable(name: "twotower", targets: ["TwoTowerCommandLineTool"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorMath"),
    .target(name: "CDigest"),
    .target(name: "Files", dependencies: ["CDigest"], swiftSettings: settings),
    .target(name: "Kernels", dependencies: ["COpenBLAS", "CVectorMath"], swiftSettings: settings),
    .target(name: "Autodiff", dependencies: ["Kernels"], swiftSettings: settings),
    .target(name: "NeuralNetwork", dependencies: ["Files", "Kernels", "Autodiff"], swiftSettings: settings),
    .target(name: "Datasets", dependencies: ["Files", "Kernels"], swiftSettings: settings),
    .target(name: "Features", dependencies: ["Files", "Kernels", "Datasets"], swiftSettings: settings),
    .target(
      name: "Recommenders", dependencies: ["Files", "Kernels", "Autodiff", "NeuralNetwork", "Datasets", "Features"],
      swiftSettings: settings),
    .target(
      name: "Evaluation", dependencies: ["Files", "Kernels", "Autodiff", "Datasets", "Features", "Recommenders"],
      swiftSettings: settings),
    .target(
      name: "Runs", dependencies: ["Files", "Kernels", "Autodiff", "Datasets", "Features", "Recommenders"],
      swiftSettings: settings),
    .target(
      name: "Serving",
      dependencies: ["Files", "Kernels", "Autodiff", "Features", "Recommenders", "Evaluation", "Runs"],
      swiftSettings: settings),
    .target(
      name: "Training",
      dependencies: [
        "Files", "Kernels", "Autodiff", "NeuralNetwork", "Datasets", "Features", "Recommenders", "Evaluation",
        "Runs",
      ], swiftSettings: settings),
    // The library: the only module that other packages see.
    .target(
      name: "TwoTowerKit",
      dependencies: [
        "Files", "NeuralNetwork", "Datasets", "Features", "Recommenders", "Evaluation", "Runs", "Serving", "Training",
      ], swiftSettings: settings),
    // Recipes as text: the only target that reads and writes YAML.
    .target(
      name: "Recipes",
      dependencies: ["Files", "Autodiff", "NeuralNetwork", "Datasets", "Features", "Recommenders", "Training", yams],
      swiftSettings: settings),
    .executableTarget(
      name: "CommandLineTool",
      dependencies: [
        "Files", "Kernels", "Datasets", "Recommenders", "Evaluation", "Runs", "Serving", "Training", "Recipes",
        argumentParser,
      ], swiftSettings: settings),
    // Run by hand; see Benchmarks/report.
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "COpenBLAS", "Kernels", "Autodiff", "NeuralNetwork", "Datasets", "Features", "Recommenders", "Evaluation",
        "Training", argumentParser,
      ], path: "Benchmarks/Sources", swiftSettings: settings),
    // What tests of several targets share.
    .target(name: "TestSupport", dependencies: ["Kernels"], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "RunTestSupport",
      dependencies: [
        "Datasets", "Evaluation", "Features", "Recommenders", "Runs", "Training", "Recipes", "TestSupport", yams,
      ], path: "Tests/RunTestSupport", swiftSettings: settings),
    .testTarget(name: "FilesTests", dependencies: ["Files", "Kernels", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "AutodiffTests", dependencies: ["Kernels", "Autodiff"], swiftSettings: settings),
    .testTarget(
      name: "NeuralNetworkTests", dependencies: ["Kernels", "Autodiff", "NeuralNetwork", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Files", "Kernels", "Datasets", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "FeaturesTests", dependencies: ["Kernels", "Datasets", "Features"], swiftSettings: settings),
    .testTarget(
      name: "RecommendersTests",
      dependencies: [
        "Kernels", "Autodiff", "NeuralNetwork", "Datasets", "Features", "Recommenders", "TestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Files", "Kernels", "Autodiff", "Datasets", "Features", "Recommenders", "Evaluation", "Serving", "Training",
        "Recipes", "TestSupport", "RunTestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "RunsTests",
      dependencies: ["Files", "Kernels", "Autodiff", "Features", "Recommenders", "Runs", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ServingTests",
      dependencies: [
        "Files", "Kernels", "Datasets", "Features", "Recommenders", "Evaluation", "Runs", "Serving", "Training",
        "Recipes", "TestSupport", "RunTestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Files", "Kernels", "Autodiff", "NeuralNetwork", "Datasets", "Features", "Recommenders", "Evaluation",
        "Runs", "Training", "Recipes", "TestSupport", "RunTestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "RecipesTests",
      dependencies: [
        "Datasets", "Features", "NeuralNetwork", "Recommenders", "Training", "Recipes", "TestSupport",
        "RunTestSupport",
      ], swiftSettings: settings),
    .testTarget(
      name: "TwoTowerKitTests",
      dependencies: [
        "Files", "Recommenders", "Runs", "Serving", "Training", "Recipes", "TwoTowerKit", "TestSupport",
      ], swiftSettings: settings),
    .testTarget(name: "CommandLineToolTests", dependencies: ["CommandLineTool", "TestSupport"], swiftSettings: settings),
  ]
)

// Every target of a package graph needs a name of its own, and `Features` may be anyone's: ours are imported as
// `TwoTowerFeatures` and so on, from folders with the short names.
let modules = package.targets.filter { $0.type != .test && $0.path == nil && $0.name != "TwoTowerKit" }
let names = Dictionary(uniqueKeysWithValues: modules.map { ($0.name, "TwoTower" + $0.name) })
for module in modules {
  module.path = "Sources/" + module.name
  module.name = names[module.name]!
}
for target in package.targets {
  target.dependencies = target.dependencies.map { dependency in
    if case .byNameItem(let name, _) = dependency, let full = names[name] { .target(name: full) } else { dependency }
  }
}
