"""Train the net on generated samples and export it to ONNX.

Usage::

    python -m bench.train.occlusion.train SAMPLES.npz [SAMPLES.npz ...] --weights W.pt --onnx OUT.onnx \
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

from bench.train.occlusion.network import INPUTS, CoverNet
from quality.canonical import canonical_frame
from quality.regions import REGION_NAMES, region_masks

BATCH = 32
VALIDATION = 400
OUTSIDE_REGIONS_WEIGHT = 0.35
"""Forehead and temples belong to no region, and the portraits' own hair there is not marked as cover."""


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
    pictures = torch.from_numpy(np.concatenate([s["pictures"] for s in stored])).permute(0, 3, 1, 2).contiguous()
    covers = torch.from_numpy(np.concatenate([s["covers"] for s in stored]))[:, None]
    net = CoverNet(pictures.shape[-1] // 32).to(memory_format=torch.channels_last)
    if arguments.start:
        net.load_state_dict(torch.load(arguments.start, weights_only=True))
    fit(net, pictures, covers, arguments.minutes * 60, arguments.rate)
    torch.save(net.state_dict(), arguments.weights)
    if arguments.onnx:
        export(net, pictures.shape[-1], arguments.onnx)


def fit(net: CoverNet, pictures: Tensor, covers: Tensor, seconds: float, rate: float) -> None:
    """Adam with a cosine over the time given, in random light and mirrored half of the time."""
    size = pictures.shape[-1]
    weight = region_weight(size)
    training = len(pictures) - VALIDATION
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    started, step, running = time.monotonic(), 0, 0.0
    while (done := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 60) * (0.5 + 0.5 * np.cos(np.pi * done) + 0.005)
        chosen = torch.randint(0, training, (BATCH,))
        picture, cover = relit(pictures[chosen].float() / 255), covers[chosen].float() / 255
        if step % 2:
            picture, cover = picture.flip(3), cover.flip(3)
        net.train()
        loss = cover_loss(net(net_input(picture)), cover, weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running = 0.98 * running + 0.02 * float(loss) if step else float(loss)
        step += 1
        if step % 100 == 0:
            elapsed = time.monotonic() - started
            print(f"{step} {elapsed:.0f}s loss {running:.4f} {validate(net, pictures, covers)}", flush=True)


def cover_loss(logit: Tensor, cover: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy of pixels, and the error of the regions' shares, which is what counts."""
    pixels = functional.binary_cross_entropy_with_logits(logit, cover, reduction="none") * weight
    regions = torch.from_numpy(np.stack([region_masks(logit.shape[-1])[n] for n in REGION_NAMES])).float()
    regions = (regions / regions.sum((1, 2), keepdim=True)).flatten(1).T
    shares = (torch.sigmoid(logit) - cover).flatten(1) @ regions
    return pixels.sum() / (weight.sum() * len(logit)) + 0.5 * shares.abs().mean()


def region_weight(size: int) -> Tensor:
    """1 in the regions (small ones more), less elsewhere in the mesh, 0 outside: (1, 1, S, S)."""
    weight = canonical_frame(size).valid * OUTSIDE_REGIONS_WEIGHT
    for name, mask in region_masks(size).items():
        weight[mask] = 2.0 if name.endswith("eye") else 1.3 if name in ("nose", "mouth") else 1.0
    return torch.from_numpy(weight).float()[None, None]


def relit(picture: Tensor) -> Tensor:
    """Random gamma, exposure, white balance, contrast (down to haze) and saturation; one in twelve is gray."""
    count = len(picture)

    def between(low: float, high: float, channels: int = 1) -> Tensor:
        return low + (high - low) * torch.rand(count, channels, 1, 1)

    lit = picture.clamp(0, 1) ** torch.exp(between(-0.5, 0.5)) * between(0.45, 1.2) * between(0.88, 1.12, 3)
    gray = lit.mean(1, keepdim=True)
    colorful = torch.where(torch.rand(count, 1, 1, 1) < 1 / 12, torch.zeros(count, 1, 1, 1), between(0.5, 1.3))
    lit = gray + (lit - gray) * colorful
    middle = lit.mean((1, 2, 3), keepdim=True)
    return (middle + (lit - middle) * between(0.5, 1.2)).clamp(0, 1)


def net_input(picture: Tensor) -> Tensor:
    """Nine channels as in `quality.occlusion`: colors, colors against the face's own, place, mesh."""
    size = picture.shape[-1]
    valid = torch.from_numpy(canonical_frame(size).valid)
    inside = picture[:, :, valid]
    middle = inside[:, :, ::8].median(2, keepdim=True).values[..., None]
    spread = inside.std((1, 2), unbiased=False)[:, None, None, None] + 0.05
    place = torch.arange(size, dtype=torch.float32) / size * 2 - 1
    fixed = torch.stack([place.expand(size, size), place[:, None].expand(size, size), valid.float()])
    stacked = torch.cat([picture - 0.5, (picture - middle) / spread * 0.5, fixed.expand(len(picture), -1, -1, -1)], 1)
    return (stacked * valid).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def validate(net: CoverNet, pictures: Tensor, covers: Tensor) -> str:
    """Mean error and agreement at the vendor's limits, of regions of samples kept out of training."""
    net.eval()
    share = torch.cat([torch.sigmoid(net(net_input(p.float() / 255))) for p in pictures[-VALIDATION:].split(100)])
    errors, agreements = [], []
    for mask in region_masks(pictures.shape[-1]).values():
        found = share[:, 0, torch.from_numpy(mask)].mean(1)
        true = covers[-VALIDATION:, 0, torch.from_numpy(mask)].float().mean(1) / 255
        errors.append(float((found - true).abs().mean()))
        agreements.append([float(((found > t) == (true > t)).float().mean()) for t in (0.2, 0.6, 0.8)])
    return f"MAE {np.mean(errors):.4f} agreement {np.round(np.mean(agreements, axis=0), 3)}"


def export(net: CoverNet, size: int, path: Path) -> None:
    """Write ONNX with the sigmoid; batch normalization is folded by the exporter."""
    net.eval()
    whole = torch.nn.Sequential(net, torch.nn.Sigmoid()).eval()
    example = torch.zeros(1, INPUTS, size, size)
    torch.onnx.export(whole, (example,), str(path), input_names=["face"], output_names=["cover"], dynamo=False)


if __name__ == "__main__":
    main()
