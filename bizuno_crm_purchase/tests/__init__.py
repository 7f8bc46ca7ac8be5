from . import test_import_purchases
from . import test_odoo_insides_purchase
from . import test_purchase_projects
