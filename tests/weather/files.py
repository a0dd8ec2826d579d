"""Weather files for tests, made here: a year that follows the sun."""

import math

from engine.climate.weather import MONTH_DAYS

EPW_HEAD = """LOCATION,Testville,TS,TST,Made up,000000,50.0,8.5,1.0,100.0
DESIGN CONDITIONS,0
TYPICAL/EXTREME PERIODS,0
GROUND TEMPERATURES,0
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,
COMMENTS 2,
DATA PERIODS,1,1,Data,Sunday,1/1,12/31
"""


def epw(*, without=(), change=None):
    """An EPW file; `without` leaves hours out, `change` maps an hour to (dry, dew, pressure)."""
    lines, hour = [], -1
    for month, days in enumerate(MONTH_DAYS, start=1):
        for day in range(1, days + 1):
            for of_day in range(1, 25):
                hour += 1
                if hour in without:
                    continue
                dry = (
                    11.0
                    - 10.0 * math.cos(hour / 8760 * 2 * math.pi)
                    - 4.0 * math.cos((of_day - 4) / 24 * 2 * math.pi)
                )
                state = (change or {}).get(hour, (f"{dry:.1f}", f"{dry - 4:.1f}", "100100"))
                lines.append(
                    f"1999,{month},{day},{of_day},60,flags,{state[0]},{state[1]},70,{state[2]},0"
                )
    return (EPW_HEAD + "\n".join(lines) + "\n").encode()
