"""Pictures of small data, as PNGs. matplotlib is imported only when one is drawn."""
