"""First-party tracking with consent for ASGI applications."""

__version__ = "0.1.0"
