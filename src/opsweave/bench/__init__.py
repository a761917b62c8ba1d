"""Benchmarks: public data, published protocols, peers beside us, every figure with its n.

Truth is read by the scorers alone; what is measured is what the commands answer.
"""
