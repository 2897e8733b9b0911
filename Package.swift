// swift-tools-version: 6.2
//
// The rooms of the house and who may import whom. `docs/architecture.md` explains the table and
// `Tests/LayoutTests` fails on an edge, or an `import` line, that it does not allow.

import PackageDescription

// MARK: Dependencies (each has its reason in docs/dependencies.md)

let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: C and C++ underneath

let foundations: [Target] = [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
        name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
        name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
        name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
    .target(
        name: "CSimdjson", cxxSettings: [.unsafeFlags(["-O2"])],
        linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "CBlocks", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "CTaggerModel", exclude: ["README.md", "tagger.bin"]),
    .target(name: "CLanguageModel", exclude: ["language.bin"]),
]

// MARK: Rooms

let rooms: [Target] = [
    .target(name: "Cryptography", dependencies: ["COpenSSL"]),
    .target(name: "Records", dependencies: ["Cryptography"]),
    .target(name: "MerkleLog", dependencies: ["Cryptography"]),
    .target(name: "ReaderProtocol", dependencies: ["Records"]),
    .target(
        name: "Documents",
        dependencies: ["Records", "ReaderProtocol", "CLibXML2", "CLibArchive", "CSQLite"]),
    .target(
        name: "Ingestion", dependencies: ["Records", "Cryptography", "ReaderProtocol", "CSimdjson"]),
    .target(name: "Cleaning", dependencies: ["Records", "Cryptography", "CLanguageModel"]),
    .target(
        name: "Redaction",
        dependencies: ["Records", "Cryptography", "CPCRE2", "CTaggerModel", yams]),
    .target(name: "Augmentation", dependencies: ["Records", "Redaction", "Cryptography"]),
    .target(name: "Vault", dependencies: ["Records", "Cryptography", "CZstd", grdb]),
    .target(name: "Catalog", dependencies: ["Records", "Cryptography", "MerkleLog", grdb]),
    .target(
        name: "Governance",
        dependencies: ["Records", "Cryptography", "MerkleLog", "Catalog", "Vault", grdb]),
    .target(name: "EngineProtocol", dependencies: ["Records", "Cryptography"]),
    .target(
        name: "Handoff",
        dependencies: ["Records", "Cryptography", "EngineProtocol", "MerkleLog"]),
    .target(name: "ModelFiles", dependencies: ["Records", "Cryptography", "CBlocks"]),
    .target(name: "Kernels", dependencies: ["COpenBLAS", "CKernels", "CBlocks"]),
    .target(name: "Training", dependencies: ["Records", "ModelFiles", "Kernels", "Cryptography"]),
    .target(
        name: "Workspace",
        dependencies: [
            "Records", "Cryptography", "MerkleLog", "Ingestion", "Cleaning", "Redaction",
            "Augmentation", "Vault", "Catalog", "Governance", "EngineProtocol", "Handoff",
            "ModelFiles", yams,
        ]),
]

let executables: [Target] = [
    .executableTarget(
        name: "tundish",
        dependencies: [
            "Workspace", "Catalog", "EngineProtocol", "Governance", "Ingestion", "Records",
            argumentParser,
        ]),
    .executableTarget(
        name: "tundish-reader", dependencies: ["Documents", "ReaderProtocol", "Records"]),
    .executableTarget(
        name: "tundish-trainer",
        dependencies: ["Training", "EngineProtocol", "Records", "ModelFiles", "Kernels"]),
    .executableTarget(
        name: "tagger-training", dependencies: ["Records", "Redaction", "Cryptography"],
        exclude: ["Data"]),
    .executableTarget(name: "ingestion-speed", dependencies: ["Ingestion", "Records"]),
    .executableTarget(
        name: "training-speed", dependencies: ["Training", "ModelFiles", "Kernels", "Records"]),
]

let tests: [Target] = [
    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
    .testTarget(name: "RecordsTests", dependencies: ["Records", "Cryptography"]),
    .testTarget(name: "MerkleLogTests", dependencies: ["MerkleLog", "Cryptography"]),
    .testTarget(name: "ReaderProtocolTests", dependencies: ["ReaderProtocol", "Records"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "ReaderProtocol", "Records"]),
    .testTarget(
        name: "IngestionTests",
        dependencies: ["Ingestion", "Records", "ReaderProtocol", "tundish-reader"]),
    .testTarget(name: "CleaningTests", dependencies: ["Cleaning", "Records", "Cryptography"]),
    .testTarget(
        name: "RedactionTests", dependencies: ["Redaction", "Records", "Cryptography"]),
    .testTarget(name: "AugmentationTests", dependencies: ["Augmentation", "Redaction", "Records"]),
    .testTarget(name: "VaultTests", dependencies: ["Vault", "Records", "Cryptography", grdb]),
    .testTarget(
        name: "CatalogTests",
        dependencies: ["Catalog", "MerkleLog", "Records", "Cryptography", grdb]),
    .testTarget(
        name: "GovernanceTests",
        dependencies: [
            "Governance", "Catalog", "Vault", "MerkleLog", "Records", "Cryptography", grdb,
        ]),
    .testTarget(name: "EngineProtocolTests", dependencies: ["EngineProtocol", "Records"]),
    .testTarget(
        name: "HandoffTests",
        dependencies: ["Handoff", "EngineProtocol", "Records", "Cryptography", "MerkleLog"]),
    .testTarget(
        name: "ModelFilesTests",
        dependencies: ["ModelFiles", "Records", "Cryptography", "CBlocks"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    .testTarget(
        name: "TrainingTests", dependencies: ["Training", "ModelFiles", "Kernels", "Records"],
        exclude: ["Fixtures"]),
    .testTarget(
        name: "WorkspaceTests",
        dependencies: [
            "Workspace", "Records", "Cryptography", "MerkleLog", "Catalog", "Vault", "Governance",
            "Handoff", "Redaction", "Ingestion", "Cleaning", "EngineProtocol", "ModelFiles", grdb,
        ]),
    .testTarget(
        name: "CommandLineTests", dependencies: ["tundish", "EngineProtocol", argumentParser]),
    .testTarget(name: "LayoutTests"),
]

let package = Package(
    name: "tundish",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tundish", targets: ["tundish"]),
        .executable(name: "tundish-reader", targets: ["tundish-reader"]),
        .executable(name: "tundish-trainer", targets: ["tundish-trainer"]),
        .library(name: "Redaction", targets: ["Redaction"]),
        .library(name: "MerkleLog", targets: ["MerkleLog"]),
    ],
    dependencies: dependencies,
    targets: foundations + rooms + executables + tests,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x,
    cxxLanguageStandard: .cxx17
)

// MARK: Settings, the same for every Swift target

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let swiftTargets = Set((rooms + executables + tests).map(\.name))
for target in package.targets where swiftTargets.contains(target.name) {
    target.swiftSettings = strict + (target.type == .test ? [] : [.strictMemorySafety()])
}
