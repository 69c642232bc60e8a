"""The simulator: hits as the tracker would have seen them, with the truth beside them."""

from darksocial.simulator.scenarios import RANDOM, SCENARIOS, random_world
from darksocial.simulator.simulation import Simulation, simulate
from darksocial.simulator.world import World

__all__ = ["RANDOM", "SCENARIOS", "Simulation", "World", "random_world", "simulate"]
