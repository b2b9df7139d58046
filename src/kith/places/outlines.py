"""Outlines of neighbourhoods, made from where postcodes are. Plain sums: no database.

Each postcode gets the land that is nearer to it than to any other (its Voronoi cell); cells with
one label together are a neighbourhood. Postcodes around the county take part, so that the county's
own outline runs half way between its last postcodes and the first beyond.
"""

from typing import Any

import numpy as np
import shapely

Array = np.ndarray[Any, Any]

FEWEST_CELLS = 12  # a smaller piece, cut off from its like, is given to its neighbour
LEAST_SHARE = 0.25  # and so is one much smaller than the largest piece of its label
FEWEST_OF_ALL = 5  # though the largest piece of a label may be this small
ROUNDS = 20
SMOOTHINGS = 3
DETAIL = 60.0  # metres by which an outline may differ from the cells' own
OUTSIDE = ""


def draw(eastings: Array, northings: Array, labels: Array) -> dict[str, Any]:
    """Return an outline for each label, on the British grid (metres), none overlapping.

    Labels are texts; "" marks places outside, which get no outline but bound the others. Labels
    that nowhere have a few cells together (such as those of post boxes) get no outline either.
    Neighbours share their borders exactly. Fewer than three different places make no outlines.
    """
    names, number = np.unique(np.append(labels, OUTSIDE), return_inverse=True)
    number = number[:-1]  # names[0] is "", being the least text
    points, place = np.unique(eastings + 1j * northings, return_inverse=True)
    if len(points) < 3:
        return {}
    label = _most_frequent(place, number, len(points))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(np.column_stack([points.real, points.imag])), ordered=True
        )
    )
    one, other, length = _borders(cells)
    label = _smooth(label, one, other, length)
    label = _join_small_pieces(label, one, other, length, len(names))
    used = [int(found) for found in np.unique(label) if found]
    if not used:
        return {}
    whole = np.array([shapely.coverage_union_all(cells[label == found]) for found in used])
    simple = shapely.coverage_simplify(whole, DETAIL)
    return {str(names[found]): shape for found, shape in zip(used, simple, strict=True)}


def _most_frequent(place: Array, number: Array, places: int) -> Array:
    """Return for each place the label that most of its postcodes have; the least where equal."""
    pairs, count = np.unique(np.column_stack([place, number]), axis=0, return_counts=True)
    order = np.lexsort((-pairs[:, 1], count))
    label = np.zeros(places, dtype=int)
    label[pairs[order, 0]] = pairs[order, 1]  # the last written wins: the most frequent
    return label


def _borders(cells: Array) -> tuple[Array, Array, Array]:
    """Return which cells touch along an edge, and how long the edge is (metres)."""
    corners, cell = shapely.get_coordinates(shapely.get_exterior_ring(cells), return_index=True)
    _, corner = np.unique(corners[:, 0] + 1j * corners[:, 1], return_inverse=True)
    along = cell[1:] == cell[:-1]
    start, end, owner = corner[:-1][along], corner[1:][along], cell[:-1][along]
    length = np.hypot(*(corners[1:][along] - corners[:-1][along]).T)
    edge = np.minimum(start, end).astype(np.int64) * (corner.max() + 1) + np.maximum(start, end)
    order = np.argsort(edge, kind="stable")
    twice = np.flatnonzero(edge[order][1:] == edge[order][:-1])
    return owner[order[twice]], owner[order[twice + 1]], length[order[twice]]


def _smooth(label: Array, one: Array, other: Array, length: Array) -> Array:
    """Give a cell that is all but surrounded by another label to that label, a few times over.

    Where two labels lie among each other, as a recoded sector and its successor do, the one with
    more postcodes there wins. What is outside the county stays so, and nothing becomes it.
    """
    owner, neighbour = np.concatenate([one, other]), np.concatenate([other, one])
    both = np.concatenate([length, length])
    for _ in range(SMOOTHINGS):
        ours = (label[owner] != 0) & (label[neighbour] != 0)
        key = owner[ours].astype(np.int64) * (label.max() + 1) + label[neighbour[ours]]
        pair, where = np.unique(key, return_inverse=True)
        share = np.bincount(where, weights=both[ours])
        cell, found = pair // (label.max() + 1), pair % (label.max() + 1)
        around = np.bincount(cell, weights=share, minlength=len(label))
        taken = (share > around[cell] * 0.6) & (found != label[cell])
        label = label.copy()
        label[cell[taken]] = found[taken]
    return label


def _join_small_pieces(label: Array, one: Array, other: Array, length: Array, labels: int) -> Array:
    """Give small pieces to the neighbour with which they share the longest border."""
    owner, neighbour = np.concatenate([one, other]), np.concatenate([other, one])
    both = np.concatenate([length, length])
    for _ in range(ROUNDS):
        piece = _pieces(label, one, other)
        size = np.bincount(piece, minlength=len(label))
        roots = np.flatnonzero(size)
        largest = np.zeros(labels, dtype=int)
        np.maximum.at(largest, label[roots], size[roots])
        kept = (size[roots] == largest[label[roots]]) & (size[roots] >= FEWEST_OF_ALL)
        enough = np.maximum(FEWEST_CELLS, largest[label[roots]] * LEAST_SHARE)
        enough[label[roots] == 0] = FEWEST_CELLS
        small = np.zeros(len(label), dtype=bool)
        small[roots[(size[roots] < enough) & ~kept]] = True
        across = small[piece[owner]] & ~small[piece[neighbour]]
        if not across.any():
            return label
        key = piece[owner[across]].astype(np.int64) * labels + label[neighbour[across]]
        pair, where = np.unique(key, return_inverse=True)
        share = np.bincount(where, weights=both[across])
        # Outside only where there is nothing else; then by length; the last written wins.
        order = np.lexsort((share, pair % labels != 0))
        goes_to = np.full(len(label), -1)
        goes_to[(pair // labels)[order]] = (pair % labels)[order]
        label = np.where(goes_to[piece] >= 0, goes_to[piece], label)
    return label


def _pieces(label: Array, one: Array, other: Array) -> Array:
    """Return for each cell the first cell of its piece: cells of one label that hang together."""
    alike = label[one] == label[other]
    one, other = one[alike], other[alike]
    piece = np.arange(len(label))
    while True:
        least = np.minimum(piece[one], piece[other])
        joined = piece.copy()
        np.minimum.at(joined, one, least)
        np.minimum.at(joined, other, least)
        joined = joined[joined]
        if np.array_equal(joined, piece):
            return piece
        piece = joined
