"""The episode of care: its stays on tracks, its owner, its next contact, hand-over."""
