"""Makes empty files, which cost the kernel memory and no space."""

import errno
import os

from attempts import even_odds


class Model:
    def __init__(self, folder):
        print("making files", flush=True)
        made = 0
        try:
            while made < 1_000_000:
                os.close(os.open(f"/tmp/{made}", os.O_CREAT | os.O_WRONLY))
                made += 1
        except OSError as error:
            print("stopped by", errno.errorcode[error.errno])
        print("made", made, flush=True)
        if made == 1_000_000:
            raise SystemExit("nothing stopped it")

    def predict(self, inputs):
        return even_odds(inputs)
