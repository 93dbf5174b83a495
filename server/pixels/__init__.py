"""Where pixels are worked on: threads or processes with their models, whose turn it is, and what they may use."""
