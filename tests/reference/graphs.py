"""Expressions made at random whose values and slopes stay moderate."""

from hypothesis import strategies as st

NAMES = ("x", "y", "z")

leaves = st.sampled_from([*NAMES, *NAMES, "0.5", "2", "1.25"])


def _grown(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*"]), parts).map(
            lambda made: f"({made[0]} {made[1]} {made[2]})"
        ),
        st.tuples(parts, parts).map(lambda made: f"({made[0]} / ({made[1]}**2 + 1))"),
        st.tuples(st.sampled_from(["max", "min"]), parts, parts).map(
            lambda made: f"{made[0]}({made[1]}, {made[2]})"
        ),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "sigmoid", "relu", "abs"]), parts).map(
            lambda made: f"{made[0]}({made[1]})"
        ),
        parts.map(lambda made: f"(-({made})**2)"),
        parts.map(lambda made: f"exp(tanh({made}))"),
        parts.map(lambda made: f"log(({made})**2 + 1)"),
        parts.map(lambda made: f"sqrt(({made})**2 + 1)"),
    )


expressions = st.recursive(leaves, _grown, max_leaves=8).map(
    lambda made: f"{made} + 0 * (x + y + z)"
)
"""Of all of ``NAMES``."""

values = st.fixed_dictionaries(
    {name: st.integers(-199, 199).map(lambda number: number / 101) for name in NAMES}
)
