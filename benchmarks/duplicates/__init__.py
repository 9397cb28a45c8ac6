"""How well and how fast `flask patients match` finds people again who are described otherwise."""
