"""What the addon needs of Odoo that Odoo promises to nobody: see docs/decisions.md."""

import inspect
from email.policy import EmailPolicy
from smtplib import SMTP

from odoo.models import BaseModel
from odoo.orm.environments import Cache
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import Query

# The addon, and the small ones beside it, which pin their own (`test_odoo_insides_….py`).
OURS = "odoo.addons.bizuno_crm"
# {model: {method of Odoo's: its parameters}}
PINNED = {
    "mail.mail": {
        "_send": (
            "auto_commit", "raise_exception", "smtp_session", "alias_domain_id", "mail_server",
            "post_send_callback",
        ),
        "_prepare_outgoing_list": ("mail_server", "doc_to_followers"),
        "_postprocess_sent_message": (
            "success_pids", "success_emails", "failure_reason", "failure_type",
        ),
        "process_email_queue": ("email_ids", "batch_size"),
        "mark_outgoing": (),
        "_get_tracking_url": (),
    },
    "ir.mail_server": {
        "_connect__": (
            "host", "port", "user", "password", "encryption", "smtp_from", "ssl_certificate",
            "ssl_private_key", "smtp_debug", "mail_server_id", "allow_archived",
        ),
        "_disable_send": (),
        "send_email": (
            "message", "mail_server_id", "smtp_server", "smtp_port", "smtp_user", "smtp_password",
            "smtp_encryption", "smtp_ssl_certificate", "smtp_ssl_private_key", "smtp_debug",
            "smtp_session",
        ),
    },
    "mailing.mailing": {
        "_action_send_mail": ("res_ids",),
        "_get_remaining_recipients": (),
        "_get_seen_list": (),
        "_process_mass_mailing_queue": (),
        "_render_field": (
            "field", "res_ids", "engine", "compute_lang", "res_ids_lang", "set_lang", "add_context",
            "options",
        ),
    },
    "mailing.trace": {
        "set_failed": ("domain", "failure_type"),
        "set_canceled": ("domain",),
        "set_bounced": ("domain", "bounce_message"),
    },
    "mail.thread": {
        "_routing_handle_bounce": ("email_message", "message_dict"),
        "_message_get_default_recipients": ("with_cc", "all_tos"),
        "_message_get_suggested_recipients_batch": (
            "reply_discussion", "reply_message", "no_create", "primary_email",
            "additional_partners",
        ),
    },
    "mail.activity": {"_action_done": ("feedback", "attachment_ids")},
    "mail.compose.message": {
        "_manage_mail_values": ("mail_values_all",),
        "_render_field": ("field", "res_ids", "args", "kwargs"),
        "_render_lang": ("res_ids", "engine"),
    },
    "mail.tracking.duration.mixin": {
        "_get_rotting_depends_fields": (),
        "_get_rotting_domain": (),
    },
    "res.partner": {
        "name_search": ("name", "domain", "operator", "limit"),
        "web_search_read": (
            "domain", "specification", "offset", "limit", "order", "count_limit",
        ),
        "_format_web_search_read_results": (
            "domain", "records", "offset", "limit", "count_limit",
        ),
        "_load_records": ("data_list", "update"),
        "_commercial_fields": (),
        "_company_dependent_commercial_fields": (),
        "_create_contact_parent_company": (),
        "_has_field_access": ("field", "operation"),
    },
    "sale.order": {
        "web_search_read": (
            "domain", "specification", "offset", "limit", "order", "count_limit",
        ),
        "_validate_order": (),
        "_create_invoices": ("grouped", "final", "date"),
        "_prepare_invoice": (),
        "_prepare_down_payment_line_values_from_base_line": ("base_line",),
    },
    "sale.order.line": {"_prepare_invoice_line": ("optional_values",)},
    "account.move": {
        "_sync_dynamic_line_needed_values": ("values_list",),
        "web_search_read": (
            "domain", "specification", "offset", "limit", "order", "count_limit",
        ),
        "_post": ("soft",),
        "_get_alerts": (),
        "_autopost_draft_entries": ("batch_size",),
    },
    "account.move.line": {
        "_get_computed_taxes": (),
        "_sale_create_reinvoice_sale_line": (),
    },
    "account.payment.term.line": {"_get_due_date": ("date_ref",)},
    "account.tax": {"_import_base_line_extra_tax_data": ("base_line", "extra_tax_data")},
    "payment.transaction": {
        "_post_process": (),
        "_check_amount_and_confirm_order": (),
        "_invoice_sale_orders": (),
    },
    "ir.actions.report": {
        "_get_layout": (),
        "_render_qweb_pdf_prepare_streams": ("report_ref", "data", "res_ids"),
    },
    "ir.ui.menu": {"_load_menus_blacklist": ()},
    "sale.order.discount": {"_prepare_global_discount_so_lines": ("base_lines",)},
    "base.partner.merge.automatic.wizard": {
        "_merge": ("partner_ids", "dst_partner", "extra_checks"),
        "_update_values": ("src_partners", "dst_partner"),
        "_update_foreign_keys": ("src_partners", "dst_partner"),
        "_action_next_screen": (),
    },
    "ir.model.fields": {"_get_fields_cached": ("model_name",)},
    "bizuno.project.profit": {
        "_read_group_orderby": ("order", "groupby_terms", "query"),
        "_read_group_select": ("aggregate_spec", "query"),
    },
    "ir.model.access": {"_make_access_error": ("model", "mode")},
    "ir.rule": {
        "_make_access_error": ("operation", "records"),
        "_get_failing": ("for_records", "mode"),
    },
}  # fmt: skip

# Of the models as such: pinned below.
HOOKS = {"_order_field_to_sql", "_read_group", "_read_group_orderby", "_search"}


def parameters_of(function):
    """:return: the names of what a method takes, itself left out"""
    return tuple(inspect.signature(inspect.unwrap(function)).parameters)[1:]


def find_of_odoo(model_cls, name):
    """:return: the method as Odoo's outermost class has it, or None"""
    for cls in model_cls.mro():
        method = cls.__dict__.get(name)
        method = getattr(method, "__func__", method)  # of the class
        if inspect.isfunction(method) and not cls.__module__.startswith(OURS):
            return method
    return None


def takes(own, theirs):
    """:return: whether a method can be called however Odoo calls the one it overrides"""
    mine = inspect.signature(inspect.unwrap(own)).parameters
    kinds = {parameter.kind for parameter in mine.values()}
    has_rest = inspect.Parameter.VAR_KEYWORD in kinds
    positional = [
        name
        for name, parameter in mine.items()
        if parameter.kind == inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    for place, (name, parameter) in enumerate(
        inspect.signature(inspect.unwrap(theirs)).parameters.items()
    ):
        if parameter.kind in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL):
            continue
        if place and name not in mine and not has_rest:
            return False
        if name in positional and positional.index(name) != place:
            return False
    return True


def check_pinned(case, pinned):
    """Odoo's methods are there, and take what they did."""
    for model, methods in pinned.items():
        for name, expected in methods.items():
            with case.subTest(method=f"{model}.{name}"):
                method = find_of_odoo(case.env.registry[model], name)
                case.assertTrue(method, "Odoo has it no more")
                case.assertEqual(parameters_of(method), expected)


def check_overrides(case, addon, pinned):
    """Each override of an addon of ours takes what Odoo's method takes, and private ones are
    pinned.

    :return: how many there are
    """
    compared, wrong, unlisted = set(), set(), set()
    listed = {name for methods in pinned.values() for name in methods}
    for model_cls in case.env.registry.values():
        mro = model_cls.mro()
        for place, cls in enumerate(mro):
            if not cls.__module__.startswith(f"odoo.addons.{addon}."):
                continue
            for name, own in cls.__dict__.items():
                # Odoo's own classes do not agree how its second parameter is named.
                if not inspect.isfunction(own) or name == "_field_to_sql":
                    continue
                for other in mro[place + 1 :]:
                    theirs = other.__dict__.get(name)
                    if inspect.isfunction(theirs) and not other.__module__.startswith(OURS):
                        compared.add((cls, name))
                        if name.startswith("_") and name not in listed | HOOKS:
                            unlisted.add(f"{cls.__module__}.{name}")
                        if not takes(own, theirs):
                            wrong.add(f"{cls.__module__}.{name} {parameters_of(theirs)}")
                        break
    case.assertEqual(sorted(wrong), [])
    case.assertEqual(
        sorted(name for name in unlisted if "._compute_" not in name), [], "not in PINNED"
    )
    return len(compared)


@tagged("post_install", "-at_install")
class TestOdooInsides(TransactionCase):
    def test_odoos_methods_are_as_we_know_them(self):
        check_pinned(self, PINNED)

    def test_the_cache_and_pythons_classes_are_as_we_know_them(self):
        for function, expected in (
            (Cache.update, ("records", "field", "values", "dirty")),
            (BaseModel._field_to_sql, ("alias", "field_expr", "query")),
            (BaseModel._order_field_to_sql, ("alias", "field_name", "direction", "nulls", "query")),
            (
                BaseModel._search,
                ("domain", "offset", "limit", "order", "active_test", "bypass_access"),
            ),
            (
                BaseModel._read_group,
                ("domain", "groupby", "aggregates", "having", "offset", "limit", "order"),
            ),
            (BaseModel._read_group_orderby, ("order", "groupby_terms", "query")),
            (Query.__init__, ("env", "alias", "table")),
            (Query.subselect, ("args",)),
            (EmailPolicy.fold, ("name", "value")),
            (EmailPolicy.fold_binary, ("name", "value")),
            (SMTP.data, ("msg",)),
            (SMTP.getreply, ()),
        ):
            with self.subTest(function=function.__qualname__):
                self.assertEqual(parameters_of(function), expected)

    def test_each_override_takes_what_odoos_method_takes(self):
        self.assertGreater(check_overrides(self, "bizuno_crm", PINNED), 100)


@tagged("post_install", "-at_install")
class TestTakes(BaseCase):
    def test_what_an_override_has_to_take(self):
        def odoo(self, domain, limit=None):
            pass

        for own, expected in (
            (lambda self, domain, limit=None: None, True),
            (lambda self, domain, limit=None, more=None: None, True),
            (lambda self, domain, **options: None, True),
            (lambda self, domain: None, False),
            (lambda self, limit=None, domain=(): None, False),
            (lambda self, domains, limit=None: None, False),
        ):
            self.assertEqual(takes(own, odoo), expected)
