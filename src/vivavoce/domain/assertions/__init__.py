"""Pure checks of one output: what it says (text), where it was said (flow), what is remembered (context)."""
