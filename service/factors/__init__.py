"""The factor store: tables, look-ups, importers."""
