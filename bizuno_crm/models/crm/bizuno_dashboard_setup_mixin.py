from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ... import messages
from ...logic import terms

# A step is counted up to here; past it its sentence says "more than".
MOST = 1000
_MANAGER = "bizuno_crm.group_manager"


class Step(NamedTuple):
    """One of the first steps."""

    #: who can take it
    group: str
    #: each company takes it for itself; its branches do not
    is_of_company: bool = False
    #: the setting's id on the page of the settings, for the steps that lead there
    setting: str = ""
    #: external id of the action that the step leads to
    action: str = ""


# In the order in which they are taken.
STEPS = {
    "defaults": Step("base.group_system", True, setting="contact_default_terms"),
    "conflicts": Step(_MANAGER, action="bizuno_crm.res_partner_action_conflicts"),
    "contact_ids": Step(_MANAGER),
    # to whom Odoo shows limits
    "limits": Step("account.group_account_invoice", True),
    "policies": Step("base.group_system", True, setting="credit_policy"),
    "approvers": Step("base.group_erp_manager", action="base.action_res_users"),
    "readers": Step("base.group_system", True, setting="aging_reps_see_own"),
    "mail_server": Step("base.group_system", action="base.action_ir_mail_server_list"),
}


class BizunoDashboardSetupMixin(models.AbstractModel):
    """What is left to be done after the installation, for those who can do it."""

    _name = "bizuno.dashboard.setup.mixin"
    _description = "First Steps on the Dashboard"

    @api.model
    def _has_setup_steps(self):
        """:return: True as long as a first step of the user's is neither done nor skipped; None
        for all others, who pay nothing for it"""
        own = self._get_own_setup_codes()
        return bool(own and not self._get_settled_setup_codes().issuperset(own)) or None

    @api.model
    def get_setup_steps(self):
        """What is left to be done after the installation. Where the data show that all of it is
        done, it is written down and not looked at again.

        :return: [{"code", "title", "text", "is_done", "setting", "action"}], empty when nothing is
            left, or for who can do nothing about it
        """
        steps = self._get_setup_steps()
        if all(step["is_done"] for step in steps):
            self._settle_setup_steps(dict.fromkeys((step["code"] for step in steps), "done"))
            return []
        return steps

    @api.model
    def settle_setup_steps(self, codes, state):
        """Say of first steps that they are done, or not wanted here.

        :param list codes: of `STEPS`
        :param str state: "done" or "skipped"
        :raise AccessError: for who may not take the step
        :raise UserError: for a step or a state that does not exist
        """
        if not self.env.user.has_group(_MANAGER):
            raise AccessError(messages.setup_right_missing(self.env))
        known = isinstance(codes, list) and all(isinstance(code, str) for code in codes)
        if not known or state not in ("done", "skipped") or not STEPS.keys() >= set(codes):
            raise UserError(messages.setup_step_unknown(self.env))
        if not set(codes) <= set(self._get_own_setup_codes()):
            raise AccessError(messages.setup_right_missing(self.env))
        # What the data say is done is not asked about again.
        done = {step["code"] for step in self._get_setup_steps() if step["is_done"]}
        self._settle_setup_steps({**dict.fromkeys(done, "done"), **dict.fromkeys(codes, state)})

    @api.model
    def _settle_setup_steps(self, states):
        """:param dict states: {code: state}"""
        settled = self._get_settled_setup_codes()
        company = self.env.company
        self.env["bizuno.setup.step"].sudo().create(
            [
                {
                    "code": code,
                    "state": state,
                    "company_id": company.id if STEPS[code].is_of_company else False,
                }
                for code, state in states.items()
                if code not in settled
            ]
        )

    @api.model
    def _get_own_setup_codes(self):
        """:return: the steps that the user can take"""
        user = self.env.user
        if not user.has_group(_MANAGER):
            return []
        is_branch = bool(self.env.company.sudo().parent_id)
        return [
            code
            for code, step in STEPS.items()
            if user.has_group(step.group) and not (is_branch and step.is_of_company)
        ]

    @api.model
    def _get_settled_setup_codes(self):
        """:return: the steps that were done or skipped here"""
        return self.env["bizuno.setup.step"]._get_settled_codes(self.env.company.id)

    @api.model
    def _get_setup_steps(self):
        """:return: [{"code", "title", "text", "is_done", "setting", "action"}] of what nobody has
        settled yet"""
        own = self._get_own_setup_codes()
        if not own:
            return []
        settled = self._get_settled_setup_codes()
        look = {
            "defaults": self._look_at_defaults,
            "conflicts": self._look_at_conflicts,
            "contact_ids": self._look_at_contact_ids,
            "limits": self._look_at_limits,
            "policies": self._look_at_policies,
            "approvers": self._look_at_approvers,
            "readers": self._look_at_readers,
            "mail_server": self._look_at_mail_server,
        }
        steps = []
        for code in own:
            if code in settled:
                continue
            is_done, title, text = look[code]()
            steps.append(
                {
                    "code": code,
                    "title": title,
                    "text": text,
                    "is_done": bool(is_done),
                    "setting": STEPS[code].setting,
                    "action": STEPS[code].action or self._get_setup_list(code, title),
                }
            )
        return steps

    @api.model
    def _get_setup_list(self, code, title):
        """:return: the window action of the contacts that a step is about, False for others"""
        partners = self.env["res.partner"]
        lists = {
            # The button that gives them stands above the list: on a phone, too.
            "contact_ids": (("list",), "", partners._get_missing_contact_id_domain),
            "limits": (("list", "kanban"), "_without_limit", partners._get_missing_limit_domain),
        }
        if code not in lists:
            return False
        kinds, suffix, get_domain = lists[code]
        views = [
            (self.env.ref(f"bizuno_crm.res_partner_view_{kind}{suffix}").id, kind) for kind in kinds
        ]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "res.partner",
            "views": [*views, (False, "form")],
            "mobile_view_mode": "kanban",
            "domain": list(get_domain()),
        }

    # Each returns whether the data show that it is done, its title, and how things are.

    @api.model
    def _look_at_defaults(self):
        company = self.env.company.sudo()
        untouched = company.contact_default_terms == terms.encode(terms.Terms())
        return (
            not untouched and not company.contact_limit_undecided,
            self.env._("Defaults of new customers"),
            messages.setup_defaults(self.env, company),
        )

    @api.model
    def _look_at_conflicts(self):
        holders = (
            self.env["res.partner"]
            .with_context(active_test=False)
            ._read_group([("contact_id_shared", "=", True)], ["contact_id_holder"], ["__count"])
        )
        contacts = sum(count for _holder, count in holders)
        return (
            not holders,
            self.env._("Contact IDs shared by several contacts"),
            messages.contact_id_conflicts(self.env, len(holders), contacts) if holders else "",
        )

    @api.model
    def _look_at_contact_ids(self):
        partners = self.env["res.partner"]
        count = partners.search_count(partners._get_missing_contact_id_domain(), limit=MOST + 1)
        return (
            not count,
            self.env._("Existing contacts without a Contact ID"),
            messages.setup_contact_ids(self.env, count, MOST) if count else "",
        )

    @api.model
    def _look_at_limits(self):
        partners = self.env["res.partner"]
        count = partners.search_count(partners._get_missing_limit_domain(), limit=MOST + 1)
        return (
            not count,
            self.env._("Existing customers without a credit limit"),
            messages.setup_limits(self.env, count, MOST) if count else "",
        )

    @api.model
    def _look_at_policies(self):
        company = self.env.company._get_credit_root().sudo()
        return (
            company.credit_policy != "warn" or company.hold_policy != "same",
            self.env._("Credit policy"),
            messages.setup_policies(self.env, company),
        )

    @api.model
    def _look_at_approvers(self):
        # administrators alone only where nobody else is one
        approvers = self.env.company._get_credit_approvers()
        appointed = bool(approvers) and not approvers[0].has_group("base.group_system")
        return (
            appointed,
            self.env._("Who releases what the credit policy stops"),
            messages.setup_approvers(self.env, approvers, appointed),
        )

    @api.model
    def _look_at_readers(self):
        company = self.env.company.sudo()
        return (
            company.aging_reps_see_own,
            self.env._("Who sees receivables"),
            messages.setup_readers(self.env, company),
        )

    @api.model
    def _look_at_mail_server(self):
        return (
            self.env["ir.mail_server"]._promo_is_set_up(),
            self.env._("Mail server"),
            messages.setup_mail_server(self.env),
        )
