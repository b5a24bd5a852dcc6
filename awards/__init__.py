"""WHAT IT EARNS: the catalogue of awards, the conference and the nominations."""
