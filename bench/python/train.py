"""Training in PyTorch, as a baseline for the benchmark: diffusers' UNet2DModel, AdamW, clipping, averaged weights.

Usage: train.py SETTINGS. SETTINGS is JSON: batch, threads, and the arguments of UNet2DModel.
Says `ready ...` or `unavailable ...`, then answers one line for each on standard input:

  run TIMES     seconds that TIMES updates took
  memory        the most bytes that this process has had in memory
"""

import json
import sys
import time


def main():
    settings = json.loads(sys.argv[1])
    batch = settings.pop("batch")
    threads = settings.pop("threads")
    try:
        import diffusers
        import torch
    except ImportError as e:
        print(f"unavailable: {e}", flush=True)
        return
    torch.set_num_threads(threads)
    network = diffusers.UNet2DModel(**settings)
    parameters = list(network.parameters())
    averages = [parameter.detach().clone() for parameter in parameters]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01)
    side = settings["sample_size"]
    samples = torch.rand(256, settings["in_channels"], side, side) * 2 - 1
    alphas = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), 0)

    def update():
        x0 = samples[torch.randint(0, len(samples), (batch,))]
        timesteps = torch.randint(0, 1000, (batch,))
        noise = torch.randn_like(x0)
        alpha = alphas[timesteps].view(-1, 1, 1, 1)
        noisy = alpha.sqrt() * x0 + (1 - alpha).sqrt() * noise
        loss = torch.nn.functional.mse_loss(network(noisy, timesteps).sample, noise)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(averages, parameters, 0.005)
        return loss.item()

    weights = sum(parameter.numel() for parameter in parameters)
    print(
        f"ready PyTorch {torch.__version__}, diffusers {diffusers.__version__},"
        f" {torch.get_num_threads()} threads, {weights} parameters",
        flush=True,
    )
    for line in sys.stdin:
        question = line.split()
        if question[0] == "run":
            start = time.perf_counter()
            for _ in range(int(question[1])):
                update()
            print(time.perf_counter() - start, flush=True)
        else:
            with open("/proc/self/status") as status:
                peak = next(line for line in status if line.startswith("VmHWM"))
            print(int(peak.split()[1]) * 1024, flush=True)


main()
