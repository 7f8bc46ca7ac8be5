import inspect
import itertools
import json
import re
import traceback
from pathlib import Path
from unittest.mock import patch

import psycopg2
from odoo import Command, http
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models.contact.bizuno_contact_role_mixin import GROUPS_OF_ROLE
from ..models.terms.bizuno_account_rights_mixin import GROUPS_OF_FIELD
from .common import BizunoCommon

HUGE = 10**18
SQL_TEXT = "'; DROP TABLE res_partner; --"
# What somebody may send in the place of an argument.
FORGED = (None, True, HUGE, SQL_TEXT, [], {}, [["id", "=", 1]])
# The protocol of the ORM: what these take is Odoo's to judge, not ours.
TAKES_VALUES = ("create", "write", "copy_data")
# What comes from Odoo's own code, with or without this addon: it wants an entry, a specification,
# an address, an operator.
ODOOS_OWN = {
    ("account.move.line", "create"): KeyError,
    ("bizuno.aged.customer", "web_search_read"): AttributeError,
    ("mail.blacklist", "create"): KeyError,
    ("mail.thread", "message_process"): AttributeError,
    ("payment.transaction", "create"): KeyError,
    ("res.partner", "name_search"): AttributeError,
    ("res.partner", "web_search_read"): AttributeError,
    ("sale.order", "web_search_read"): AttributeError,
    ("account.move", "web_search_read"): AttributeError,
}
# Stands in names and texts of another company; nobody here may ever read it.
SECRET = "SECRET-7Q41"
# Stands in our records of the own company; only who has rights of ours may read it.
INTERNAL = "INTERNAL-3X09"
# Stands in what is about a customer of the own company, who is another rep's.
HIDDEN = "HIDDEN-5K22"

# Who else than the portal user, a user without any right of ours and a rep is no stranger.
PEOPLE = {
    "portal": "base.group_portal",
    "nobody": "base.group_user",
    "rep": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
    "own": "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
    "bizuno_crm.group_own_contacts_only",
}
# And whoever is not logged in, though no remote call is made as such.
CALLERS = (*PEOPLE, "public")
# Who else than a rep of all customers has a text to keep away from.
SECRETS = {"rep": [SECRET], "own": [SECRET, HIDDEN]}
# What may have changed something: only then there is something to look for.
WRITES = re.compile(r"\b(insert|update|delete|merge|truncate|copy|create|alter|drop)\b", re.I)

# What nobody of these may change by any call. The database is asked, whatever the ORM thinks.
GUARDED = {
    "accounts": """
        SELECT id, credit_limit, property_payment_term_id, bizuno_terms_written,
               account_restriction, account_status_reason, tax_exempt, tax_exempt_certificate,
               tax_exempt_expiration,
               specific_property_product_pricelist, property_income_account_id, default_tax_id,
               employee, contact_id_conflict
          FROM res_partner WHERE id <= %(last_partner)s ORDER BY id""",
    "contacts of the other company": """
        SELECT * FROM res_partner WHERE company_id = %(other)s ORDER BY id""",
    "log": """
        SELECT id, user_id, date, company_id FROM bizuno_contact_log WHERE id <= %(last_log)s
         ORDER BY id""",
    "project numbers": """
        SELECT id, number FROM bizuno_project WHERE id <= %(last_project)s ORDER BY id""",
    "promotions": "SELECT id, name, active, user_id, company_id FROM bizuno_promo ORDER BY id",
    "sends of promotions": "SELECT * FROM bizuno_promo_history ORDER BY id",
    "ledger of promotions": "SELECT * FROM bizuno_promo_recipient ORDER BY id",
    "approvals": "SELECT * FROM bizuno_credit_approval ORDER BY id",
    "vocabulary": """
        SELECT id, code, name::text FROM bizuno_action_code
         UNION ALL SELECT id, code, name::text FROM bizuno_market
         UNION ALL SELECT id, code, name::text FROM bizuno_project_stage ORDER BY 1, 2""",
    "policies": "SELECT id, credit_policy, credit_scope, aging_reps_see_own FROM res_company",
    "rights": "SELECT * FROM res_groups_users_rel ORDER BY 1, 2",
    "other company": """
        SELECT id, name, user_id::text FROM bizuno_project WHERE company_id = %(other)s
         UNION ALL SELECT id, name, active::text FROM bizuno_reminder WHERE company_id = %(other)s
         UNION ALL SELECT id, notes, date::text FROM bizuno_contact_log WHERE company_id = %(other)s
         ORDER BY 1, 2""",
}  # fmt: skip
# Who has no right of ours changes nothing that is ours, be it new or not.
GUARDED_FROM_STRANGERS = {
    table: f"SELECT * FROM {table} ORDER BY id"  # noqa: S608  (constants)
    for table in ("bizuno_contact_log", "bizuno_project", "bizuno_reminder", "mail_activity")
} | {"roles": "SELECT id, role_lead, role_branch, newsletter, ref FROM res_partner ORDER BY id"}
# Nor does a rep whom Own Contacts Only restricts, of what is about a customer of somebody else.
# An order of it may be theirs to copy, from which Odoo counts customers.
GUARDED_FROM_OTHERS = {
    f"{table} of a hidden customer": f"""
        SELECT * FROM {table} WHERE partner_id = %(hidden)s ORDER BY id"""  # noqa: S608  (constants)
    for table in ("bizuno_contact_log", "bizuno_project", "bizuno_reminder")
} | {
    "hidden customer": """
        SELECT id, name, email, phone, user_id, parent_id, ref, active, comment, newsletter,
               role_lead, role_branch
          FROM res_partner WHERE id = %(hidden)s"""
}


class _Undo(Exception):
    """Ends the savepoint of a call that went through."""


def _subclasses(cls):
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)


class Hostile(BizunoCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_strangers("hostile", PEOPLE)
        cls.people["public"] = cls.env.ref("base.public_user")
        cls.mine = cls._furnish(cls.env.company, INTERNAL, "Harbour", HIDDEN)
        cls.theirs = cls._furnish(cls.other, SECRET, SECRET)
        cls.env.flush_all()
        cls.env.cr.execute(
            "SELECT (SELECT max(id) FROM res_partner), (SELECT max(id) FROM bizuno_contact_log),"
            " (SELECT max(id) FROM bizuno_project)"
        )
        last = cls.env.cr.fetchone()
        cls.bounds = dict(zip(("last_partner", "last_log", "last_project"), last, strict=True))
        cls.bounds["other"] = cls.other.id
        cls.bounds["hidden"] = cls.mine["res.partner"]

    @classmethod
    def _furnish(cls, company, text, name, hidden=""):
        """:return: {model: a record in the company}, whose texts say whose they are, and whether
        they are about the customer"""
        about = f"{text} {hidden}".strip()
        env = cls.env(su=True, context={"allowed_company_ids": company.ids})
        owner = cls.env.ref("base.user_admin")
        partner = env["res.partner"].create({
            "name": f"{name} {company.id}", "company_id": company.id, "role_customer": True,
            "role_lead": True, "email": f"{name}@example.com", "credit_limit": 500.0,
            "account_status": "hold", "account_status_reason": about, "tax_exempt": True,
            "tax_exempt_certificate": about, "newsletter": True, "user_id": owner.id,
        })  # fmt: skip
        action = env.ref("bizuno_crm.action_code_ret")
        project = env["bizuno.project"].create(
            {"name": about, "partner_id": partner.id, "notes": about, "user_id": owner.id}
        )
        entry = env["bizuno.contact.log"].create(
            {"partner_id": partner.id, "action_id": action.id, "notes": about}
        )
        reminder = env["bizuno.reminder"].create(
            {"name": about, "partner_id": partner.id, "user_id": owner.id, "note": about}
        )
        order = env["sale.order"].create({"partner_id": partner.id, "note": text})
        approval = env["bizuno.credit.approval"].create(
            {"order_id": order.id, "amount": 12.0, "reason": about}
        )
        promo = env["bizuno.promo"].create({
            "name": text, "subject": text, "body_html": f"<p>{text}</p>",
            "email_from": "a@example.com", "distribution": "all",
        })  # fmt: skip
        history = env["bizuno.promo.history"].create({"promo_id": promo.id, "user_id": owner.id})
        recipient = env["bizuno.promo.recipient"].create({
            "promo_id": promo.id, "history_id": history.id, "email": f"{text}@example.com",
            "partner_id": partner.id,
        })  # fmt: skip
        move = cls.init_invoice(
            "out_invoice", partner=partner, amounts=[77.0], post=True, company=company,
            invoice_date="2025-01-01",
        )  # fmt: skip
        move.ref = text
        bill = cls.init_invoice(
            "in_invoice", partner=partner, amounts=[55.0], post=True, company=company,
            invoice_date="2025-01-01",
        )  # fmt: skip
        bill.ref = text
        mailing = env["mailing.mailing"].create({
            "subject": text, "bizuno_promo_history_id": history.id, "is_bizuno_literal": True,
            "mailing_model_id": env["ir.model"]._get_id("bizuno.promo.recipient"),
        })  # fmt: skip
        env.flush_all()
        records = (
            partner, project, entry, reminder, order, approval, promo, history, recipient, move,
            mailing, action, company, owner,
            env["bizuno.market"].search([], limit=1),
            env["bizuno.project.stage"].search([], limit=1),
            env["mail.activity"].search([], limit=1),
            *(
                env[model].search([("partner_id", "=", partner.id)], limit=1)
                for model in (
                    "bizuno.aged.receivable", "bizuno.aged.customer", "bizuno.customer.history",
                    "bizuno.rep.sales", "bizuno.aged.payable", "bizuno.aged.vendor",
                    "bizuno.vendor.history",
                )
            ),
            env["bizuno.log.action"].create({"partner_id": partner.id}),
            env["bizuno.contact.id.assign"].create({"partner_ids": partner.ids}),
            env["bizuno.reminder.snooze"].create({"reminder_ids": reminder.ids}),
            env["bizuno.project.close"].create({"project_id": project.id}),
            env["bizuno.terms.wizard"].create({"partner_id": partner.id}),
            env["bizuno.account.status.wizard"].create(
                {"partner_id": partner.id, "reason": text, "status": "locked"}
            ),
            env["bizuno.credit.approval.wizard"].create({
                "res_model": "sale.order", "res_id": order.id, "amount": 9.0, "reason": text,
            }),
            env["bizuno.aged.receivable.report"].create({}),
            env["bizuno.aged.payable.report"].create({}),
            env["bizuno.project.portfolio"].create({}),
            env["bizuno.aging.activity"].create({"partner_ids": partner.ids}),
            env["bizuno.statement"].create({"partner_ids": partner.ids}),
            (convert := env["bizuno.lead.convert"].create({"lead_ids": partner.ids})),
            convert.line_ids[:1],
        )  # fmt: skip
        return {record._name: record.id for record in records}

    def _fingerprint(self, queries):
        """:return: {name: a checksum of what its query finds}, in one query"""
        self.env.flush_all()
        parts = " UNION ALL ".join(
            f"SELECT '{name}', md5(string_agg(found::text, '|')) FROM ({query}) found"  # noqa: S608
            for name, query in queries.items()
        )
        self.env.cr.execute(parts, self.bounds)
        return dict(self.env.cr.fetchall())


@tagged("post_install", "-at_install")
class TestHostileCalls(Hostile):
    """Everything of ours that a remote call reaches, with forged ids, arguments and context keys:
    refused in words, or harmless."""

    takes_minutes = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tried = set()

    def setUp(self):
        super().setUp()
        guarded = {"rep": {}, "own": GUARDED_FROM_OTHERS}
        self.queries = {
            name: {**GUARDED, **guarded.get(name, GUARDED_FROM_STRANGERS)} for name in CALLERS
        }
        self.before = {name: self._fingerprint(self.queries[name]) for name in CALLERS}
        self.addCleanup(
            setattr, self.env.transaction, "default_env", self.env.transaction.default_env
        )
        self.written = False
        self.patch(self.env.cr, "execute", self._watch_writes(self.env.cr.execute))

    def _watch_writes(self, execute):
        def watched(query, *args, **kwargs):
            text = getattr(query, "code", query)
            text = text.decode() if isinstance(text, bytes) else str(text)
            self.written = self.written or bool(WRITES.search(text))
            return execute(query, *args, **kwargs)

        return watched

    # --- what there is ---------------------------------------------------------------------------

    def _our_methods(self):
        """:return: [(model, name)] of every public method that a class of this addon defines"""
        found = set()
        odoos_mixins = {
            model
            for model, cls in self.env.registry.items()
            if cls._abstract and not model.startswith("bizuno.")
        }
        for model, cls in self.env.registry.items():
            # A mixin has no rows, and its methods are those of each model that inherits it.
            if cls._abstract and model.endswith(".mixin"):
                continue
            for base in cls.mro():
                if not base.__module__.startswith("odoo.addons.bizuno_crm."):
                    continue
                # What we add to one of Odoo's mixins is tried there.
                if base._name != model and base._name in odoos_mixins:
                    continue
                for name, value in vars(base).items():
                    # Odoo lets nobody call these.
                    if name.startswith("_") or name in ("init", "search_fetch"):
                        continue
                    if not callable(getattr(cls, name, None)):
                        continue
                    if isinstance(value, (type, property)):
                        continue
                    if not getattr(value, "_api_private", False):
                        found.add((model, name))
        return sorted(found)

    def _our_context_keys(self):
        """Every context key that the addon's code reads."""
        keys = set()
        for path in Path(inspect.getfile(Hostile)).parents[1].rglob("*.py"):
            if "tests" not in path.parts:
                text = path.read_text()
                keys |= set(re.findall(r"context(?:\.get\(|\[)\"(\w+)\"", text))
        self.assertLessEqual({"aged_at", "rows_narrowed", "bizuno_promo_id"}, keys)
        return sorted(keys)

    def _forged_contexts(self):
        keys = self._our_context_keys()
        defaults = {f"default_{name}": 1 for name in (*GROUPS_OF_FIELD, *GROUPS_OF_ROLE)}
        defaults |= {
            "default_user_id": 1, "default_date": "2001-01-01", "default_number": "P1",
            "default_contact_id_conflict": True, "default_newsletter_date": "2001-01-01",
            "default_bizuno_reminder_id": self.theirs["bizuno.reminder"],
            "default_company_id": self.other.id, "default_partner_id": self.theirs["res.partner"],
            "default_res_model": "sale.order", "default_res_id": self.theirs["sale.order"],
        }  # fmt: skip
        like_superuser = dict.fromkeys(
            ("su", "sudo", "superuser", "install_mode", "import_file", "mail_notrack",
             "tracking_disable", "force_company", "active_test"), True,
        )  # fmt: skip
        return [
            dict.fromkeys(keys, SQL_TEXT),
            dict.fromkeys(keys, HUGE),
            dict.fromkeys(keys, [["id", "=", 1], {"x": 1}]),
            dict.fromkeys(keys, {"x": SQL_TEXT}),
            {**dict.fromkeys(keys, self.theirs["res.partner"]), "aged_at": "2030-01-01"},
            {**like_superuser, "uid": 1},
            defaults,
            {**defaults, "default_res_id": SQL_TEXT, "default_res_model": ["x"],
             "default_partner_id": SQL_TEXT},
            {"allowed_company_ids": [self.other.id]},
            {"allowed_company_ids": [self.env.company.id, self.other.id]},
            {"bizuno_promo_id": self.theirs["bizuno.promo"]},
        ]  # fmt: skip

    def _arguments(self, model, name, forged=None):
        """Positional arguments for a method, all of them `forged`."""
        method = getattr(type(self.env[model]), name)
        count = sum(
            parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
            for parameter in list(inspect.signature(method).parameters.values())[1:]
        )
        if name in TAKES_VALUES:
            return [forged if isinstance(forged, dict) else {}]
        if name == "default_get":
            return [list(self.env[model]._fields)]
        return [forged] * count

    # --- calling ---------------------------------------------------------------------------------

    def _call(self, who, model, name, args, context=None):
        """One remote call, undone afterwards.

        :return: what is wrong with its outcome, or None
        """
        env = self.env(user=self.people[who], su=False, context={})
        where = f"{model}.{name}{args!r} by {who} with {context or {}}"[:400]
        problem = None
        muted = mute_logger("odoo.sql_db", "odoo.tools.mail")
        try:
            with muted, self.env.cr.savepoint(flush=False):
                self.written = False
                self.env.transaction.default_env = env
                result = call_kw(env[model], name, args, {"context": context or {}})
                env.flush_all()
                problem = self._find_leak(who, result)
                problem = problem or (self.written and self._find_change(who)) or None
                raise _Undo
        except Exception as error:  # noqa: BLE001  (whatever comes is what is judged here)
            if not isinstance(error, (_Undo, ODOOS_OWN.get((model, name), _Undo))):
                problem = self._find_fault(who, error)
        finally:
            self.env.transaction.default_env = self.env
            # As a call over HTTP does, the next one begins with nothing read.
            self.env.cr.clear()
        return problem and (f"{model}.{name}: {problem}"[:90], f"{where}: {problem}")

    def _remember_refusals(self):
        """The text of a refusal takes longer than the refusal: worked out once for each."""
        access, texts = self.registry["ir.model.access"], {}
        make = access._make_access_error

        def remembered(self, model, mode):
            key = model, mode, self.env.uid, self.env.lang
            if key not in texts:
                texts[key] = str(make(self, model, mode))
            return AccessError(texts[key])

        return patch.object(access, "_make_access_error", remembered)

    def _find_fault(self, who, error):
        """Errors that Odoo shows as a message to the user are what we want; so are its own words
        for values of a wrong type. Anything else has come through from below."""
        if isinstance(error, (UserError, RedirectWarning, psycopg2.IntegrityError)):
            # Odoo names what belongs to another company, on every model alike.
            if "company inconsistencies" in str(error):
                return None
            return self._find_leak(who, str(error))
        if isinstance(error, ValueError) and "Expected singleton" in str(error):
            return None
        frames = traceback.extract_tb(error.__traceback__)
        ours = "/bizuno_crm/" in frames[-1].filename
        if isinstance(error, (TypeError, ValueError, AssertionError)) and not ours:
            return None
        lines = [f"{frame.filename.split('/')[-1]}:{frame.lineno}" for frame in frames[-4:]]
        return f"{type(error).__name__}: {error} ({', '.join(lines)})"

    def _find_leak(self, who, result):
        text = result if isinstance(result, str) else json.dumps(result, default=str)
        secrets = SECRETS.get(who, [SECRET, INTERNAL])
        return next((f"tells {secret}: {text[:300]}" for secret in secrets if secret in text), None)

    def _find_change(self, who):
        after, before = self._fingerprint(self.queries[who]), self.before[who]
        return next((f"changes {name}" for name in before if after[name] != before[name]), None)

    def _assert_harmless(self, calls):
        # A method of the model takes no ids, another no arguments: each different call once.
        different = {repr(call): call for call in calls}
        for known in self.tried & different.keys():
            del different[known]
        self.tried |= different.keys()
        with self._remember_refusals():
            found = (problem for call in different.values() if (problem := self._call(*call)))
            problems = dict(found)
        if problems:
            self.fail(f"{len(problems)} kinds of calls:\n" + "\n".join(problems.values()))

    def _with_ids(self, model, name, ids, args):
        """Methods of the model, and not of records, take no ids."""
        method = getattr(type(self.env[model]), name)
        return args if getattr(method, "_api_model", False) else [ids, *args]

    # --- the tests -------------------------------------------------------------------------------

    def test_methods_are_found(self):
        """The search for them is not blind."""
        methods = self._our_methods()
        for known in (
            ("bizuno.dashboard", "get_data"), ("res.partner", "log_contact_action"),
            ("sale.order", "action_approve_credit"), ("account.move", "action_approve_credit"),
            ("bizuno.reminder", "action_snooze_to"), ("res.users", "action_archive"),
            ("mail.thread", "message_process"),
        ):  # fmt: skip
            self.assertIn(known, methods)
        for model, name in methods:
            self.assertTrue(get_public_method(self.env[model], name))
        self.assertNotIn(("res.partner", "_get_credit_positions"), methods)

    def test_forged_ids(self):
        self._assert_harmless(
            (who, model, name, self._with_ids(model, name, ids, self._arguments(model, name)))
            for who in CALLERS
            for model, name in self._our_methods()
            for ids in ([self.theirs.get(model, HUGE)], [HUGE], [])
        )

    def test_forged_arguments(self):
        self._assert_harmless(
            (who, model, name, self._with_ids(model, name, ids, args))
            for who in CALLERS
            for model, name in self._our_methods()
            for ids in ([self.mine.get(model, HUGE)],)
            for args in self._forged_arguments(who, model, name)
        )

    def _forged_arguments(self, who, model, name):
        found = []
        for forged in FORGED if who == "rep" else FORGED[:2]:
            args = self._arguments(model, name, forged)
            if args not in found:
                found.append(args)
        # too few, too many
        return [*found, [], [*found[0], None, None, None, None, None]]

    def test_forged_context(self):
        contexts = self._forged_contexts()
        self._assert_harmless(
            (who, model, name, self._with_ids(model, name, ids, args), context)
            for who in CALLERS
            for model, name in self._our_methods()
            for ids in ([self.mine.get(model, HUGE)],)
            for args in ([self._arguments(model, name)])
            # Strangers come no further than to the first question.
            for context in (contexts if who == "rep" else contexts[::3])
        )

    def test_forged_values_of_every_field_of_ours(self):
        """What a rep may write at all is still no way to make the server stumble."""
        calls = []
        for model, res_id in self.mine.items():
            for name, field in self.env[model]._fields.items():
                if "bizuno_crm" not in field._modules or name in ("id", "display_name"):
                    continue
                if model in ("res.company", "res.users"):
                    continue  # Odoo's own rights keep reps away from those altogether
                values = [SQL_TEXT, {"x": 1}]
                if field.relational:  # of anything but ids Odoo makes wrong SQL by itself
                    values = [10**9, self.theirs.get(field.comodel_name, 1)]
                    if field.type != "many2one":
                        values = [[Command.link(one)] for one in values]
                calls += [("rep", model, "write", [[res_id], {name: value}]) for value in values]
                if not self.env[model]._transient:
                    named = {self.env[model]._rec_name or "name": "x"}
                    calls.append(("rep", model, "create", [{**named, name: values[-1]}]))
        self._assert_harmless(calls)

    def test_odoos_own_methods_on_our_models(self):
        """What every model has by nature, on records of another company and on records that the
        user has no right to."""
        calls = []
        for model in self.theirs:
            if not model.startswith("bizuno."):
                continue
            names = [name for name, field in self.env[model]._fields.items() if not field.groups]
            specification = {name: {} for name in names if name != "id"}
            for ids in ([self.theirs[model]], [self.mine[model]]):
                record_calls = (
                    ("read", [ids, names]),
                    ("web_read", [ids, specification]),
                    ("export_data", [ids, names]),
                    ("copy", [ids]),
                    ("unlink", [ids]),
                    ("search_read", [[("id", "in", ids)], ["display_name"]]),
                    ("search_count", [[("id", "in", ids)]]),
                    ("name_search", ["", [("id", "in", ids)]]),
                    ("formatted_read_group", [[("id", "in", ids)], [], ["__count"]]),
                    ("onchange", [[], {"display_name": "x"}, ["display_name"], specification]),
                )
                for who in CALLERS:
                    if ids == [self.mine[model]] and who == "rep":
                        continue
                    calls += [(who, model, name, args) for name, args in record_calls]
        self._assert_harmless(calls)


@tagged("post_install", "-at_install")
class TestHostileRequests(Hostile, HttpCase):
    """Our pages and downloads, for whoever asks."""

    ROUTES = {
        "/bizuno_crm/aged_receivable/<int:report_id>.xlsx",
        "/bizuno_crm/aged_payable/<int:report_id>.xlsx",
        "/bizuno_crm/project_profit/<int:project_id>.xlsx",
        "/bizuno_crm/project_portfolio/<int:report_id>.xlsx",
        "/bizuno/promotion/test",
        "/my/newsletter",
        # test_contacts_list.py
        "/bizuno_crm/contacts/<int:export_id>.csv",
        # test_statement_portal.py
        "/my/statement",
        "/my/statement/pdf",
    }

    def test_every_route_of_ours_is_tested_here(self):
        found = set()
        for controller in _subclasses(http.Controller):
            if not controller.__module__.startswith("odoo.addons.bizuno_crm."):
                continue
            for name, method in vars(controller).items():
                routing = getattr(method, "original_routing", None)
                if routing:
                    found |= set(routing["routes"])
                    # What the link of a test message says, it says to everybody.
                    expected = "public" if name == "promotion_test" else "user"
                    self.assertEqual(routing["auth"], expected, name)
        self.assertEqual(found, self.ROUTES)

    def test_the_download_is_for_whoever_set_it_up(self):
        for who, side in itertools.product(PEOPLE, ("receivable", "payable")):
            theirs, mine = (kit[f"bizuno.aged.{side}.report"] for kit in (self.theirs, self.mine))
            self.authenticate(f"hostile_{who}", f"hostile_{who}")
            for report_id in (theirs, mine, 0, 10**9, 10**30, "x", "-1"):
                with mute_logger("odoo.http"):
                    answer = self.url_open(f"/bizuno_crm/aged_{side}/{report_id}.xlsx")
                self.assertIn(answer.status_code, (403, 404), (who, side, report_id))
                self.assertNotIn(SECRET, answer.text)
                self.assertNotIn(INTERNAL, answer.text)

    def test_the_profit_of_a_project_is_for_who_may_see_it(self):
        theirs, mine = self.theirs["bizuno.project"], self.mine["bizuno.project"]
        for who in PEOPLE:
            self.authenticate(f"hostile_{who}", f"hostile_{who}")
            for project_id in (theirs, mine, 0, 10**9, "x", "-1"):
                with mute_logger("odoo.http"):
                    answer = self.url_open(f"/bizuno_crm/project_profit/{project_id}.xlsx")
                self.assertIn(answer.status_code, (403, 404), (who, project_id))
                self.assertNotIn(SECRET, answer.text)
                # a rep knows the names of projects
                if who != "rep":
                    self.assertNotIn(INTERNAL, answer.text)

    def test_the_portfolio_is_for_whoever_set_it_up(self):
        theirs, mine = (kit["bizuno.project.portfolio"] for kit in (self.theirs, self.mine))
        for who in PEOPLE:
            self.authenticate(f"hostile_{who}", f"hostile_{who}")
            for report_id in (theirs, mine, 0, 10**9, "x", "-1"):
                with mute_logger("odoo.http"):
                    answer = self.url_open(f"/bizuno_crm/project_portfolio/{report_id}.xlsx")
                self.assertIn(answer.status_code, (403, 404), (who, report_id))
                self.assertNotIn(SECRET, answer.text)
                self.assertNotIn(INTERNAL, answer.text)

    def test_without_a_login_there_is_a_login_page(self):
        self.authenticate(None, None)
        report_id = self.mine["bizuno.aged.receivable.report"]
        project_id = self.mine["bizuno.project"]
        for url in (
            f"/bizuno_crm/aged_receivable/{report_id}.xlsx",
            f"/bizuno_crm/project_profit/{project_id}.xlsx",
            "/my/newsletter",
        ):
            answer = self.url_open(url)
            self.assertIn("/web/login", answer.url)

    def test_the_newsletter_page_takes_no_forged_post(self):
        self.authenticate("hostile_portal", "hostile_portal")
        own = self.people["portal"].partner_id
        with mute_logger("odoo.http"):
            answer = self.url_open("/my/newsletter", data={"newsletter": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(own.newsletter)
        token = http.Request.csrf_token(self)
        answer = self.url_open(
            "/my/newsletter",
            data={"csrf_token": token, "partner_id": self.mine["res.partner"], "credit_limit": "9"},
        )
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(self.env["res.partner"].browse(self.mine["res.partner"]).newsletter)
