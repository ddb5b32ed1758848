"""The outer ring: webhooks, conversation, channel adapters, settings, command line, composition."""
