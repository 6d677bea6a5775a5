import sys

from perf.command.cli import main

sys.exit(main(sys.argv[1:]))
