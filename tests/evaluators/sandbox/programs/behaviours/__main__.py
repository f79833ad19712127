import os

from .serve import serve

if __name__ == "__main__":
    serve(os.fdopen(0, "rb", 0), os.fdopen(1, "wb", 0), os.fdopen(2, "wb", 0))
