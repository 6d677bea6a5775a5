import sys

from perf.cli import main

sys.exit(main(sys.argv[1:]))
