import base64
import json
import logging
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

_logger = logging.getLogger(__name__)


class BizunoImport(Command):
    """Move a company over from Bizuno: the same as Configuration / Move from Bizuno, for files that
    are too large to upload.

    Exit status: 0 all rows have come over, 1 some rows were left out, 2 not run.
    """

    name = "bizuno_import"

    def run(self, args):
        self.parser.add_argument("-c", "--config", help="a configuration file of Odoo")
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument(
            "path", type=Path, help="a dump, plain or packed with gzip, or the contacts as CSV"
        )
        self.parser.add_argument("--company", type=int, help="id of the company to move into")
        self.parser.add_argument(
            "--map",
            type=Path,
            help='JSON: {"users": {"user of Bizuno": "login here"}, "opening_account": "code", '
            '"due_rule": "own_rule" or "reference_rule"}',
        )
        self.parser.add_argument("--dry-run", action="store_true", help="take everything back")
        self.parser.add_argument("--report", type=Path, help="where to write the problems (.xlsx)")
        options = self.parser.parse_args(args)
        given = ["--no-http", "-d", options.database]
        config.parse_config(
            [*given, *(["-c", options.config] if options.config else [])], setup_logging=True
        )
        with Registry(options.database).cursor() as cr:
            status = bring_over(api.Environment(cr, SUPERUSER_ID, {}), options, sys.stdout)
        sys.exit(status)


def bring_over(env, options, out):
    """
    :param options: what the command was given
    :param out: text file for the report
    :return: the exit status
    """
    try:
        company = env["res.company"].browse(options.company or env.company.id).exists()
        if not company:
            raise UserError(env._("There is no company with this id: leave --company out."))
        runs = env["bizuno.import.run"].with_company(company)
        found = runs._read_company(lambda: options.path.open("rb"))
        mapping, account, rule = _mapping(runs, runs._get_user_proposals(found), options.map)
        run = runs._bring_over(
            found,
            options.path.name,
            lambda: options.path.open("rb"),
            mapping,
            is_trial=options.dry_run,
            account=account,
            rule=rule,
        )
    except (UserError, OSError, ValueError) as error:
        out.write(f"{error}\n")
        return 2
    for step, count in run.counts.items():
        numbers = ", ".join(f"{name} {number}" for name, number in count.items() if number)
        out.write(f"{step}: {numbers or 0}\n")
    out.write(f"problems: {run.problem_count}, rows left out: {run.left_out_count}\n")
    if options.report:
        options.report.write_bytes(base64.b64decode(run.sheet))
    return 1 if run.left_out_count else 0


def _mapping(runs, proposals, path):
    env = runs.env
    chosen = json.loads(path.read_text()) if path else {}
    logins = chosen.get("users", {})
    users = env["res.users"].search_fetch([("login", "in", [*logins.values()])], ["login"])
    known = {user.login: user.id for user in users}
    if missing := [login for login in logins.values() if login not in known]:
        raise UserError(
            env._("Nobody has the login %(login)s here: correct the map.", login=missing[0])
        )
    account, code = env["account.account"], chosen.get("opening_account")
    if code and not (account := account.search([("code", "=", code)], limit=1)):
        raise UserError(env._("There is no account %(code)s here: correct the map.", code=code))
    mapping = proposals | {user: known[login] for user, login in logins.items()}
    return mapping, account, chosen.get("due_rule", "own_rule")
