#!/usr/bin/env python3
"""A backtest from Python, through Holdfast's C interface: fills as they happen, then the result.

    holdfast_example.py [--library FILE] [--plugins FOLDERS] [--ticks N] [DATA_DIR]
"""
import argparse
import ctypes
import json
import tempfile

PLAN = """
holdfast: 1
system: { name: from-python, clock: feed, seed: 7 }
instruments:
  - { symbol: BTCUSDT, tick: 0.01, lot: 0.00001, currency: USDT, session: 24x7 }
tree:
  children:
    - { name: ledger, actor: ledger }
    - { name: risk, actor: risk, settings: { rules: [{ plugin: fat_finger, max_quantity: 1 }] } }
    - { name: venue, actor: broker, settings: { broker: { plugin: paper } } }
    - { name: trend, actor: strategy,
        settings: { strategy: { plugin: crossover, instrument: BTCUSDT, size: 0.01, fast: 50, slow: 200 } } }
    - { name: market, actor: feed,
        settings: { speed: 0, source: { plugin: synthetic, instruments: [BTCUSDT], start_price: 60000 } } }
"""


class HoldfastError(Exception):
    """What the library says about a call that failed."""


class Holdfast:
    """The C interface: functions by name, text as str, failures as exceptions."""

    # Result and parameters of each function; `owned` is text that is given back once it is copied.
    owned, text, handle = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p
    FUNCTIONS = {
        "error": (text, []),
        "free": (None, [owned]),
        "options_new": (handle, []),
        "options_set": (ctypes.c_int, [handle, text, text]),
        "options_free": (None, [handle]),
        "open": (handle, [text, handle]),
        "start": (ctypes.c_int, [handle]),
        "run_for": (ctypes.c_int, [handle, ctypes.c_uint32]),
        "stop": (owned, [handle, ctypes.c_uint32]),
        "close": (None, [handle]),
        "status": (owned, [handle]),
        "command": (owned, [handle, text]),
        "events": (owned, [handle, ctypes.c_uint64, text, ctypes.c_uint32]),
    }
    ANSWERS = {"stop", "status", "command", "events"}

    def __init__(self, library):
        self.library = ctypes.CDLL(library)
        for name, (result, parameters) in self.FUNCTIONS.items():
            function = getattr(self.library, "holdfast_" + name)
            function.restype, function.argtypes = result, parameters

    def __call__(self, name, *arguments):
        """Calls holdfast_NAME; answers come back as what their JSON holds."""
        given = [a.encode() if isinstance(a, str) else a for a in arguments]
        result = getattr(self.library, "holdfast_" + name)(*given)
        restype = self.FUNCTIONS[name][0]
        if restype is not None and (result is None or (restype is ctypes.c_int and result < 0)):
            raise HoldfastError(self.library.holdfast_error().decode())
        if name not in self.ANSWERS:
            return result
        answer = json.loads(ctypes.string_at(result))
        self.library.holdfast_free(result)
        return answer


def backtest(holdfast, options, on_fill):
    """Runs PLAN to its end and calls on_fill for every fill; returns what the run amounts to."""
    chosen = holdfast("options_new")
    for name, value in options:
        holdfast("options_set", chosen, name, value)
    try:
        system = holdfast("open", PLAN, chosen)
    finally:
        holdfast("options_free", chosen)
    try:
        holdfast("start", system)
        seen, more = 1, True
        while more:
            more = holdfast("run_for", system, 50) == 1
            seen = pass_on_fills(holdfast, system, seen, on_fill)
        status = holdfast("status", system)
        print("{name}: {state}, {ticks} ticks, {orders} orders".format(**status))
        stopped = holdfast("stop", system, 10_000)
        pass_on_fills(holdfast, system, seen, on_fill)
        return stopped
    finally:
        holdfast("close", system)


def pass_on_fills(holdfast, system, seen, on_fill):
    """Every fill from event `seen` on; returns where to go on."""
    while True:
        batch = holdfast("events", system, seen, "OrderFilled", 1000)
        for event in batch["events"]:
            on_fill(event)
        seen = batch["next"]
        if len(batch["events"]) < 1000:
            return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", default="libholdfast.so.0")
    parser.add_argument("--plugins", default="", help="folders, with colons between them")
    parser.add_argument("--ticks", type=int, default=20_000)
    parser.add_argument("data_dir", nargs="?")
    arguments = parser.parse_args()

    fills = []

    def on_fill(event):
        fields = event["fields"]
        fills.append(event)
        print("{}  {side:4}  {last_qty} at {last_px}".format(event["time"], **fields))

    with tempfile.TemporaryDirectory() as scratch:
        options = [
            ("runtime", "sim"),
            ("data_dir", arguments.data_dir or scratch),
            ("plugin_path", arguments.plugins),
            ("set", "actors.market.settings.source.ticks={}".format(arguments.ticks)),
        ]
        stopped = backtest(Holdfast(arguments.library), options, on_fill)
    summary = stopped["summary"]
    print("{} fills seen, {} booked; P&L {}".format(len(fills), summary["fills"], summary["realized_pnl"]))
    return 0 if stopped["clean"] and len(fills) == summary["fills"] else 1


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except HoldfastError as error:
        raise SystemExit(str(error))
