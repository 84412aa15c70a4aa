"""Who may read machines: the groups of the access rights of service.equipment."""

EQUIPMENT_READERS = ",".join(
    (
        "installed_base.group_service_user",
        "installed_base.group_service_technician",
        "stock.group_stock_user",
        "sales_team.group_sale_salesman",
        "account.group_account_invoice",
    )
)
