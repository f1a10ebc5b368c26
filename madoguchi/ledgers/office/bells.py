"""What the office announces."""

from madoguchi.common.bells import Bell
from madoguchi.ledgers.office.trace import Act

acts_left: Bell[tuple[Act, ...]] = Bell("office.acts_left")
