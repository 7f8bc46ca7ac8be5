# the mixins before the models that inherit it
from .receivable import bizuno_query_row_mixin
from .receivable import bizuno_document_row_mixin
from .receivable import bizuno_aged_page_mixin
from .receivable import bizuno_aged_collection_mixin
from .receivable import bizuno_aged_report_rows_mixin
from .receivable import bizuno_aged_figures_mixin
from .receivable import bizuno_aged_item_mixin
from .receivable import bizuno_aged_dashboard_mixin
from .receivable import bizuno_aged_statement_mixin
from .receivable import bizuno_aged_partner_mixin

from .receivable import bizuno_aged_receivable
from .receivable import bizuno_aged_customer
from .receivable import bizuno_aged_payable
from .receivable import bizuno_aged_vendor
from .receivable import bizuno_partner_history_mixin
from .receivable import bizuno_customer_history
from .receivable import bizuno_vendor_history
from .crm import bizuno_project_analysis
from .profit import bizuno_group_order_mixin
from .profit import bizuno_project_open
from .profit import bizuno_project_profit
from .promo import bizuno_promo_candidate
from .receivable import bizuno_rep_sales
