from . import bizuno_aged_receivable
from . import bizuno_customer_history
from . import bizuno_promo_candidate
from . import bizuno_rep_sales
