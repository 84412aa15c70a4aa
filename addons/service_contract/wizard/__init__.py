from . import service_contract_stop
