"""``python -m opsweave.cli``."""

from opsweave.cli import main

if __name__ == "__main__":
    main()
