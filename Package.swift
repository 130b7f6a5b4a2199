// swift-tools-version: 6.2
import PackageDescription

// Spans are returned from our storage classes: that needs lifetime annotations.
let settings: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "TwoTower",
  products: [
    .executable(name: "twotower", targets: ["CommandLineTool"])
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
    .target(name: "NeuralNetwork", dependencies: ["Autodiff"], swiftSettings: settings),
    .target(name: "Datasets", dependencies: ["Kernels", "Files"], swiftSettings: settings),
    .target(name: "Features", dependencies: ["Datasets"], swiftSettings: settings),
    .target(name: "TwoTower", dependencies: ["NeuralNetwork", "Features"], swiftSettings: settings),
    .target(name: "Evaluation", dependencies: ["TwoTower"], swiftSettings: settings),
    .target(name: "Checkpoints", dependencies: ["TwoTower", "Files"], swiftSettings: settings),
    .target(
      name: "Training", dependencies: ["Evaluation", "Checkpoints", yams], swiftSettings: settings),
    .executableTarget(
      name: "CommandLineTool", dependencies: ["Training", argumentParser], swiftSettings: settings),
    // Run by hand; see Benchmarks/report.
    .executableTarget(
      name: "Benchmarks", dependencies: ["Training", "COpenBLAS", argumentParser], path: "Benchmarks/Sources",
      swiftSettings: settings),
    .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: settings),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"], swiftSettings: settings),
    .testTarget(name: "AutodiffTests", dependencies: ["Autodiff"], swiftSettings: settings),
    .testTarget(name: "NeuralNetworkTests", dependencies: ["NeuralNetwork"], swiftSettings: settings),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets"], swiftSettings: settings),
    .testTarget(name: "FeaturesTests", dependencies: ["Features"], swiftSettings: settings),
    .testTarget(name: "TwoTowerTests", dependencies: ["TwoTower"], swiftSettings: settings),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation"], swiftSettings: settings),
    .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints"], swiftSettings: settings),
    .testTarget(name: "TrainingTests", dependencies: ["Training"], swiftSettings: settings),
    .testTarget(name: "CommandLineToolTests", dependencies: ["CommandLineTool"], swiftSettings: settings),
  ]
)
