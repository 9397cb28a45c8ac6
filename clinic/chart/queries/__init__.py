"""Reading the chart."""

from clinic.chart.queries.overview import Overview, overview

__all__ = ["Overview", "overview"]
