"""Backups: everything that an installation can't make again, in one file, from any database.

A backup is the database as it was at one moment, and the files that its rows point to. The rows are
read in one transaction that sees nothing of what others write meanwhile, and written down as lines
of JSON, which either database can be filled from: the way from SQLite to PostgreSQL is a backup and
a restore. The files come after the rows: a stored file is never changed, and what is removed are
only files that no row points to, a day after they came. So each file of a row is still there, and
nobody has to stop submitting.
"""
