"""Where texts come from and go to: every provider's own words end in this folder."""
