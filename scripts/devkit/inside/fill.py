"""The life of a company before the addon comes, while it is there, and after it is gone."""

import socket
from contextlib import closing
from datetime import timedelta

ADDON = "bizuno_crm"


def company_without_addon(env):
    """Contacts, an order and an invoice: what a company has when the addon comes."""
    customer, *_, child = env["res.partner"].create(
        [
            {"name": "Old Customer", "ref": "DUP-1", "customer_rank": 1, "is_company": True},
            {"name": "Old Twin", "ref": "dup-1 ", "supplier_rank": 2},
            {"name": "Archived", "ref": "DUP-1", "active": False},
            {"name": "Child", "ref": "DUP-1", "type": "delivery"},
        ]
    )
    child.parent_id = customer
    _trade(env, customer)


def company_that_finds_it(env):
    """The same with a second company beside it. Odoo has not been told of the addon yet."""
    company_without_addon(env)
    second = env["res.company"].create({"name": "Second Company"})
    env["account.chart.template"].try_loading("generic_coa", company=second, install_demo=False)
    env.ref("base.user_admin").company_ids |= second
    env["ir.module.module"].search([("name", "=like", "bizuno_crm%")]).unlink()
    env.cr.commit()


def company_with_addon(env):
    """The same where the addon came first, with what it has to deal with, and it is in use."""
    customer, twin = env["res.partner"].create(
        [
            {"name": "Old Customer", "ref": "DUP-1", "customer_rank": 1, "is_company": True},
            {"name": "Old Twin", "supplier_rank": 2},
        ]
    )
    # As an installation finds them: the addon would refuse the second one.
    env.flush_all()
    env.cr.execute(
        "UPDATE res_partner SET ref = 'dup-1 ', contact_id_conflict = TRUE WHERE id = %s",
        [twin.id],
    )
    env.invalidate_all()
    _trade(env, customer)
    use_addon(env)


def _trade(env, customer):
    env.ref("base.user_admin").tour_enabled = False
    env["product.product"].create({"name": "Pump", "list_price": 100, "type": "service"})
    company_books(env, customer)
    env["res.config.settings"].create({}).execute()
    env.cr.commit()


def company_books(env, customer):
    """A chart of accounts, an order and an invoice of a customer in the current company."""
    env["account.chart.template"].try_loading(
        "generic_coa", company=env.company, install_demo=False
    )
    order = _order(env, customer)
    order.action_confirm()
    order._create_invoices().action_post()


def use_addon(env):
    """Records of every model of the addon, a sent promotion among them."""
    # As a person: the system's own user is neither recipient nor responsible.
    env = env(user=env.ref("base.user_admin"))
    customer = env["res.partner"].create(
        {"name": "New Customer", "role_customer": True, "email": "new@example.com"}
    )
    assert customer.ref, "no Contact ID"
    _account(env, customer)
    _pipeline(env, customer)
    _promotion(env)
    env["res.config.settings"].create({}).execute()
    _move(env, customer)
    env["bizuno.dashboard"].settle_setup_steps(["policies", "mail_server"], "done")
    env.cr.commit()
    for name in _stored_models(env):
        assert env[name].sudo().with_context(active_test=False).search_count([], limit=1), (
            f"Nothing has made a record of {name}: add it here, so that the test of uninstalling "
            "knows about it."
        )


def kept_values(env):
    """:return: what a user sees of Odoo's own values once the addon is gone"""
    from odoo.tests import Form  # noqa: PLC0415

    found = env["res.partner"].with_context(active_test=False).search
    old, twin, new = (
        found([("name", "=", name)]) for name in ("Old Customer", "Old Twin", "New Customer")
    )
    order = env["sale.order"].search([("partner_id", "=", old.id)], limit=1)
    for record in (old, new, order, order.invoice_ids):
        Form(record).save()
    return {
        "customer": [old.ref, old.customer_rank, old.active],
        "twin": [twin.ref, twin.supplier_rank],
        "new": bool(new.ref) and new.active,
        "order": order.state,
        "invoice": order.invoice_ids.state,
    }


def _stored_models(env):
    return sorted(
        name
        for name, model in env.registry.items()
        if model._original_module == ADDON
        and model._auto
        and not model._abstract
        and not model._transient
    )


def _order(env, customer, **values):
    from odoo.fields import Command  # noqa: PLC0415

    product = env["product.product"].search([("name", "=", "Pump")], limit=1)
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 2})],
            **values,
        }
    )


def _account(env, customer):
    """Terms, limit, status, exemption, and an order that an approver lets pass."""
    env.company.credit_policy = "approval"
    customer.write(
        {
            "bizuno_terms": "3:2:10:30:100",
            "tax_exempt": True,
            "tax_exempt_certificate": "EX-1",
            "tax_exempt_expiration": "2099-12-31",
        }
    )
    order = _order(env, customer)
    env["bizuno.credit.approval"].create(
        {"order_id": order.id, "amount": 1000, "reason": "Pays on Friday"}
    )
    order.action_confirm()
    order._create_invoices().action_post()
    # In the queue: to print it needs a server that the shell is not.
    env["bizuno.statement"].create({"partner_ids": customer.ids})._create_mailing(customer)
    customer.write({"account_status": "hold", "account_status_reason": "Cheque returned"})
    env["bizuno.credit.wait"]._add(_order(env, customer), env.user)


def _move(env, customer):
    """A run of the move from Bizuno that has found the customer here."""
    company = env.company.id
    run = env["bizuno.import.run"].sudo().create({"company_id": company, "counts": {}})
    env["bizuno.import.step"].sudo().create({"run_id": run.id, "name": "contacts"})
    env["bizuno.import.record"].sudo().create(
        {
            "key": "contacts.1",
            "res_model": customer._name,
            "res_id": customer.id,
            "run_id": run.id,
            "company_id": company,
            "given": {"name": customer.name},
            "written": {"name": customer.name},
        }
    )


def _pipeline(env, customer):
    from odoo.fields import Date  # noqa: PLC0415

    lead = env["res.partner"].create({"name": "New Lead", "role_lead": True})
    lead.log_contact_action("new", "Wants a quotation")
    project = env["bizuno.project"].create({"name": "Cold store", "partner_id": customer.id})
    _order(env, customer, bizuno_project_id=project.id)
    _order(env, customer)
    env["bizuno.project.assign"]._open_for(project)
    env["bizuno.project.portfolio"].create({"project_ids": project.ids})
    today = Date.today()
    reminders = env["bizuno.reminder"].create(
        [
            {"name": "Call", "partner_id": lead.id, "date_start": today, "recurrence": "w"},
            {"name": "Drawings", "project_id": project.id, "date_start": today},
        ]
    )
    reminders.sudo()._cron_surface_due()
    activities = reminders.activity_ids
    assert len(activities) == 2, "the reminders did not surface"
    activities[0].action_feedback(feedback="Done")
    env["ir.filters"].create({"name": "Mine", "model_id": "bizuno.project", "user_ids": False})
    env["ir.attachment"].create(
        {"name": "plan.txt", "raw": b"plan", "res_model": project._name, "res_id": project.id}
    )
    project.message_post(body="Seen by the customer")


def _promotion(env):
    """One promotion that is sent, to a mail server that listens here and keeps nothing."""
    from aiosmtpd.controller import Controller  # noqa: PLC0415
    from aiosmtpd.handlers import Sink  # noqa: PLC0415

    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    try:
        server = env["ir.mail_server"].create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none"}
        )
        values = {
            "name": "Spring sale", "subject": "Ten percent off", "email_from": "us@example.com",
            "body_html": '<p>See <a href="https://example.com/sale">our offer</a></p>',
            "distribution": "all",
        }  # fmt: skip
        promo = env["bizuno.promo"].create(values)
        promo.action_send()
        system = env(su=True)
        system["mailing.mailing"]._process_mass_mailing_queue()
        system["mail.mail"].process_email_queue()
        recipients = promo.history_ids.recipient_ids
        assert recipients and set(recipients.mapped("status")) == {"sent"}, "the promo was not sent"
        # Another one stays in the queue.
        env["bizuno.promo"].create(
            {**values, "name": "Summer sale", "date_send": system.cr.now() + timedelta(days=2)}
        ).action_send()
        server.unlink()
    finally:
        controller.stop()
