#pragma once
#include <sqlite3.h>

// Settings that Swift cannot make, for their function is variadic.
// After it a schema's triggers, views and functions with side effects do nothing. 0, or an error.
static inline int tnd_sqlite_harden(sqlite3 *db) {
    static const int settings[][2] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    };
    for (unsigned i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        int status = sqlite3_db_config(db, settings[i][0], settings[i][1], (int *)0);
        if (status != SQLITE_OK) return status;
    }
    return SQLITE_OK;
}
