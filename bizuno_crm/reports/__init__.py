from . import bizuno_aged_receivable
