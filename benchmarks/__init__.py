"""What Footfall costs, a module for each topic: ``make bench`` prints the tables and writes ``build/bench.json``."""
