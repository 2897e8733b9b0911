/// Who may import whom: the table of `docs/architecture.md`. A room that is not named may not exist.
enum Rooms {
    /// Names that every room may use besides its own.
    static let common: Set<String> = ["Cryptography"]

    /// What each room may depend on and import, besides ``common`` and the toolchain's modules.
    static let allowed: [String: Set<String>] = [
        "Cryptography": ["COpenSSL"],
        "Records": [],
        "MerkleLog": [],
        "ReaderProtocol": ["Records"],
        "Documents": ["Records", "ReaderProtocol", "CLibXML2", "CLibArchive", "CSQLite"],
        "Ingestion": ["Records", "ReaderProtocol", "CSimdjson"],
        "Cleaning": ["Records", "CLanguageModel"],
        "Redaction": ["Records", "CPCRE2", "CTaggerModel", "Yams"],
        "Augmentation": ["Records", "Redaction"],
        "Vault": ["Records", "GRDB", "CZstd"],
        "Catalog": ["Records", "MerkleLog", "GRDB"],
        "Governance": ["Records", "MerkleLog", "Catalog", "Vault", "GRDB"],
        "EngineProtocol": ["Records"],
        "Handoff": ["Records", "EngineProtocol", "MerkleLog"],
        "ModelFiles": ["Records", "CBlocks"],
        "Kernels": ["COpenBLAS", "CKernels", "CBlocks"],
        "Training": ["Records", "ModelFiles", "Kernels"],
        "Workspace": [
            "Records", "MerkleLog", "Ingestion", "Cleaning", "Redaction", "Augmentation", "Vault",
            "Catalog", "Governance", "EngineProtocol", "Handoff", "ModelFiles", "Yams",
        ],
        "tundish": [
            "Workspace", "ArgumentParser", "Catalog", "EngineProtocol", "Governance", "Ingestion",
            "Records",
        ],
        "tundish-reader": ["Documents", "ReaderProtocol", "Records"],
        "tundish-trainer": ["Training", "EngineProtocol", "Records", "ModelFiles", "Kernels"],
        "tagger-training": ["Records", "Redaction"],
        "ingestion-speed": ["Ingestion", "Records"],
        "training-speed": ["Training", "ModelFiles", "Kernels", "Records"],
        "CSimdjson": [], "CKernels": [], "CBlocks": [], "CTaggerModel": [], "CLanguageModel": [],
        "COpenSSL": [],
        "CZstd": [],
        "CPCRE2": [], "COpenBLAS": [], "CLibXML2": [], "CLibArchive": [], "CSQLite": [],
    ]

    /// Modules of the toolchain and the system.
    static let toolchain: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
    ]
}
