"""Train the net on generated samples and export it to ONNX.

Usage::

    python -m bench.train.hair.train SAMPLES.npz [SAMPLES.npz ...] --weights W.pt --onnx OUT.onnx \
        [--start W0.pt] [--minutes 10] [--rate 3e-3] [--seed 0]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bench.train.hair.network import INPUTS, HairNet

BATCH = 16
VALIDATION = 200
NET_WH = (176, 208)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path, nargs="+")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--onnx", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    stored = [np.load(path) for path in arguments.samples]
    rgb = torch.from_numpy(np.concatenate([s["rgb"] for s in stored]))
    planes = torch.from_numpy(np.concatenate([s["planes"] for s in stored]))
    net = HairNet().to(memory_format=torch.channels_last)
    if arguments.start:
        net.load_state_dict(torch.load(arguments.start, weights_only=True))
    fit(net, rgb, planes, arguments.minutes * 60, arguments.rate)
    torch.save(net.state_dict(), arguments.weights)
    if arguments.onnx:
        export(net, arguments.onnx)


def fit(net: HairNet, rgb: Tensor, planes: Tensor, seconds: float, rate: float) -> None:
    """Adam with a cosine over the time given, in random light and mirrored half of the time."""
    training = len(rgb) - VALIDATION
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    started, step, running = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * done) + 0.005)
        x, hair, trust = batch(rgb, planes, torch.randint(0, training, (BATCH,)), lit=True)
        net.train()
        loss = functional.binary_cross_entropy_with_logits(net(x), hair, weight=trust)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running = 0.98 * running + 0.02 * float(loss) if step else float(loss)
        step += 1
        if step % 100 == 0:
            print(
                f"{step} {time.monotonic() - started:.0f}s loss {running:.4f} {validate(net, rgb, planes)}",
                flush=True,
            )


def batch(rgb: Tensor, planes: Tensor, chosen: Tensor, *, lit: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Return the net's input as in `transforms.hair.hair_net`, (n, 12, H, W), hair and its trust, (n, 1, H, W)."""
    picture = rgb[chosen].permute(0, 3, 1, 2).float() / 255
    plane = planes[chosen].permute(0, 3, 1, 2).float() / 255
    if lit:
        picture = relit(picture)
        mirror = torch.rand(len(chosen), 1, 1, 1) < 0.5
        picture, plane = (torch.where(mirror, part.flip(3), part) for part in (picture, plane))
    hair, person, inside, oval, brows, cheek, trust = (plane[:, k : k + 1] for k in range(7))
    skin = (picture * cheek).sum((2, 3), keepdim=True) / (cheek.sum((2, 3), keepdim=True) + 1e-3)
    height, width = picture.shape[2:]
    u = torch.linspace(-1, 1, width).expand(len(chosen), 1, height, width)
    v = torch.linspace(1, -1, height)[:, None].expand(len(chosen), 1, height, width)
    x = torch.cat([picture - 0.5, (picture - skin) * 2, person, inside, oval, brows, u, v], 1)
    grow = (0, NET_WH[0] - width, 0, NET_WH[1] - height)
    x = functional.pad(x, grow).contiguous(memory_format=torch.channels_last)
    return x, functional.pad(hair, grow), functional.pad(trust, grow)


def relit(picture: Tensor) -> Tensor:
    """Random gamma, exposure, white balance, contrast and saturation; one in nine is gray."""
    count = len(picture)

    def between(low: float, high: float, channels: int = 1) -> Tensor:
        return low + (high - low) * torch.rand(count, channels, 1, 1)

    lit = picture.clamp(0, 1) ** torch.exp(between(-0.4, 0.4)) * between(0.5, 1.2) * between(0.86, 1.14, 3)
    gray = lit.mean(1, keepdim=True)
    colorful = torch.where(torch.rand(count, 1, 1, 1) < 1 / 9, torch.zeros(count, 1, 1, 1), between(0.5, 1.4))
    lit = gray + (lit - gray) * colorful
    middle = lit.mean((1, 2, 3), keepdim=True)
    return (middle + (lit - middle) * between(0.6, 1.2)).clamp(0, 1)


@torch.no_grad()
def validate(net: HairNet, rgb: Tensor, planes: Tensor) -> str:
    """Mean error and intersection over union on samples kept out of training (of the same portraits)."""
    net.eval()
    errors, shared, either = [], 0.0, 0.0
    for part in torch.arange(len(rgb) - VALIDATION, len(rgb)).split(50):
        x, hair, trust = batch(rgb, planes, part, lit=False)
        found = torch.sigmoid(net(x))
        errors.append(float(((found - hair).abs() * trust).mean()))
        shared += float(((found > 0.5) & (hair > 0.5) & (trust > 0.5)).sum())
        either += float((((found > 0.5) | (hair > 0.5)) & (trust > 0.5)).sum())
    return f"MAE {np.mean(errors):.4f} IoU {shared / either:.3f}"


def export(net: HairNet, path: Path) -> None:
    """Write ONNX with the sigmoid; batch normalization is folded by the exporter."""
    net.eval()
    whole = torch.nn.Sequential(net, torch.nn.Sigmoid()).eval()
    example = torch.zeros(1, INPUTS, NET_WH[1], NET_WH[0])
    torch.onnx.export(whole, (example,), str(path), input_names=["head"], output_names=["hair"], dynamo=False)


if __name__ == "__main__":
    main()
