"""The analysts' half of Footfall: what happens to one event, in the order it happens."""
