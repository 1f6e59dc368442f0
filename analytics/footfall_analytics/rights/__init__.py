"""Members' rights: what is held of a person, all of it handed over, and all of it erased."""
