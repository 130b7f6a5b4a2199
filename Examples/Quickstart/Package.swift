// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Quickstart",
  dependencies: [.package(name: "TwoTower", path: "../..")],
  targets: [
    .executableTarget(name: "Quickstart", dependencies: [.product(name: "TwoTowerKit", package: "TwoTower")])
  ]
)
