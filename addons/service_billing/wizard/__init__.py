from . import service_accrual
from . import service_payer_split
from . import service_warranty_claim_answer
