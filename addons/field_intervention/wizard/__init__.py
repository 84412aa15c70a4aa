from . import service_intervention_record
