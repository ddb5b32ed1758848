"""What the service remembers: tables and the queries on them, by subject."""
