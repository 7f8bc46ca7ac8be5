"""One module per command of scripts/dev.py; each has `main(arguments) -> exit code`."""
