"""How fast the clinic is beside the same work written bare, on this machine: `python -m benchmarks`."""
