"""How a share is written in every report and sentence."""


def percent(share: float, digits: int = 1) -> str:
    """`93.1 %`; never 100 % of what is not all, nor 0 % of what is not nothing. `share`: 0 to 1."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    least = 10.0**-digits
    return f"{min(max(share * 100, least), 100 - least):.{digits}f} %"
