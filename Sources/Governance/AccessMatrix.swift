/// Who may do what: the table, as people read it. Everything else is denied.
public enum AccessMatrix {
    /// What a role says about a permission.
    public enum Cell: String, Sendable {
        /// Never.
        case never = "-"
        /// At any time.
        case standing = "yes"
        /// After a second person's approval.
        case approval = "A"
        /// Only where the role was given on the dataset itself.
        case assigned = "assigned"
        /// Only a version that is released for the purpose.
        case released = "released"
        /// Only where the role was given on the model itself.
        case onModel = "on-model"
        /// Only on datasets that the role covers.
        case ownDataset = "own-data"
        /// Only on runs of one's own.
        case ownRuns = "own-runs"
    }

    /// The roles in the order of the table's columns.
    public static let columns: [Role] = [
        .viewer, .annotator, .steward, .trainer, .privacyOfficer, .auditor, .admin, .owner,
    ]

    /// The table as it is read; a permission that is split into propose and approve has a line for
    /// each. `-` never, `A` after a second person's approval.
    private static let source = """
                               viewer   annotator steward  trainer  officer auditor admin owner
        read-metadata          yes      yes       yes      yes      yes     yes     yes   yes
        read-redacted          yes      assigned  yes      -        yes     -       -     yes
        sample-redacted        yes      assigned  yes      yes      yes     -       -     yes
        read-raw               -        A         A        -        A       -       -     A
        reidentify             -        A         A        -        A       -       -     A
        label                  -        yes       yes      -        yes     -       -     -
        ingest                 -        -         yes      -        -       -       -     yes
        clean                  -        -         yes      -        -       -       -     yes
        redact                 -        -         yes      -        -       -       -     yes
        augment                -        -         yes      -        -       -       -     yes
        propose-release        -        -         yes      -        -       -       -     yes
        approve-release        -        -         -        -        yes     -       -     -
        train                  -        -         -        released -       -       -     -
        use-model              on-model -         yes      yes      -       -       -     yes
        propose-model-export   -        -         -        yes      -       -       -     -
        approve-model-export   -        -         -        -        yes     -       -     yes
        export-dataset         -        -         yes      -        -       -       -     A
        propose-engine         -        -         -        -        -       -       yes   -
        approve-engine         -        -         -        -        yes     -       -     -
        import-model           -        -         yes      yes      -       -       -     -
        propose-policy         -        -         yes      -        -       -       -     -
        approve-policy         -        -         -        -        yes     -       -     -
        grant-roles            -        -         -        -        -       -       -     yes
        propose-appointment    -        -         -        -        -       -       -     yes
        approve-appointment    -        -         -        -        yes     -       -     -
        propose-purpose        -        -         yes      -        -       -       -     yes
        set-purpose            -        -         -        -        yes     -       -     -
        propose-erasure        -        -         yes      -        -       -       -     yes
        approve-erasure        -        -         -        -        yes     -       -     -
        manage-principals      -        -         -        -        -       -       yes   -
        manage-keys            -        -         -        -        -       -       yes   -
        read-audit             -        -         own-data own-runs yes     yes     -     own-data
        """

    /// The table, line by line, cells in the order of ``columns``.
    public static let rows: [(permission: Permission, cells: [Cell])] =
        source.split(separator: "\n").dropFirst().map { line in
            let words = line.split(separator: " ").map(String.init)
            guard let permission = Permission(rawValue: words[0]),
                words.count == columns.count + 1
            else { preconditionFailure("the access matrix has a malformed line") }
            return (permission, words.dropFirst().map { Cell(rawValue: $0) ?? .never })
        }

    private static let table: [Permission: [Role: Cell]] = Dictionary(
        uniqueKeysWithValues: rows.map { row in
            (row.permission, Dictionary(uniqueKeysWithValues: zip(columns, row.cells)))
        })

    /// What a role says about a permission.
    public static func cell(_ permission: Permission, _ role: Role) -> Cell {
        table[permission]?[role] ?? .never
    }

    /// The roles that may, at some time, do it.
    public static func roles(for permission: Permission) -> [Role] {
        columns.filter { cell(permission, $0) != .never }
    }

    /// The roles whose holders may approve a request for a permission of an `A` cell, or a
    /// proposal; a proposal's own approval permission says it for the others.
    static func approvers(of permission: Permission) -> [Role] {
        switch permission {
        case .readRaw, .reidentify: [.privacyOfficer, .owner]
        case .exportDataset: [.privacyOfficer]
        default: []
        }
    }

    /// The table as text, for `access matrix`.
    public static func text() -> String { source + "\n" }
}
