from . import test_project_assign
from . import test_project_cases
from . import test_project_documents
from . import test_project_figures
from . import test_project_oracle
from . import test_project_portfolio
from . import test_project_sold
from . import test_project_tours
