"""WHAT HAPPENED: an append-only, hash-chained record of every act."""
