"""Symbols of the diagrams after IEC 60617: 40 by 40, the line through x = 20.

Marks of SVG, for pages and printed sheets alike; the class `bus` is a heavy line.
"""

from collections.abc import Mapping

SIDE = 40
SYMBOLS: Mapping[str, str] = {
    "utility": (
        "<rect x='8' y='6' width='24' height='24'/>"
        "<path d='M8 30 32 6M8 22 24 6M8 14 16 6M16 30 32 14M24 30 32 22M20 30v10'/>"
    ),
    "transformer": (
        "<path d='M20 0v5M20 35v5'/><circle cx='20' cy='14' r='9'/><circle cx='20' cy='26' r='9'/>"
    ),
    "generator": (
        "<path d='M20 32v8'/><circle cx='20' cy='18' r='14'/><path d='M25 14a6 6 0 1 0 0 8v-4h-4'/>"
    ),
    "switchboard": (
        "<path d='M20 0v14M17 5l6 6M23 5l-6 6'/><path class='bus' d='M2 18h36'/>"
        "<path d='M8 18v14M20 18v22M32 18v14M5 24l6 6M11 24l-6 6M29 24l6 6M35 24l-6 6'/>"
    ),
    "ups": (
        "<path d='M20 0v5M20 35v5'/><rect x='5' y='5' width='30' height='30'/>"
        "<path d='M5 35 35 5M9 13q3-4 5 0t5 0M22 26h10M22 30h10'/>"
    ),
    "rectifier": (
        "<path d='M20 0v5M20 35v5'/><rect x='5' y='5' width='30' height='30'/>"
        "<path d='M5 35 35 5M9 13q3-4 5 0t5 0M21 28h11M21 32h3M25.5 32h2M29 32h3'/>"
    ),
    "panel": (
        "<path d='M20 0v8M20 32v8'/><rect x='6' y='8' width='28' height='24'/>"
        "<path class='bus' d='M10 14h20'/><path d='M13 14v12M20 14v12M27 14v12'/>"
    ),
    "busway": (
        "<path d='M20 0v14'/><path class='bus' d='M2 16h36M2 21h36'/>"
        "<path d='M8 21v8M20 21v19M32 21v8M5 29h6v5H5zM29 29h6v5h-6z'/>"
    ),
    "load": "<path d='M20 0v12M12 12h16L20 26z'/>",
    "cdu": "<circle cx='20' cy='20' r='15'/><path d='M8 29l6-14 6 12 6-12 6 14'/>",
    "pump": "<circle cx='20' cy='20' r='13'/><path d='M12 10l21 10-21 10'/>",
    "cooler": (
        "<rect x='4' y='6' width='32' height='28'/><path d='M10 26h20M10 30h20'/>"
        "<path d='M20 16m-7 0q3.5-6 7 0t7 0M20 10v12'/>"
    ),
    "rack": (
        "<rect x='11' y='3' width='18' height='34'/>"
        "<path d='M11 10h18M11 17h18M11 24h18M11 31h18'/>"
    ),
}
