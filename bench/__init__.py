"""What Kith exists for, measured beside its yardstick."""
