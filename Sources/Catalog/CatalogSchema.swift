internal import GRDB

/// The catalog's tables, as named migrations that are never edited: a later change is a new one.
///
/// Ids are BLOBs (16 bytes for workspace, dataset and model; 32 for versions and objects) or short
/// texts (`p-`, `g-`, `d-`, `q-`, `l-`); times are RFC 3339 UTC text, which sorts as time.
enum CatalogSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 house") { db in
            for statement in house + log { try db.execute(sql: statement) }
        }
        migrator.registerMigration("2 review") { db in
            for statement in review { try db.execute(sql: statement) }
        }
        migrator.registerMigration("3 quarantine") { db in
            for statement in quarantine { try db.execute(sql: statement) }
        }
        migrator.registerMigration("4 checkpoints") { db in try db.execute(sql: checkpoints) }
        return migrator
    }

    /// What people decided about findings: places and verdicts; the values themselves stand in
    /// sealed objects.
    private static let review = [
        """
        CREATE TABLE review_decisions (
            id INTEGER PRIMARY KEY, dataset BLOB NOT NULL REFERENCES datasets(id),
            version BLOB NOT NULL REFERENCES versions(id), item TEXT NOT NULL,
            verdict TEXT NOT NULL, type TEXT, object BLOB REFERENCES objects(id),
            reviewer TEXT NOT NULL REFERENCES principals(id), at TEXT NOT NULL) STRICT
        """,
        "CREATE INDEX decisions_of ON review_decisions (version, item)",
    ]

    /// Where a rejected row belongs, and what its file was, so that it can be read again.
    private static let quarantine = [
        "ALTER TABLE quarantine ADD COLUMN version BLOB REFERENCES versions(id)",
        "ALTER TABLE quarantine ADD COLUMN place TEXT",
        // The encoding of the sealed bytes; NULL: UTF-8, whatever the file's was.
        "ALTER TABLE quarantine ADD COLUMN encoding TEXT",
        "CREATE INDEX quarantine_at ON quarantine (dataset, file_digest, offset)",
        """
        CREATE TABLE source_files (
            dataset BLOB NOT NULL REFERENCES datasets(id), digest BLOB NOT NULL,
            path TEXT NOT NULL, facts TEXT NOT NULL,
            PRIMARY KEY (dataset, digest)) STRICT, WITHOUT ROWID
        """,
    ]

    /// What a run that was stopped or killed can go on from, a row for each sealed file.
    private static let checkpoints = """
        CREATE TABLE checkpoints (
            run TEXT NOT NULL REFERENCES runs(id), step INTEGER NOT NULL,
            position INTEGER NOT NULL, name TEXT NOT NULL,
            object BLOB NOT NULL REFERENCES objects(id), sha256 BLOB NOT NULL,
            size INTEGER NOT NULL, best INTEGER NOT NULL, created TEXT NOT NULL,
            PRIMARY KEY (run, step, name)) STRICT, WITHOUT ROWID
        """

    private static let log = [
        """
        CREATE TABLE log_entries (idx INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT
        """,
        // The only place for personal data about events; `detail` NULL means erased.
        """
        CREATE TABLE log_details (
            idx INTEGER PRIMARY KEY REFERENCES log_entries(idx), salt BLOB, detail BLOB) STRICT
        """,
        // The hash of every complete subtree, in MerkleLog's dense numbering.
        """
        CREATE TABLE log_hashes (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT
        """,
        """
        CREATE TABLE log_checkpoints (
            size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL) STRICT
        """,
    ]

    private static let house = [
        """
        CREATE TABLE workspace (
            id BLOB PRIMARY KEY, origin TEXT NOT NULL, created TEXT NOT NULL,
            solo INTEGER NOT NULL, custodian TEXT NOT NULL) STRICT
        """,
        """
        CREATE TABLE principals (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, ed25519 BLOB NOT NULL, x25519 BLOB NOT NULL,
            created TEXT NOT NULL, disabled TEXT) STRICT
        """,
        // Apart, so that a name can be erased and the pseudonymous id stays.
        """
        CREATE TABLE principal_names (
            principal TEXT PRIMARY KEY REFERENCES principals(id), name TEXT NOT NULL UNIQUE) STRICT
        """,
        """
        CREATE TABLE group_members (
            grp TEXT NOT NULL REFERENCES principals(id),
            member TEXT NOT NULL REFERENCES principals(id),
            PRIMARY KEY (grp, member)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE datasets (
            id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, purposes TEXT NOT NULL,
            legal_basis TEXT NOT NULL, owner TEXT NOT NULL REFERENCES principals(id),
            created TEXT NOT NULL, legal_hold INTEGER NOT NULL DEFAULT 0) STRICT
        """,
        """
        CREATE TABLE versions (
            id BLOB PRIMARY KEY, dataset BLOB NOT NULL REFERENCES datasets(id),
            stage TEXT NOT NULL, manifest BLOB NOT NULL, count INTEGER NOT NULL,
            created TEXT NOT NULL, actor TEXT NOT NULL REFERENCES principals(id)) STRICT
        """,
        "CREATE INDEX versions_of ON versions (dataset, stage)",
        """
        CREATE TABLE version_parents (
            version BLOB NOT NULL REFERENCES versions(id), position INTEGER NOT NULL,
            parent BLOB NOT NULL REFERENCES versions(id),
            PRIMARY KEY (version, position)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX children_of ON version_parents (parent)",
        """
        CREATE TABLE numbers (
            dataset BLOB NOT NULL REFERENCES datasets(id), number INTEGER NOT NULL,
            version BLOB NOT NULL UNIQUE REFERENCES versions(id),
            PRIMARY KEY (dataset, number)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE tags (
            dataset BLOB NOT NULL REFERENCES datasets(id), tag TEXT NOT NULL,
            version BLOB NOT NULL REFERENCES versions(id),
            PRIMARY KEY (dataset, tag)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE objects (
            id BLOB PRIMARY KEY, kind TEXT NOT NULL, scope BLOB NOT NULL, stage INTEGER NOT NULL,
            pack TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX objects_in ON objects (pack)",
        """
        CREATE TABLE segments (
            object BLOB PRIMARY KEY REFERENCES objects(id), dataset BLOB NOT NULL,
            stage TEXT NOT NULL, root BLOB NOT NULL, count INTEGER NOT NULL,
            first_rid BLOB NOT NULL, last_rid BLOB NOT NULL) STRICT
        """,
        "CREATE INDEX segments_by_root ON segments (dataset, stage, root)",
        """
        CREATE TABLE version_segments (
            version BLOB NOT NULL REFERENCES versions(id), position INTEGER NOT NULL,
            object BLOB NOT NULL REFERENCES segments(object),
            PRIMARY KEY (version, position)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX versions_with ON version_segments (object)",
        """
        CREATE TABLE version_objects (
            version BLOB NOT NULL REFERENCES versions(id), role TEXT NOT NULL,
            position INTEGER NOT NULL, object BLOB NOT NULL REFERENCES objects(id),
            PRIMARY KEY (version, role, position)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY, dataset BLOB NOT NULL REFERENCES datasets(id),
            reason TEXT NOT NULL, file_digest BLOB NOT NULL, offset INTEGER NOT NULL,
            length INTEGER NOT NULL, object BLOB REFERENCES objects(id)) STRICT
        """,
        "CREATE INDEX quarantine_of ON quarantine (dataset, reason)",
        """
        CREATE TABLE ingested_files (
            digest BLOB NOT NULL, dataset BLOB NOT NULL REFERENCES datasets(id),
            version BLOB NOT NULL REFERENCES versions(id),
            PRIMARY KEY (dataset, digest, version)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE attestations (
            id INTEGER PRIMARY KEY, version BLOB NOT NULL REFERENCES versions(id),
            body BLOB NOT NULL) STRICT
        """,
        """
        CREATE TABLE grants (
            id TEXT PRIMARY KEY, role TEXT NOT NULL,
            principal TEXT NOT NULL REFERENCES principals(id), scope TEXT NOT NULL, stage TEXT,
            purpose TEXT, valid_from TEXT NOT NULL, valid_until TEXT, granted_by TEXT NOT NULL,
            event INTEGER NOT NULL, revoked TEXT) STRICT
        """,
        "CREATE INDEX grants_of ON grants (principal)",
        """
        CREATE TABLE denies (
            id TEXT PRIMARY KEY, permission TEXT NOT NULL,
            principal TEXT NOT NULL REFERENCES principals(id), scope TEXT NOT NULL,
            denied_by TEXT NOT NULL, event INTEGER NOT NULL, lifted TEXT) STRICT
        """,
        """
        CREATE TABLE requests (
            id TEXT PRIMARY KEY, action TEXT NOT NULL, object TEXT NOT NULL, purpose TEXT,
            facts TEXT NOT NULL, proposer TEXT NOT NULL REFERENCES principals(id),
            created TEXT NOT NULL, approver TEXT REFERENCES principals(id), decided TEXT,
            state TEXT NOT NULL, self_approved INTEGER NOT NULL, event INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE leases (
            id TEXT PRIMARY KEY, principal TEXT NOT NULL REFERENCES principals(id),
            scope TEXT NOT NULL, version BLOB, stage TEXT, permission TEXT NOT NULL, purpose TEXT,
            run TEXT, request TEXT, issued TEXT NOT NULL, expires TEXT NOT NULL, revoked TEXT)
            STRICT
        """,
        "CREATE INDEX leases_of ON leases (principal)",
        """
        CREATE TABLE releases (
            version BLOB NOT NULL REFERENCES versions(id), purpose TEXT NOT NULL,
            request TEXT NOT NULL, proposed_by TEXT NOT NULL, approved_by TEXT NOT NULL,
            at TEXT NOT NULL, event INTEGER NOT NULL, withdrawn TEXT,
            PRIMARY KEY (version, purpose, at)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, request BLOB NOT NULL,
            actor TEXT NOT NULL REFERENCES principals(id), version BLOB, purpose TEXT, lease TEXT,
            created TEXT NOT NULL, started TEXT, finished TEXT, metrics TEXT,
            statement_digest BLOB) STRICT
        """,
        "CREATE INDEX runs_named ON runs (name)",
        """
        CREATE TABLE run_events (
            run TEXT NOT NULL REFERENCES runs(id), seq INTEGER NOT NULL, event TEXT NOT NULL,
            PRIMARY KEY (run, seq)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE models (
            id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, run TEXT,
            base BLOB, state TEXT NOT NULL, created TEXT NOT NULL, actor TEXT NOT NULL,
            info TEXT NOT NULL) STRICT
        """,
        """
        CREATE TABLE model_artifacts (
            model BLOB NOT NULL REFERENCES models(id), name TEXT NOT NULL,
            object BLOB NOT NULL REFERENCES objects(id), sha256 BLOB NOT NULL,
            size INTEGER NOT NULL, PRIMARY KEY (model, name)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE engines (
            name TEXT PRIMARY KEY, path TEXT NOT NULL, digest BLOB NOT NULL, created TEXT NOT NULL,
            actor TEXT NOT NULL) STRICT
        """,
    ]
}
