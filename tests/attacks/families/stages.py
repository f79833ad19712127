"""Carrying what one stage saw to the next, or to the next submission in the same slot."""

from tests.attacks.attack import Attack, Upload

_CARRY = Upload("stages/carry.py", argument="leave", next_is_judged=True)
# The same slot, one submission later.
_NEXT = Upload("stages/carry.py", argument="look")

_PLACES = {
    "scratch": "a file in /tmp",
    "hidden_scratch": "a hidden folder below /tmp that nobody may enter",
    "shared_memory": "a file in shared memory",
    "own_folder": "a file beside its model",
    "system_v_memory": "shared memory of System V",
    "system_v_semaphore": "a semaphore of System V",
    "system_v_queue": "a message queue of System V",
    "posix_queue": "a POSIX message queue",
    "posix_semaphore": "a POSIX semaphore",
    "abstract_socket": "an abstract socket of a daemon",
    "socket_file": "a socket file of a daemon",
    "memory_file": "a file without a name, held by a daemon",
    "keyring": "a key in a keyring",
    "daemon": "a daemon that waits for the next stage",
    "environment": "the environment of a daemon",
    "host_name": "the host's name",
    "process_numbers": "process numbers that go on counting",
}

ATTACKS = (
    *(
        Attack(
            "stages",
            f"{place}_to_judged",
            f"{tries}, for the judged stage",
            _CARRY,
            prints=(rf"^left {place}: ",),
            prints_judged=(rf"^found {place}: nothing$",),
        )
        for place, tries in _PLACES.items()
    ),
    *(
        Attack(
            "stages",
            f"{place}_to_next",
            f"{tries}, for the next submission",
            _NEXT,
            prints=(rf"^found {place}: nothing$",),
        )
        for place, tries in _PLACES.items()
    ),
)
