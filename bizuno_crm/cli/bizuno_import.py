"""The command `bizuno_import`. Odoo loads this file by itself and as a module of its own, before it
has loaded any addon: it must import nothing of this one but when it runs."""

import signal
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class BizunoImport(Command):
    """Move a company over from Bizuno: the same as Configuration / Move from Bizuno, for files that
    are too large to upload.

    Exit status: 0 all rows have come over, 1 some rows were left out, 2 not run.
    """

    name = "bizuno_import"

    def run(self, args):
        self.parser.add_argument("-c", "--config", help="an Odoo configuration file")
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument(
            "path", type=Path, help="a dump, plain or compressed with gzip, or the contacts as CSV"
        )
        self.parser.add_argument("--company", type=int, help="ID of the company to move into")
        self.parser.add_argument(
            "--map",
            type=Path,
            help="JSON: the choices of the page. If there is no such file, it is written with what "
            "is proposed, and nothing is run",
        )
        self.parser.add_argument("--dry-run", action="store_true", help="roll everything back")
        self.parser.add_argument(
            "--overwrite",
            action="store_true",
            help="write Bizuno's values also where somebody has changed them in Odoo since",
        )
        self.parser.add_argument("--report", type=Path, help="where to write the problems (.xlsx)")
        options = self.parser.parse_args(args)
        arguments = ["--no-http", "-d", options.database]
        config.parse_config(
            [*arguments, *(["-c", options.config] if options.config else [])], setup_logging=True
        )
        # A run that is ended so is told as interrupted, and is in nobody's way.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with Registry(options.database).cursor() as cr:
            # Relative to what it is loaded as, there is no such module.
            # pylint: disable-next=odoo-addons-relative-import
            from odoo.addons.bizuno_crm.models.importer.command import (  # noqa: PLC0415
                bring_over,
            )

            status = bring_over(api.Environment(cr, SUPERUSER_ID, {}), options, sys.stdout)
        sys.exit(status)
