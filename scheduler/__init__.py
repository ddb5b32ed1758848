"""When things happen: cadence, silence, escalation, clocks, and delivery, the only way a text leaves."""
