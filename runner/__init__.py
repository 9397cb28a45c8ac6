"""What ./run and ./test do. Standard library only: it runs before anything is installed."""
