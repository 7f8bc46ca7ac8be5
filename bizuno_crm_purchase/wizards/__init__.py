from . import bill_to_po_wizard
