"""The demo: an invented council whose phones are on the screen and whose clock can be wound forward.

Everything below the transports is real: webhooks with their signatures, the conversation, the clock, the
outbox. Only the two channels are stand-ins, so that nothing can reach anybody.
"""
