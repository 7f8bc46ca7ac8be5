from . import test_stock_projects
