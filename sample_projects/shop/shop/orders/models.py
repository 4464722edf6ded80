"""What an order is."""

from dataclasses import dataclass, field

from shop.catalog import Product
from shop.money import Money


@dataclass(frozen=True)
class Line:
    """Some pieces of one product at one price."""

    product: Product
    pieces: int
    price: Money


@dataclass
class Order:
    """What somebody ordered."""

    email: str
    lines: list[Line] = field(default_factory=list)
    delivered: bool = False

    def total(self) -> Money:
        """Return the sum over all lines."""
        return sum((line.price * line.pieces for line in self.lines), start=Money())

    def pieces(self, product: Product) -> int:
        """Return how many pieces of a product this order holds."""
        return sum(line.pieces for line in self.lines if line.product == product)
