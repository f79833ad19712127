#!/bin/sh
# Makes the machine-learning runtime: make_runtime.sh PYTHON FOLDER
#
# torch needs care: on Linux its plain package is a CUDA build of gigabytes. Its own index has CPU
# builds; where that can't be reached, whatever the ordinary index gives is taken.
set -eu
python=$1
folder=$2
here=$(cd "$(dirname "$0")/.." && pwd)
torch=$(grep '^torch==' "$here/requirements/runtime.txt")

"$python" -m venv "$folder"
pip="$folder/bin/python -m pip --disable-pip-version-check --quiet"
echo "installing $torch (CPU build)"
if ! $pip --retries 0 --timeout 10 install --no-compile --no-deps \
    --index-url https://download.pytorch.org/whl/cpu "$torch" 2>/dev/null; then
    echo "its own index can't be reached: taking $torch from the ordinary one"
fi
echo "installing keras, tensorflow, scikit-learn and the rest (about 3 GB, a minute or more)"
$pip install --no-compile "$torch" -r "$here/requirements/runtime.txt"
# Imports are three times slower without these; pip would make them one after the other.
"$folder/bin/python" -m compileall -q -j 0 "$folder/lib" >/dev/null 2>&1 || true
