"""PERF: downtime of a DRIMbox and the score that follows (DOMAIN §4)."""
