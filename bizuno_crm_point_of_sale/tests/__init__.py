from . import test_odoo_insides_till
from . import test_till_credit
from . import test_till_orders
