"""Words of the store of aggregate reports, in English."""

WORDS: dict[str, str] = {
    "place": "{place}: ",
    "address": "this is no address of a store. Give the path of a file, or postgresql://user@host/database",
    "missing": "there is no store here yet. Read reports into it first, or check how its name is written",
    "no-store": "this file is no SQLite database, so that no reports can be kept in it. Name another file: a new one is made where there is none",
    "foreign": "this SQLite database belongs to another program. Name another file: a new one is made where there is none",
    "newer": "this store was made by a later version of bimikit (its tables are of version {found}; this bimikit knows version {known}). Update bimikit, or name a new store and read the reports into it",
    "cannot-open": "the file can’t be opened or created. Check that its folder exists and that you may write there",
    "read-only": "the store can’t be written to. Check that you may write to it and to its folder, or use a copy of it elsewhere",
    "busy": "another process has kept the store locked for more than {seconds} seconds. Let it finish, then try again; what was stored so far is kept",
    "full": "there is no space left to store the reports. Make some, then try again; what was stored so far is kept",
    "damaged": "the database is damaged. Restore it from a copy, or name a new store and read the reports into it",
    "value": "the store is damaged: what stands in the column {column} can’t be there. Restore the store from a copy, or name a new one and read the reports into it",
    "tables": "the tables of this store aren’t as bimikit makes them ({reason}). Restore the store from a copy, or name a new one and read the reports into it",
    "disk": "the database can’t be read or written to the end ({reason}). See whether the disk is full, then run the same again: what was stored so far is kept. Where that doesn’t help, check the disk, and restore the store from a copy or name a new one and read the reports into it",
    "no-server": "the PostgreSQL server can’t be reached, or doesn’t let us in ({reason}). Check that it runs, and the host, port, database, user and password",
    "not-allowed": "the database user may not do this ({reason}). Let it create tables in this database, and read and write them",
    "encoding": "the database’s encoding is {found}, in which not every domain and name can be written. Create a database with the encoding UTF8",
    "failed": "the database reports an error: {reason}",
}
