"""Statutory returns: the rows of each table, worked out from plain facts."""
