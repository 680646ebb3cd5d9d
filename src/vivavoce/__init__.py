"""Oral examinations for chatbots and LLM agents."""

__version__ = "0.1.0.dev0"
