"""The places where customers write, besides our own chat: one adapter each, one port for all."""
