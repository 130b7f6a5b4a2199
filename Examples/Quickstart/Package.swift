// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Quickstart",
  dependencies: [.package(name: "TwoTower", path: "../..")],
  targets: [
    // A name that a folder of TwoTower has too: its modules are called otherwise.
    .target(name: "Datasets", dependencies: [.product(name: "TwoTowerKit", package: "TwoTower")]),
    .executableTarget(
      name: "Quickstart", dependencies: ["Datasets", .product(name: "TwoTowerKit", package: "TwoTower")]),
  ]
)
