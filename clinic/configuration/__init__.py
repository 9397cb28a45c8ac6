"""What a clinic decides: settings with fact id and versions; sites and holidays."""
