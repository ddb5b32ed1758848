"""A pretrained encoder that training starts from, whatever file it came in."""

from dataclasses import dataclass

from tools.understanding.training.network import Network, Parameters


@dataclass(frozen=True, kw_only=True)
class Base:
    network: Network
    #: As the network names them, with one word vector for each of ``pieces``; heads are added later.
    parameters: Parameters
    pieces: list[str]
