import sys

from kith.machine.cli import main

sys.exit(main())
