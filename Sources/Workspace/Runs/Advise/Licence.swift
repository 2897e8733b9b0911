/// What a licence's name says about using a model at work. No legal advice: the text decides.
enum Licence: Int, Sendable, Comparable {
    /// Not for business, or for research alone.
    case nonCommercial
    /// Terms of its own, or copyleft, or nothing known: to be read first.
    case terms
    /// Permissive.
    case open

    static func < (left: Licence, right: Licence) -> Bool { left.rawValue < right.rawValue }

    private static let permissive: Set<String> = [
        "apache-2.0", "mit", "bsd", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0",
        "cc-by-4.0", "cc-by-3.0", "zlib", "artistic-2.0", "afl-3.0", "ecl-2.0", "0bsd",
    ]

    /// Reads an identifier as SPDX and model hubs write it; nil is no known licence.
    init(_ name: String?) {
        let name = (name ?? "").lowercased().split(separator: " ").joined(separator: "-")
        let words = name.split { "-_./".contains($0) }
        if words.contains("nc") || name.contains("noncommercial")
            || name.contains("non-commercial") || words.contains("research")
        {
            self = .nonCommercial
        } else {
            self = Self.permissive.contains(name) ? .open : .terms
        }
    }

    /// What to know.
    func reason(_ name: String?) -> String {
        guard let name, !name.isEmpty else {
            return "its licence is not known: read it before you build on it"
        }
        switch self {
        case .open: return "licence \(name): permissive"
        case .terms: return "licence \(name): has terms of its own, read them"
        case .nonCommercial: return "licence \(name): not for commercial use"
        }
    }
}
