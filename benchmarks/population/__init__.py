"""A whole programme, made in bulk: what the pages are measured on (`benchmarks.pages`)."""
