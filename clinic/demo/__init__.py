"""The invented clinic of demonstrations, and the commands that move the clock."""
