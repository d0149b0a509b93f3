"""The disclosure block. Source: METHOD section 10."""

from service.disclosures.block import disclose

__all__ = ["disclose"]
