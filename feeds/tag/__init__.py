from feeds.model import *
from feeds.vocab import *


def tag(raw, *, home=None):
    return (Tag(country("IR"), "subject", 0.9, "Iran"), Tag(topic("11000000"), "subject", 0.8, "x"))
