"""The network of a bundle in PyTorch, as a baseline for the benchmark.

Usage: network.py BUNDLE DEVICE eager|compiled. DEVICE is cpu or cuda:N. Compiled by torch.compile for
each batch size, on a GPU with CUDA graphs. Reads the weights from the bundle's ONNX file, so that they
are the same, and keeps to single precision, as the bundle's proof does.
Says `ready ...` or `unavailable ...`, then answers one line for each on standard input:

  run BATCH TIMES         seconds that TIMES predictions took
  predict BATCH IN OUT    reads states and timesteps (float32) from IN, writes the prediction to OUT
  export BATCH OUT        writes PyTorch's own ONNX export of it, for any batch size, to OUT
"""

import contextlib
import json
import math
import pathlib
import sys
import time


def fields(message):
    """The fields of a protocol buffer message: (number, value), value a number or bytes."""
    at = 0

    def varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        wire = key & 7
        if wire == 0:
            yield key >> 3, varint()
        else:
            size = {1: 8, 5: 4}.get(wire) or varint()
            yield key >> 3, message[at : at + size]
            at += size


def weights(file):
    """The float32 initializers of an ONNX file by name."""
    named = {}
    model = memoryview(file.read_bytes())
    graph = next(value for number, value in fields(model) if number == 7)
    for number, tensor in fields(graph):
        if number != 5:
            continue
        dims, kind, name, data = [], None, None, None
        for key, value in fields(tensor):
            if key == 1:
                dims += [value] if isinstance(value, int) else [v for v in varints(value)]
            elif key == 2:
                kind = value
            elif key == 8:
                name = bytes(value).decode()
            elif key == 9:
                data = bytearray(value)
        if kind == 1 and data:
            named[name] = torch.frombuffer(data, dtype=torch.float32).reshape(dims)
    return named


def varints(packed):
    value, shift = 0, 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value, shift = 0, 0


class Unet:
    """A UNet2DModel with its weights by name, on a device."""

    def __init__(self, config, named, device):
        self.config = config
        self.named = {name: weight.to(device) for name, weight in named.items()}
        self.groups = config["norm_num_groups"]
        self.epsilon = config["norm_eps"]

    def __call__(self, sample, timestep):
        config = self.config
        half = config["block_out_channels"][0] // 2
        exponent = torch.arange(half, dtype=torch.float32, device=timestep.device) / (half - config["freq_shift"])
        angles = timestep[:, None] * torch.exp(-math.log(10000) * exponent)
        parts = [torch.cos(angles), torch.sin(angles)]
        time_embedding = torch.cat(parts if config["flip_sin_to_cos"] else parts[::-1], 1)
        time_embedding = functional.silu(self.linear("time_embedding.linear_1", time_embedding))
        time_embedding = self.linear("time_embedding.linear_2", time_embedding)
        if config["num_class_embeds"]:
            time_embedding = time_embedding + self.named["class_embedding.weight"][0]
        time_embedding = functional.silu(time_embedding)

        hidden = self.conv("conv_in", sample)
        skips = [hidden]
        for level in range(len(config["block_out_channels"])):
            path = f"down_blocks.{level}"
            for i in range(config["layers_per_block"]):
                hidden = self.block(path, i, hidden, time_embedding)
                skips.append(hidden)
            if f"{path}.downsamplers.0.conv.weight" in self.named:
                hidden = self.conv(f"{path}.downsamplers.0.conv", hidden, stride=2)
                skips.append(hidden)
        hidden = self.resnet("mid_block.resnets.0", hidden, time_embedding)
        if config["add_attention"]:
            hidden = self.attention("mid_block.attentions.0", hidden)
        hidden = self.resnet("mid_block.resnets.1", hidden, time_embedding)
        for level in range(len(config["block_out_channels"])):
            path = f"up_blocks.{level}"
            for i in range(config["layers_per_block"] + 1):
                hidden = torch.cat([hidden, skips.pop()], 1)
                hidden = self.block(path, i, hidden, time_embedding)
            if f"{path}.upsamplers.0.conv.weight" in self.named:
                hidden = functional.interpolate(hidden, scale_factor=2.0, mode="nearest")
                hidden = self.conv(f"{path}.upsamplers.0.conv", hidden)
        return self.conv("conv_out", functional.silu(self.norm("conv_norm_out", hidden)))

    def block(self, path, i, x, time_embedding):
        hidden = self.resnet(f"{path}.resnets.{i}", x, time_embedding)
        attention = f"{path}.attentions.{i}"
        return self.attention(attention, hidden) if f"{attention}.to_q.weight" in self.named else hidden

    def resnet(self, path, x, time_embedding):
        hidden = self.conv(f"{path}.conv1", functional.silu(self.norm(f"{path}.norm1", x)))
        hidden = hidden + self.linear(f"{path}.time_emb_proj", time_embedding)[:, :, None, None]
        hidden = self.conv(f"{path}.conv2", functional.silu(self.norm(f"{path}.norm2", hidden)))
        shortcut = f"{path}.conv_shortcut"
        return (self.conv(shortcut, x) if f"{shortcut}.weight" in self.named else x) + hidden

    def attention(self, path, x):
        batch, channels, height, width = x.shape
        size = self.config["attention_head_dim"] or channels
        tokens = self.norm(f"{path}.group_norm", x.reshape(batch, channels, -1)).transpose(1, 2)
        query, key, value = (
            self.linear(f"{path}.{name}", tokens)
            .reshape(batch, -1, channels // size, size)
            .transpose(1, 2)
            for name in ("to_q", "to_k", "to_v")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value)
        mixed = mixed.transpose(1, 2).reshape(batch, -1, channels)
        mixed = self.linear(f"{path}.to_out.0", mixed)
        return mixed.transpose(1, 2).reshape(x.shape) + x

    def conv(self, path, x, stride=1):
        weight = self.named[f"{path}.weight"]
        bias = self.named[f"{path}.bias"]
        return functional.conv2d(x, weight, bias, stride=stride, padding=weight.shape[2] // 2)

    def linear(self, path, x):
        return functional.linear(x, self.named[f"{path}.weight"], self.named[f"{path}.bias"])

    def norm(self, path, x):
        weight = self.named[f"{path}.weight"]
        bias = self.named[f"{path}.bias"]
        return functional.group_norm(x, self.groups, weight, bias, self.epsilon)


def main():
    bundle = pathlib.Path(sys.argv[1])
    config = json.loads((bundle / "unet" / "config.json").read_text())
    if config.get("_class_name") != "UNet2DModel":
        print(f"unavailable: {config.get('_class_name')} is not built here", flush=True)
        return
    device = torch.device(sys.argv[2])
    if device.type == "cuda" and not torch.cuda.is_available():
        print("unavailable: this PyTorch finds no CUDA device", flush=True)
        return
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    unet = Unet(config, weights(bundle / "unet" / "model.onnx"), device)
    compiled = sys.argv[3] == "compiled"
    # On a GPU this mode records the whole call as a CUDA graph and replays it.
    network = torch.compile(unet.__call__, mode="reduce-overhead", dynamic=False) if compiled else unet
    side = config["sample_size"]
    shape = [config["in_channels"], *(side if isinstance(side, list) else [side, side])]

    def predict(sample, timestep):
        if compiled and device.type == "cuda":
            torch.compiler.cudagraph_mark_step_begin()
        return network(sample.to(device), timestep.to(device))

    def wait():
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    if compiled:
        try:
            predict(torch.zeros([1, *shape]), torch.zeros([1]))
        except Exception as failure:
            why = (str(failure).splitlines() or [type(failure).__name__])[0]
            print(f"unavailable: torch.compile: {why}", flush=True)
            return
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    print(f"ready PyTorch {torch.__version__}, {where}", flush=True)
    for line in sys.stdin:
        command, batch, *arguments = line.split()
        batch = int(batch)
        if command == "run":
            sample = torch.randn([batch, *shape], device=device)
            timestep = torch.full([batch], 500.0, device=device)
            wait()
            begin = time.perf_counter()
            for _ in range(int(arguments[0])):
                predict(sample, timestep)
            wait()
            print(time.perf_counter() - begin, flush=True)
        elif command == "predict":
            numbers = bytearray(pathlib.Path(arguments[0]).read_bytes())
            given = torch.frombuffer(numbers, dtype=torch.float32)
            predicted = predict(given[:-batch].reshape([batch, *shape]), given[-batch:]).cpu()
            data = predicted.contiguous().untyped_storage()
            pathlib.Path(arguments[1]).write_bytes(bytes(data))
            print("done", flush=True)
        elif command == "export":
            sample = torch.randn([batch + 1, *shape], device=device)
            export(unet, sample, torch.full([batch + 1], 500.0, device=device), arguments[0])


def export(unet, sample, timestep, path):
    class Network(torch.nn.Module):
        def forward(self, sample, timestep):
            return unet(sample, timestep)

    rows = torch.export.Dim("batch")
    try:
        with contextlib.redirect_stdout(sys.stderr):
            torch.onnx.export(
                Network(),
                (sample, timestep),
                path,
                input_names=["sample", "timestep"],
                output_names=["out_sample"],
                dynamic_shapes={"sample": {0: rows}, "timestep": {0: rows}},
                external_data=False,
            )
        print("done", flush=True)
    except ImportError as missing:
        print(f"unavailable: {missing}", flush=True)


try:
    import torch
    from torch.nn import functional
except ImportError as missing:
    print(f"unavailable: {missing}", flush=True)
else:
    with torch.inference_mode():
        main()
