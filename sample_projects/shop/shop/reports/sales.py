"""What was sold."""

from collections import Counter

from shop.orders import open_orders

try:
    from shop.reports.charts import bar
except ImportError:  # the slim distribution comes without charts

    def bar(size: int) -> str:
        """Return a size as a number."""
        return str(size)


def sales_report() -> str:
    """Return a line for each product in the open orders."""
    pieces = Counter[str]()
    for order in open_orders():
        pieces.update({line.product.title: line.pieces for line in order.lines})
    return "\n".join(f"{title:20} {bar(number)}" for title, number in sorted(pieces.items()))
