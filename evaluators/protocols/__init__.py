"""How inputs go into a model and predictions come out."""
