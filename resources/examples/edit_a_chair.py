"""Edit a chair from Python: ``python -m resources.examples.edit_a_chair [--out FOLDER]``."""

import argparse
from pathlib import Path

from partsmith import Session


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate a chair, edit it, and write it out.")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--checkpoint", type=Path, help="a model folder (default: chairs)")
    parser.add_argument("--steps", type=int, default=0, help="denoising steps (default: the model's)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)

    # Sampled edits return candidates; nothing changes until one is accepted.
    session = Session(checkpoint=options.checkpoint)
    proposed = session.generate("a chair with four legs", seed=7, count=2, steps=options.steps)
    chair = session.accept(proposed, number=2)

    # Parts go by id, name or label; their mirror twins come along.
    first = chair.parts[0].name
    session.accept(session.vary(chair.id, first, strength=0.4, seed=3, steps=options.steps))
    session.accept(session.text_edit(chair.id, "a round back", [3], seed=5, steps=options.steps))

    # Edits by hand are done at once. The scene is a value: keep it to come back to it.
    before = session.scene
    session.move(chair.id, [3], (0.0, 0.1, 0.0))
    session.scale(chair.id, [3], (1.0, 1.2, 1.0))
    session.scene = before
    session.rotate(chair.id, "all", 90, axis="y", about=(0, 0, 0))

    # Another chair, and a part of it in the first one.
    other = session.accept(session.generate(seed=11, steps=options.steps))
    session.accept(session.mix(chair.id, other.id, take=[3], strength=0.1, seed=2, steps=options.steps))

    session.save(options.out / "edited.partsmith")
    written = session.export(options.out / "edited.glb", [chair.id], resolution=64)
    session.render(options.out / "edited.png", resolution=64, width=480, height=360)
    print(f"{written.path}: {written.faces} triangles")


if __name__ == "__main__":
    main()
