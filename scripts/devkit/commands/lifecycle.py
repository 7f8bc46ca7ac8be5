"""`dev.py lifecycle`: install, update and uninstall the addon as an admin does.

On a database without demo data that a company lives on: contacts, an order, an invoice and
duplicate Contact IDs are there before the addon comes, and must be as they were when it is gone.
"""

import json
import subprocess

from devkit import console, databases, paths
from devkit.odoo_cli import Odoo

# Runs in Odoo's shell before the addon is there.
BEFORE = """
from odoo.fields import Command
company = env.company
env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
partners = env['res.partner'].create([
    {'name': 'Old Customer', 'ref': 'DUP-1', 'customer_rank': 1, 'is_company': True},
    {'name': 'Old Twin', 'ref': 'dup-1 ', 'supplier_rank': 2},
    {'name': 'Archived', 'ref': 'DUP-1', 'active': False},
    {'name': 'Child', 'ref': 'DUP-1', 'type': 'delivery'},
])
partners[3].parent_id = partners[0]
product = env['product.product'].create({'name': 'Pump', 'list_price': 100, 'type': 'service'})
order = env['sale.order'].create({
    'partner_id': partners[0].id,
    'order_line': [Command.create({'product_id': product.id, 'product_uom_qty': 2})],
})
order.action_confirm()
invoice = order._create_invoices()
invoice.action_post()
env['res.config.settings'].create({}).execute()
env.cr.commit()
"""

# Use it, so that there is something of ours in the database.
USE = """
partner = env['res.partner'].create({'name': 'New Customer', 'role_customer': True})
assert partner.ref, 'no Contact ID'
held = env['res.partner'].search([('name', '=', 'Old Customer')])
held.account_status = 'hold'
assert env['res.partner'].search_count([('contact_id_shared', '=', True),
                                        ('active', 'in', (True, False))]) == 3
env['res.config.settings'].create({}).execute()
env.cr.commit()
"""

# Everything of a database that an addon can add to.
SNAPSHOT = """
import json
QUERIES = {
    'views': "SELECT model || ' ' || name FROM ir_ui_view",
    'models': "SELECT model FROM ir_model",
    'fields': "SELECT model || '.' || name FROM ir_model_fields",
    'columns': "SELECT table_name || '.' || column_name FROM information_schema.columns "
               "WHERE table_schema = current_schema",
    'indexes': "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema",
    'constraints': "SELECT conname FROM pg_constraint "
                   "WHERE connamespace = current_schema::regnamespace",
    'functions': "SELECT proname FROM pg_proc WHERE pronamespace = current_schema::regnamespace",
    'triggers': "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    'xml ids': "SELECT module || '.' || name FROM ir_model_data",
    'menus': "SELECT name->>'en_US' FROM ir_ui_menu",
    'actions': "SELECT type || ' ' || (name->>'en_US') FROM ir_actions",
    'parameters': "SELECT key FROM ir_config_parameter",
    'defaults': "SELECT field_id::text FROM ir_default",
    'crons': "SELECT cron_name FROM ir_cron",
    'sequences': "SELECT coalesce(code, name) FROM ir_sequence",
    'rules': "SELECT name FROM ir_rule",
    'access rows': "SELECT name FROM ir_model_access",
    'groups': "SELECT name->>'en_US' FROM res_groups",
    'activity types': "SELECT name->>'en_US' FROM mail_activity_type",
    'mail templates': "SELECT name->>'en_US' FROM mail_template",
    'fiscal positions': "SELECT name->>'en_US' FROM account_fiscal_position",
}
found = {}
for what, query in QUERIES.items():
    env.cr.execute(query)
    found[what] = sorted({str(row[0]) for row in env.cr.fetchall()})
print('RESULT' + json.dumps(found))
"""
# Odoo itself keeps the row of the module in the Apps list, and what it made for itself meanwhile.
ALLOWED = {"base.module_bizuno_crm"}

# What an admin sees when the addon is gone.
AFTER = """
import json
from odoo.tests import Form
partner = env['res.partner'].search([('name', '=', 'Old Customer')])
twin = env['res.partner'].search([('name', '=', 'Old Twin')])
order = env['sale.order'].search([('partner_id', '=', partner.id)], limit=1)
kept = {
    'customer': [partner.ref, partner.customer_rank, partner.active],
    'twin': [twin.ref, twin.supplier_rank],
    'new': bool(env['res.partner'].search([('name', '=', 'New Customer')]).ref),
    'order': order.state,
    'invoice': order.invoice_ids.state,
}
for record in (partner, order, order.invoice_ids):
    Form(record).save()
Form(env['res.partner'].search([('name', '=', 'New Customer')])).save()
print('RESULT' + json.dumps(kept))
"""

EXPECTED = {
    "customer": ["DUP-1", 2, True],
    "twin": ["dup-1 ", 2],
    "new": True,
    "order": "sale",
    "invoice": "posted",
}


def main(arguments):
    odoo = Odoo()
    name = paths.database_name("lifecycle")
    odoo.server.drop(name)
    odoo.server.copy(databases.template(odoo), name)
    _shell(odoo, name, BEFORE)
    before = _shell(odoo, name, SNAPSHOT)
    console.say("Installing without demo data …")
    odoo.call(name, "-i", paths.ADDON, "--stop-after-init", log="lifecycle-install")
    _shell(odoo, name, USE)
    for time in ("once", "twice"):
        console.say(f"Updating ({time}) …")
        odoo.call(name, "-u", paths.ADDON, "--stop-after-init", log="lifecycle-update")
    console.say("Uninstalling …")
    odoo.call(name, paths.ADDON, subcommand=("module", "uninstall"), log="lifecycle-uninstall")
    after = _shell(odoo, name, SNAPSHOT)
    left = {
        what: more for what in after if (more := sorted({*after[what]} - {*before[what]} - ALLOWED))
    }
    if left:
        raise console.Problem(f"The uninstalled addon left behind: {left}")
    kept = _shell(odoo, name, AFTER)
    if kept != EXPECTED:
        raise console.Problem(f"Native values changed: {kept}, expected {EXPECTED}")
    odoo.server.drop(name)
    print(
        "Installed, updated twice and uninstalled: nothing of ours is left, all native values are"
    )
    return 0


def _shell(odoo, name, code):
    config = odoo.config("lifecycle", db_name=name, log_level="warn")
    done = subprocess.run(
        odoo.command("shell", "-c", config, "--no-http"),
        env=odoo.source.environment(),
        input=code,
        capture_output=True,
        text=True,
    )
    trouble = [line for line in done.stderr.splitlines() if "Error" in line or "Traceback" in line]
    if done.returncode or trouble:
        raise console.Problem(f"In Odoo's shell:\n{done.stderr[-3000:]}")
    results = [line for line in done.stdout.splitlines() if "RESULT" in line]
    return json.loads(results[-1].split("RESULT", 1)[1]) if results else None
