from . import test_purchase_projects
from . import test_stock_projects
