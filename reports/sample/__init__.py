"""The sample: Cluster No. 1 of 2017 as an article tells it, and a made-up cluster with a full year.

Data stand in modules of their own, free of the database; `load` stores them.
"""
