"""Reports for the owner of the shop."""

from shop.reports.sales import sales_report

__all__ = ["sales_report"]
