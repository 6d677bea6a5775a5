"""The open data of the calendars and of the programme."""

from calendar_app.display.open_calendars import Calendriers
from calendar_app.display.open_data import Programme
from calendar_app.rules.datasets import CSV, JSON, JSON_LD, TURTLE, DataFile, Dataset

CALENDARS = Dataset(
    slug="calendriers",
    title="Calendriers des dispositifs",
    description="Les jalons de chaque dispositif, leurs dates et les versions de ces dates.",
    page="calendars:index",
    files=(
        DataFile("open_data:calendars", "JSON", JSON),
        DataFile("open_data:calendars_jsonld", "JSON-LD", JSON_LD),
        DataFile("open_data:calendars_turtle", "Turtle", TURTLE),
    ),
    schema=Calendriers,
    keywords=("Ségur du numérique en santé", "échéance", "imagerie médicale"),
)
PROGRAMME = Dataset(
    slug="programme",
    title="Avancement du programme",
    description="Des nombres, sans nommer personne ; les plus petits sont masqués.",
    page="programme:open_data",
    files=(
        DataFile("programme:json", "JSON", JSON),
        DataFile("programme:csv", "CSV", CSV),
    ),
    schema=Programme,
    keywords=("Ségur du numérique en santé", "avancement"),
)
