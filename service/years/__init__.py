"""Year over year. Source: METHOD section 10."""

from service.years.compare import compare

__all__ = ["compare"]
