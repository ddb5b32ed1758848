"""What the service answers: from a recorded text to one unit of work, and nothing sent here.

``situation`` gathers what matters, ``decide`` is pure and says what should happen, ``apply`` writes it.
"""
