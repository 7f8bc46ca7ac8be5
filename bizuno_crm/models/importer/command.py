"""What the command `bizuno_import` does, once Odoo and the addon are loaded."""

import base64
import json

from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import messages
from ...logic.bizuno_dump.ledger import RULES
from .proposals import MODELS, OPENING_DOMAIN, get_domain

#: What the map calls the kinds of choices, and the field by which it names what is chosen.
_NAMES = {
    "user": ("users", "login"),
    "account": ("accounts", "code"),
    "tax": ("taxes", "name"),
    "store": ("stores", "name"),
    "pricelist": ("pricelists", "name"),
}


def bring_over(env, options, out):
    """Each step is a transaction: a run that was interrupted goes on if it is called again with the
    same file.

    :param options: what the command was given
    :param out: text file for the report
    :return: the exit status
    """

    def open_file():
        return options.path.open("rb")

    try:
        company = env["res.company"].browse(options.company or env.company.id).exists()
        if not company:
            raise UserError(env._("There is no company with this ID: leave out --company."))
        runs = env["bizuno.import.run"].with_company(company)
        bizuno_company = runs._read_company(open_file)
        proposals = runs._get_proposals(bizuno_company)
        if options.map and not options.map.exists():
            options.map.write_text(_as_map(runs, proposals), encoding="utf-8")
            out.write(
                env._(
                    "%(file)s has been written: review it, then run the command again.",
                    file=options.map,
                )
            )
            out.write("\n")
            return 2
        mapping, account, rule = _Map(runs, options.map).choose(proposals)
        run = runs._bring_over_now(
            bizuno_company,
            options.path.name,
            open_file,
            mapping,
            is_trial=options.dry_run,
            account=account,
            rule=rule,
            overwrite=options.overwrite,
        )
    except (UserError, OSError) as error:
        out.write(f"{error}\n")
        return 2
    if run.state not in ("done", "trial"):
        out.write(f"{run.failure or run.state}\n")
        return 2
    for step, count in run.counts.items():
        numbers = ", ".join(f"{name} {number}" for name, number in count.items() if number)
        out.write(f"{step}: {numbers or 0}\n")
    out.write(f"problems: {run.problem_count}, rows left out: {run.left_out_count}\n")
    if options.report:
        try:
            options.report.write_bytes(base64.b64decode(run.sheet))
        except OSError as error:
            # It has come over all the same, and the report is kept here.
            out.write(f"{error}\n")
    return 1 if run.left_out_count else 0


def _as_map(runs, proposals):
    """:return: the text of a map with what is proposed"""
    chosen = {"opening_account": runs._get_opening_account().code or None, "due_rule": "own_rule"}
    for kind, (name, field) in _NAMES.items():
        records = runs.env[MODELS[kind]].sudo().with_company(runs.env.company)
        chosen[name] = {
            code: records.browse(id_)[field] if id_ else None
            for code, (id_, _is_remembered) in proposals[kind].items()
        }
    return json.dumps(chosen, indent=1, ensure_ascii=False) + "\n"


class _Map:
    """What is chosen for a run, as the command's file says it.

    :param runs: `bizuno.import.run`, with the company to move into
    :param path: of the file, or None: what is proposed
    """

    def __init__(self, runs, path):
        self.runs, self.env, self.path = runs, runs.env, path

    def choose(self, proposals):
        """
        :return: (mapping, account, rule) as the run takes them
        :raise UserError: the file is no map, or names what is not here
        """
        chosen = self._get_content()
        mapping = {
            kind: {code: id_ for code, (id_, _is_remembered) in codes.items()}
            for kind, codes in proposals.items()
        }
        for kind, (name, field) in _NAMES.items():
            for code, word in (chosen.pop(name, None) or {}).items():
                mapping[kind][code] = self._find(kind, field, word, name).id
        account = self.runs._get_opening_account()
        if "opening_account" in chosen:
            code = chosen.pop("opening_account")
            account = self._find("account", "code", code, "opening_account", OPENING_DOMAIN)
        rule = chosen.pop("due_rule", None) or RULES[0]
        if rule not in RULES:
            raise self._wrong("due_rule")
        if chosen:
            raise self._wrong(next(iter(chosen)))
        return mapping, account, rule

    def _get_content(self):
        try:
            chosen = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (ValueError, RecursionError) as error:
            raise self._wrong(error) from error
        if not isinstance(chosen, dict):
            raise self._wrong(type(chosen).__name__)
        for name, _field in _NAMES.values():
            if not isinstance(chosen.get(name) or {}, dict):
                raise self._wrong(name)
        return chosen

    def _wrong(self, what):
        return UserError(messages.import_map_wrong(self.env, self.path.name, what))

    def _find(self, kind, field, word, name, domain=()):
        """:return: what a word of the map names, empty for none"""
        records = self.env[MODELS[kind]].sudo().with_company(self.env.company)
        if not word:
            return records
        if not isinstance(word, str):
            raise self._wrong(name)
        domain = Domain(get_domain(kind, self.env.company)) & Domain([*domain, (field, "=", word)])
        if not (record := records.search(domain, limit=1)):
            raise UserError(
                self.env._(
                    "There is no %(kind)s %(word)s here: correct the map.",
                    kind=dict(messages.import_choice_kinds(self.env))[kind],
                    word=word,
                )
            )
        return record
