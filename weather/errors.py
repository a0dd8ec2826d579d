"""What can go wrong with weather files."""

from engine.errors import NotFound


class WeatherNotFound(NotFound):
    """No such hours, or none that this organisation has."""

    code = "weather-not-found"
    title = "There is no such weather"
