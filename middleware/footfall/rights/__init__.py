"""Members' rights in the middleware: what the store holds of a person, and the pages that show and erase it."""
