"""The schema of the store, one numbered script for each version."""
