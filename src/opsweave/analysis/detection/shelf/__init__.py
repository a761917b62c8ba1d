"""Small streaming algorithms, one a file, and the ensemble that weighs them for each series.

Every kernel is compiled by numba on first use, so this package is imported only where it is used.
"""
