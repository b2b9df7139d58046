"""Makers of rows for tests: one file a module. They write as Kith's own front door, past no wall."""
