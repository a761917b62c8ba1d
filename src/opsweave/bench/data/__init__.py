"""Loaders of the public data, one a folder; each hands out what is asked and, apart, the truth.

The formats are those of the README beside each data set. Nothing is copied into the product.
"""
