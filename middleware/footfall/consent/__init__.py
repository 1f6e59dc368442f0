"""The choice: purposes, what the visitor decided, and the pages that ask."""
