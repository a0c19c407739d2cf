"""What all campaigns have in common: how they are asked for, and the one line that they end with."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field

SHOWN = 10  # broken promises that are told one by one


@dataclass(slots=True)
class Tally:
    """How often a promise was put to the test, and how it was broken."""

    count: int = 0
    broken: list[str] = field(default_factory=list)


def arguments(description: str | None) -> argparse.Namespace:
    """Read the options that each campaign has: `long` and `seed`."""
    cli = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cli.add_argument("--long", action="store_true", help="the whole campaign, not the sample that CI takes")
    cli.add_argument("--seed", type=int, default=1, help="of what is chosen by chance  [default: 1]")
    return cli.parse_args()


def verdict(name: str, what: str, real: Tally, control: Tally) -> int:
    """Print a campaign's line; give its exit code: 1 where a promise broke, or the control broke none.

    `what` is what was counted, as a plural. The control is the same campaign with a program that is broken
    on purpose: it shows that the campaign can see what it looks for.
    """
    print(
        f"{name}: {real.count:,} {what}, {len(real.broken):,} broken promises; "
        f"control: {control.count:,} {what}, {len(control.broken):,} broken"
    )
    for line in real.broken[:SHOWN]:
        print(f"  {line}")
    if not control.broken:
        print("  the control broke none: this campaign sees nothing")
    return int(bool(real.broken) or not control.broken)
