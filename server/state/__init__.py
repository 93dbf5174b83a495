"""Where tenants and journal live: in memory, in a SQLite file or in PostgreSQL, behind one interface."""
