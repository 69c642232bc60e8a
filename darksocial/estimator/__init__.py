"""How much of the untagged rest came from links passed on, and how likely it is for each visit.

`counts` asks the store, `comovement`, `propensity` and `bounds` are the sources, `pooling` joins
them, `scoring` gives single visits their probability, `fit` does all of it in order.
"""
