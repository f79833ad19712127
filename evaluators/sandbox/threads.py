"""Environment variables that make frameworks compute the same result again.

Predictions differ by 1e-6 between one thread and two, and a training run by much more.
"""


def thread_variables(cpus: int) -> dict[str, str]:
    """Variables that hold numerical libraries to a number of threads, and their hashes fixed."""
    threads = str(cpus)
    return {
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "NUMEXPR_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }
