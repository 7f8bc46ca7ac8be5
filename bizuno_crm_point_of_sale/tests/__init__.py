from . import test_till_credit
from . import test_till_orders
