"""What docs/performance.md claims, measured: `make bench`."""
