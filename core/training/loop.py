"""What all trainings of a network do: steps until time or steps are over, checks, saved states, a log.

A training gives a loss and a check. Everything that a later step depends on is in the saved state, so a
training goes on after a kill as if there had been none; a first interrupt saves and ends it.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import torch
from torch import Tensor, nn

from core.checkpoints.saving import save_component
from core.training import parallel
from core.training.run_log import RunLog
from core.training.state import TrainingState, draws_for

LOG_STEPS = 50
LOG_SECONDS = 5.0
"""A line of the log is written after so many steps, and on slow machines after so long."""

STOPPING = (signal.SIGINT, signal.SIGTERM)


def add_options(
    parser: argparse.ArgumentParser, steps: int, batch: int, rate: float, save_every: float = 180.0
) -> None:
    """The options that `run` reads, with the defaults of a training."""
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="stop here even if steps are left; 0 = never"
    )
    parser.add_argument("--batch", type=int, default=batch, help="shapes per step, of all processes together")
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--patience", type=int, default=0,
        help="keep the networks of the best check, and stop after so many without a better one; 0 = neither",
    )  # fmt: skip
    parser.add_argument("--save-every", type=float, default=save_every, help="seconds between checks")
    parser.add_argument("--save-steps", type=int, default=0, help="steps between checks, instead of seconds")


def begin(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Join the other processes of this training, if there are any, and take this one's device."""
    options.device = parallel.join(options.device)
    if options.batch % parallel.world():
        parser.error(f"--batch {options.batch} cannot be shared by {parallel.world()} processes evenly")


@dataclass(frozen=True)
class Listener:
    """What a training tells while it runs.

    Attributes
    ----------
    saved : callable
        Networks and state were saved.
    advanced : callable
        Share of the training that is done, in [0, 1]; called after every step.
    """

    saved: Callable[[], None] = lambda: None
    advanced: Callable[[float], None] = lambda fraction: None


NOBODY = Listener()


class Training:
    """One training of networks.

    Parameters
    ----------
    title : str
        For progress and log.
    state : TrainingState
        Is continued from ``options.out`` if that holds one.
    networks : mapping of str to Module
        What is saved, as components of these names.
    options : argparse.Namespace
        See `add_options`; with ``out``, the folder of networks, state and log.
    loss : callable
        Loss and its terms, of the step that a generator belongs to.
    check : callable
        Validation error (None = there is nothing to measure by) and the figures for the log; called with
        averaged weights.
    """

    def __init__(
        self,
        title: str,
        state: TrainingState,
        networks: Mapping[str, nn.Module],
        options: argparse.Namespace,
        loss: Callable[[torch.Generator], tuple[Tensor, dict[str, float]]],
        check: Callable[[], tuple[float | None, dict[str, float]]],
    ) -> None:
        self.title, self.state, self.networks, self.options = title, state, networks, options
        self.loss, self.check = loss, check
        self.out: Path = options.out
        self._stop = False
        self._log: RunLog | None = None

    def fraction(self) -> float:
        """Share that is done; 1 also when checks have stopped getting better."""
        options, state = self.options, self.state
        if options.patience and state.stale >= options.patience:
            return 1.0
        timed = state.seconds / (60 * options.minutes) if options.minutes else 0.0
        return max(state.step / options.steps, timed)

    def run(self, listener: Listener = NOBODY) -> None:
        """Train to the end.

        Raises
        ------
        KeyboardInterrupt
            After the state was saved.
        """
        state, options = self.state, self.options
        resumed = state.resume(self.out)
        if resumed and parallel.first():
            print(f"resumed at step {state.step}")
        # All have the same seed and the same state, but perhaps not the same kind of device.
        parallel.share([p.detach() for p in state.parameters] + state.averages)
        before = {number: signal.signal(number, self._on_interrupt) for number in STOPPING}
        self._log = RunLog(self.out, options.steps, state.step, self.title)
        try:
            self._steps(self._log, resumed, listener)
        finally:
            self._log.close()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _steps(self, log: RunLog, resumed: bool, listener: Listener) -> None:
        state, options = self.state, self.options
        begun, before, started_at = time.monotonic(), state.seconds, self.fraction()
        saved, told = time.monotonic(), -LOG_SECONDS
        kept_at = state.step if resumed else -1

        def keep() -> None:
            measured = self._keep()
            left = log.eta(self.fraction(), begun, started_at)
            log.write(step=state.step, seconds=round(state.seconds), **measured,
                      fraction=round(self.fraction(), 4), eta=left)  # fmt: skip
            parallel.alone(listener.saved)

        while self.fraction() < 1.0:
            generator = draws_for(options.seed, state.step, parallel.rank(), parallel.world())
            loss, terms = self.loss(generator)
            norm = state.update(loss, self.fraction())
            now = time.monotonic()
            due = not options.save_steps and now - saved > options.save_every
            # Clocks and signals differ between processes, decisions must not.
            state.seconds, due_now, stopped = parallel.most([before + now - begun, due, self._stop])
            shown = {"loss": float(loss.detach()), **terms}
            shown = dict(zip(shown, parallel.means(list(shown.values())), strict=True))
            log.advance(**shown)
            listener.advanced(self.fraction())
            if state.step % LOG_STEPS == 0 or now - told > LOG_SECONDS:
                rate = state.optimizer.param_groups[0]["lr"]
                log.write(step=state.step, seconds=round(state.seconds), norm=norm, rate=rate,
                          fraction=round(self.fraction(), 4), **shown)  # fmt: skip
                told = now
            if due_now or (options.save_steps and state.step % options.save_steps == 0):
                keep()
                saved, kept_at = time.monotonic(), state.step
            # At the end the networks are still to be kept, so that is not the time to stop.
            if stopped and self.fraction() < 1.0:
                self._save_state()
                raise KeyboardInterrupt
        if kept_at != state.step:
            keep()

    def _keep(self) -> dict[str, float]:
        """Check, and save the networks if they are to be kept, then the state."""
        with self.state.averaged():
            error, measured = self.check()
            if error is not None:
                error = parallel.means([error])[0]
            if error is None or self.state.improved(error) or not self.options.patience:
                if parallel.first():
                    for name, network in self.networks.items():
                        save_component(network, self.out / name)
        # After the networks: a state that is newer than they are would be believed to be done.
        self._save_state()
        return measured

    def _save_state(self) -> None:
        options = {key: str(value) for key, value in vars(self.options).items()}
        if parallel.first():
            self.state.save(self.out, {"options": options | {"processes": str(parallel.world())}})
        parallel.wait()

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        """Save and end at the next step; asked for by hand a second time, at once."""
        if self._stop and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._stop = True
