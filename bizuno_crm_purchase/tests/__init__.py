from . import test_purchase_projects
