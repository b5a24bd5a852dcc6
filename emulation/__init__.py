"""WHAT WAS DONE: the season, its pledge, launches, achievements, scores and standings."""
