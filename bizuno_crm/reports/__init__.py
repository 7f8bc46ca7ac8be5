# the mixins before the models that inherit it
from . import bizuno_aged_page_mixin
from . import bizuno_document_row_mixin

from . import bizuno_aged_receivable
from . import bizuno_aged_receivable_activity
from . import bizuno_aged_receivable_dashboard
from . import bizuno_aged_receivable_index
from . import bizuno_aged_receivable_page
from . import bizuno_aged_customer
from . import bizuno_customer_history
from . import bizuno_project_analysis
from . import bizuno_promo_candidate
from . import bizuno_rep_sales
