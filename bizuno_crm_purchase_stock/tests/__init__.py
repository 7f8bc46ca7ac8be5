from . import test_odoo_insides_stock
from . import test_stock_projects
