"""How values look on the pages."""

from datetime import datetime

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evaluators.metrics.words import metric_text

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KILO = 1000
HOUR, DAY = 3600, 24 * 3600


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A time in the page's time zone, with its name: 24 Nov 2026, 07:35 CET."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = f"{local.day} {MONTHS[local.month - 1]} {local:%Y, %H:%M %Z}"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.filter
def score(value: float | None, metric: str) -> str:
    """A score with the decimals of its metric."""
    return "" if value is None else metric_text(metric, value)


@register.filter
def amount(size: int | None) -> str:
    """A number of bytes as a person reads it."""
    if size is None:
        return ""
    if size < KILO:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= KILO
        if value < KILO or unit == "GB":
            break
    return f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"


@register.filter
def seconds(value: float | None) -> str:
    """A duration: 0.4 s, 12 s, 3 min 20 s."""
    if value is None:
        return ""
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


@register.filter
def ago(value: datetime, now: datetime) -> str:
    """How long something is ago: 12 s, 3 min 20 s, 5 h 2 min, 3 days."""
    past = max(0.0, (now - value).total_seconds())
    if past < HOUR:
        return seconds(round(past)) if past >= 10 else f"{past:.0f} s"
    if past < DAY:
        return f"{past // HOUR:.0f} h {past % HOUR // 60:.0f} min"
    days = int(past // DAY)
    return f"{days} day" if days == 1 else f"{days} days"


@register.filter
def last_line(text: str) -> str:
    """The last line of a text that has something in it: of a traceback, what was wrong."""
    return next((line for line in reversed(text.splitlines()) if line.strip()), "").strip()


@register.inclusion_tag("web/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """A form's field with its label, help and errors."""
    css = "form-control is-invalid" if bound.errors else "form-control"
    return {"field": bound, "widget": bound.as_widget(attrs={"class": css})}
