"""What is tried again on Ray, and what is not."""

import pytest

from layerwise_job.ray_train import is_final, persist


class GroupError(Exception):
    def __init__(self, *raised):
        super().__init__("Training failed")
        self.worker_failures = dict(enumerate(raised))


class Wrapped(Exception):
    def __init__(self, inside):
        super().__init__("Traceback")
        self._base_exc = inside


class LostActor(Exception):
    pass


LOST = [
    GroupError(LostActor()),
    GroupError(RuntimeError("Connection closed by peer"), LostActor()),
    GroupError(Wrapped(RuntimeError("NCCL error"))),
    GroupError(Wrapped(ConnectionResetError("peer"))),
    Exception("the controller is gone"),
]
BROKEN = [GroupError(Wrapped(FileNotFoundError("no folder"))), GroupError(LostActor(), Wrapped(ValueError("another model")))]


@pytest.mark.parametrize("error", LOST)
def test_a_loss_is_tried_again(error):
    taken = []

    def attempt(number):
        taken.append(number)
        if number < 3:
            raise error

    persist(attempt, 4)
    assert taken == [1, 2, 3]
    with pytest.raises(type(error)):
        persist(lambda number: attempt(1), 2)


@pytest.mark.parametrize("error", BROKEN)
def test_a_mistake_is_not(error):
    taken = []

    def attempt(number):
        taken.append(number)
        raise error

    assert is_final(error)
    with pytest.raises(GroupError):
        persist(attempt, 4)
    assert taken == [1]


def test_an_older_ray_says_it_by_the_cause():
    error = Exception("fit")
    error.__cause__ = Wrapped(ImportError("peft"))
    assert is_final(error)
