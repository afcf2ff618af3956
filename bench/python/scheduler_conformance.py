"""What diffusers makes of scheduler configurations, as golden numbers for the server's tests.

Usage: scheduler_conformance.py OUT.json. Made with diffusers 0.42.1 and torch 2.15.0 (CPU), in float32.

Each case is a scheduler_config.json, a number of steps, and the samples that the class's own loop makes of
inputs between -2.5 and 2.5 with a network without weights: the prediction is x (t + 4) / (t + 20) and, where a
variance is learned, its half is x / 5. Noise of DDPM steps is the server's own: Philox4x32-10 of the counter
(block, step, sample, 1) under the seed, and Box-Muller of pairs of words. Configurations that the server
refuses are listed with the key that it has to name.
"""

import inspect
import json
import sys

import diffusers
import numpy as np
import torch

SAMPLES, SHAPE, SEED = 2, (3, 2, 2), 20260

CLASSES = ["DDPMScheduler", "DDIMScheduler", "DPMSolverMultistepScheduler", "EulerDiscreteScheduler",
           "UniPCMultistepScheduler", "DEISMultistepScheduler"]


def philox(counter, seed):
    """The four words of a counter."""
    mask = 0xFFFFFFFF
    key0, key1 = seed & mask, seed >> 32
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ key0, p1 & mask, (p0 >> 32) ^ c3 ^ key1, p0 & mask
        key0, key1 = (key0 + 0x9E3779B9) & mask, (key1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


def noise(step):
    """The noise of a step, for all samples."""
    rows = []
    for sample in range(SAMPLES):
        row = []
        for block in range(-(-int(np.prod(SHAPE)) // 4)):
            words = philox((block, step, sample, 1), SEED)
            for first, second in (words[:2], words[2:]):
                radius = np.sqrt(-2 * np.log((first + 1) / 2**32))
                angle = 2 * np.pi * second / 2**32
                row += [radius * np.cos(angle), radius * np.sin(angle)]
        rows.append(row[: int(np.prod(SHAPE))])
    return torch.tensor(np.array(rows), dtype=torch.float32).reshape(SAMPLES, *SHAPE)


def inputs():
    """Numbers from -2.5 to 2.5, in no order."""
    count = SAMPLES * int(np.prod(SHAPE))
    order = np.arange(count) * 7 % count
    return torch.linspace(-2.5, 2.5, count)[torch.tensor(order)].reshape(SAMPLES, *SHAPE)


def sample(config, steps):
    """The samples of a configuration, and the timesteps that its network is given."""
    scheduler = getattr(diffusers, config["_class_name"]).from_config(config)
    scheduler.set_timesteps(steps)
    learned = config.get("variance_type") in ("learned", "learned_range")
    x = inputs() * scheduler.init_noise_sigma
    for step, t in enumerate(scheduler.timesteps):
        sys.modules[type(scheduler).__module__].randn_tensor = lambda *_, **__: noise(step)
        scaled = scheduler.scale_model_input(x, t)
        m = scaled * (t + 4) / (t + 20)
        if learned:
            m = torch.cat([m, scaled / 5], dim=1)
        x = scheduler.step(m, t, x, return_dict=False)[0]
    return x, scheduler.timesteps


def cases():
    """Name, configuration and steps of each."""
    shared = [
        ("defaults", {}, 10),
        ("leading", {"timestep_spacing": "leading"}, 10),
        ("trailing", {"timestep_spacing": "trailing"}, 10),
        ("offset", {"timestep_spacing": "leading", "steps_offset": 1}, 10),
        ("offset of 3, 13 steps", {"timestep_spacing": "leading", "steps_offset": 3}, 13),
        ("sample", {"prediction_type": "sample"}, 10),
        ("v_prediction", {"prediction_type": "v_prediction"}, 10),
        ("scaled_linear", {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}, 10),
        ("cosine of 200", {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 200,
                           "prediction_type": "v_prediction"}, 10),
        ("100 timesteps", {"num_train_timesteps": 100}, 10),
        ("trained betas", {"num_train_timesteps": 20, "trained_betas": [round(0.01 * (i + 1), 2) for i in range(20)]}, 5),
        ("zero terminal SNR", {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction",
                               "timestep_spacing": "trailing"}, 10),
    ]
    thresholds = [
        ("thresholding", {"thresholding": True}, 10),
        ("thresholding of at most 1.5", {"thresholding": True, "sample_max_value": 1.5}, 10),
        ("thresholding of at most 3, at 0.8",
         {"thresholding": True, "sample_max_value": 3.0, "dynamic_thresholding_ratio": 0.8}, 10),
    ]
    clips = [
        ("no clipping", {"clip_sample": False}, 10),
        ("clip range 0.5", {"clip_sample_range": 0.5}, 10),
        ("clip range 2", {"clip_sample_range": 2.0}, 10),
        ("clipping of null", {"clip_sample": None}, 10),
    ]
    own = {
        "DDPMScheduler": thresholds + clips + [
            ("linspace", {"timestep_spacing": "linspace"}, 10),
            ("sigmoid", {"beta_schedule": "sigmoid"}, 10),
            ("fixed_large", {"variance_type": "fixed_large"}, 10),
            ("fixed_small_log", {"variance_type": "fixed_small_log"}, 10),
            ("learned_range", {"variance_type": "learned_range"}, 10),
            ("all 50 timesteps", {"num_train_timesteps": 50, "beta_end": 0.2}, 50),
        ],
        "DDIMScheduler": thresholds + clips + [
            ("linspace", {"timestep_spacing": "linspace"}, 10),
            ("linspace, not clipped", {"timestep_spacing": "linspace", "clip_sample": False}, 20),
            ("trailing, 13 steps", {"timestep_spacing": "trailing"}, 13),
            ("to timestep 0", {"set_alpha_to_one": False}, 10),
            ("to timestep 0, offset", {"set_alpha_to_one": False, "steps_offset": 1, "clip_sample": False}, 10),
            ("zero terminal SNR, leading", {"rescale_betas_zero_snr": True, "prediction_type": "sample"}, 13),
        ],
        "DPMSolverMultistepScheduler": thresholds + [
            ("linspace of 20", {}, 20),
            ("order 1", {"solver_order": 1}, 10),
            ("order 1 to sigma_min", {"solver_order": 1, "final_sigmas_type": "sigma_min"}, 20),
            ("sigma_min", {"final_sigmas_type": "sigma_min"}, 10),
            ("sigma_min of 20", {"final_sigmas_type": "sigma_min"}, 20),
            ("sigma_min at full order", {"final_sigmas_type": "sigma_min", "lower_order_final": False}, 10),
            ("lower_order_final false", {"lower_order_final": False}, 10),
            ("Karras", {"use_karras_sigmas": True}, 10),
            ("Karras of 20 to sigma_min", {"use_karras_sigmas": True, "final_sigmas_type": "sigma_min"}, 20),
            ("Karras, v_prediction", {"use_karras_sigmas": True, "prediction_type": "v_prediction"}, 12),
            ("euler_at_final", {"euler_at_final": True}, 10),
            ("solver_type bh2", {"solver_type": "bh2"}, 10),
            ("learned variance", {"variance_type": "learned_range"}, 10),
            ("of a pipeline that was another's", {
                "clip_sample": True, "set_alpha_to_one": False, "skip_prk_steps": True, "steps_offset": 1,
                "timestep_spacing": "leading", "lambda_min_clipped": float("-inf")}, 10),
            ("lambda clipped below the schedule", {"lambda_min_clipped": -5.1}, 10),
        ] + [(f"order 3, {label}", {"solver_order": 3, **config}, steps) for label, config, steps in (
            ("10 steps", {}, 10),
            ("20 steps", {}, 20),
            ("3 steps", {"timestep_spacing": "trailing"}, 3),
            ("sigma_min of 20", {"final_sigmas_type": "sigma_min"}, 20),
            ("sigma_min at full order", {"final_sigmas_type": "sigma_min", "lower_order_final": False}, 10),
            ("lower_order_final false", {"lower_order_final": False}, 10),
            ("Karras", {"use_karras_sigmas": True}, 12),
            ("v_prediction, leading", {"prediction_type": "v_prediction", "timestep_spacing": "leading"}, 15),
            ("sample, thresholding", {"prediction_type": "sample", "thresholding": True}, 10),
            ("zero terminal SNR", {"rescale_betas_zero_snr": True, "prediction_type": "v_prediction",
                                   "timestep_spacing": "trailing"}, 10),
        )],
        "UniPCMultistepScheduler": thresholds + [
            ("20 steps", {}, 20),
            ("order 1", {"solver_order": 1}, 10),
            ("order 3", {"solver_order": 3}, 10),
            ("order 3 of 4", {"solver_order": 3, "timestep_spacing": "trailing"}, 4),
            ("order 3, bh1", {"solver_order": 3, "solver_type": "bh1", "final_sigmas_type": "sigma_min"}, 10),
            ("bh1", {"solver_type": "bh1", "final_sigmas_type": "sigma_min"}, 10),
            ("bh1, order 1", {"solver_type": "bh1", "solver_order": 1, "prediction_type": "v_prediction",
                               "final_sigmas_type": "sigma_min"}, 13),
            ("solver_type midpoint", {"solver_type": "midpoint"}, 10),
            ("sigma_min", {"final_sigmas_type": "sigma_min"}, 10),
            ("sigma_min at full order", {"final_sigmas_type": "sigma_min", "lower_order_final": False}, 10),
            ("sigma_min at order 3", {"final_sigmas_type": "sigma_min", "lower_order_final": False,
                                      "solver_order": 3}, 10),
            ("Karras", {"use_karras_sigmas": True}, 10),
            ("Karras of order 3 to sigma_min", {"use_karras_sigmas": True, "final_sigmas_type": "sigma_min",
                                                "solver_order": 3}, 20),
            ("order 3, sample, thresholding", {"solver_order": 3, "prediction_type": "sample",
                                               "thresholding": True}, 10),
            ("order 3, zero terminal SNR", {"solver_order": 3, "rescale_betas_zero_snr": True,
                                            "prediction_type": "v_prediction", "timestep_spacing": "trailing"}, 10),
            ("of a pipeline that was another's", {
                "clip_sample": False, "set_alpha_to_one": False, "skip_prk_steps": True, "steps_offset": 1,
                "timestep_spacing": "leading", "algorithm_type": "dpmsolver++", "flow_shift": 3.0}, 10),
        ],
        "DEISMultistepScheduler": thresholds + [
            ("20 steps", {}, 20),
            ("order 1", {"solver_order": 1}, 10),
            ("order 3", {"solver_order": 3}, 10),
            ("order 3 of 20", {"solver_order": 3}, 20),
            ("order 3 of 3", {"solver_order": 3, "timestep_spacing": "trailing"}, 3),
            ("at full order", {"lower_order_final": False}, 10),
            ("order 3 at full order", {"solver_order": 3, "lower_order_final": False}, 10),
            ("order 3, v_prediction", {"solver_order": 3, "prediction_type": "v_prediction",
                                       "timestep_spacing": "leading"}, 10),
            ("order 3, sample, thresholding", {"solver_order": 3, "prediction_type": "sample",
                                               "thresholding": True}, 10),
            ("Karras", {"use_karras_sigmas": True}, 10),
            ("Karras of order 3", {"use_karras_sigmas": True, "solver_order": 3}, 20),
            ("algorithm_type dpmsolver++, midpoint",
             {"algorithm_type": "dpmsolver++", "solver_type": "midpoint"}, 10),
        ],
        "EulerDiscreteScheduler": [
            ("linspace of 20, fractions", {}, 20),
            ("100 timesteps, leading", {"num_train_timesteps": 100, "timestep_spacing": "leading"}, 10),
            ("sigma_min", {"final_sigmas_type": "sigma_min"}, 10),
            ("sigma_min of 100 timesteps", {"final_sigmas_type": "sigma_min", "num_train_timesteps": 100,
                                            "beta_start": 0.001, "beta_end": 0.2}, 10),
            ("Karras", {"use_karras_sigmas": True}, 10),
            ("Karras of 20 to sigma_min", {"use_karras_sigmas": True, "final_sigmas_type": "sigma_min"}, 20),
            ("original_sample", {"prediction_type": "original_sample"}, 10),
            ("continuous timesteps of epsilon", {"timestep_type": "continuous"}, 10),
        ],
    }
    for name in CLASSES:
        known = inspect.signature(getattr(diffusers, name).__init__).parameters
        for label, config, steps in shared + own[name]:
            if (label, config, steps) in shared and not set(config) <= set(known):
                continue  # DEIS knows no zero terminal SNR.
            yield f"{name}, {label}", {"_class_name": name, **config}, steps
    for name in ("DDPMParallelScheduler", "DDIMParallelScheduler"):
        yield name, {"_class_name": name, "clip_sample_range": 1.5}, 10


def refused():
    """Configurations that the server does not sample, with the key that it names."""
    for name in (
        "FlowMatchEulerDiscreteScheduler", "FlowMatchHeunDiscreteScheduler", "EDMEulerScheduler",
        "EDMDPMSolverMultistepScheduler", "ScoreSdeVeScheduler", "CMStochasticIterativeScheduler",
        "LCMScheduler", "TCDScheduler", "PNDMScheduler", "LMSDiscreteScheduler", "HeunDiscreteScheduler",
        "EulerAncestralDiscreteScheduler", "KDPM2DiscreteScheduler", "DPMSolverSinglestepScheduler",
        "DPMSolverSDEScheduler", "RePaintScheduler",
        "IPNDMScheduler", "UnCLIPScheduler", "VQDiffusionScheduler", "SASolverScheduler", "DDIMInverseScheduler",
    ):
        yield {"_class_name": name}, "_class_name"
    ddpm, ddim, solver, euler, unipc, deis = CLASSES
    for name, config, key in (
        (ddpm, {"variance_type": "fixed_large_log"}, "variance_type"),
        (ddpm, {"variance_type": "learned"}, "variance_type"),
        (ddpm, {"variance_type": "fixed_large", "timestep_spacing": "trailing"}, "variance_type"),
        (ddpm, {"use_karras_sigmas": True}, "use_karras_sigmas"),
        (ddpm, {"beta_schedule": "laplace"}, "beta_schedule"),
        (ddpm, {"clip_samples": True}, "clip_samples"),
        (ddim, {"beta_schedule": "sigmoid"}, "beta_schedule"),
        (ddim, {"final_sigmas_type": "sigma_min"}, "final_sigmas_type"),
        (solver, {"algorithm_type": "dpmsolver"}, "algorithm_type"),
        (solver, {"algorithm_type": "deis"}, "algorithm_type"),
        (solver, {"algorithm_type": "sde-dpmsolver"}, "algorithm_type"),
        (solver, {"algorithm_type": "sde-dpmsolver++"}, "algorithm_type"),
        (solver, {"solver_type": "heun"}, "solver_type"),
        (solver, {"solver_order": 4}, "solver_order"),
        (solver, {"euler_at_final": True, "final_sigmas_type": "sigma_min"}, "euler_at_final"),
        (solver, {"use_exponential_sigmas": True}, "use_exponential_sigmas"),
        (solver, {"use_beta_sigmas": True}, "use_beta_sigmas"),
        (solver, {"use_lu_lambdas": True}, "use_lu_lambdas"),
        (solver, {"use_flow_sigmas": True}, "use_flow_sigmas"),
        (solver, {"lambda_min_clipped": -3.0}, "lambda_min_clipped"),
        (solver, {"use_karras_sigmas": True, "beta_schedule": "squaredcos_cap_v2"}, "use_karras_sigmas"),
        (solver, {"prediction_type": "flow_prediction"}, "prediction_type"),
        (unipc, {"solver_order": 4}, "solver_order"),
        (unipc, {"solver_type": "bh3"}, "solver_type"),
        (unipc, {"solver_type": "bh1"}, "solver_type"),
        (unipc, {"predict_x0": False}, "predict_x0"),
        (unipc, {"disable_corrector": [0]}, "disable_corrector"),
        (unipc, {"solver_p": {"_class_name": "DDIMScheduler"}}, "solver_p"),
        (unipc, {"use_flow_sigmas": True}, "use_flow_sigmas"),
        (unipc, {"use_exponential_sigmas": True}, "use_exponential_sigmas"),
        (unipc, {"use_beta_sigmas": True}, "use_beta_sigmas"),
        (unipc, {"use_dynamic_shifting": True}, "use_dynamic_shifting"),
        (unipc, {"use_karras_sigmas": True, "sigma_min": 0.1}, "sigma_min"),
        (unipc, {"use_karras_sigmas": True, "rescale_betas_zero_snr": True,
                 "prediction_type": "v_prediction"}, "use_karras_sigmas"),
        (unipc, {"use_karras_sigmas": True, "beta_schedule": "squaredcos_cap_v2"}, "use_karras_sigmas"),
        (unipc, {"shift_terminal": 0.1}, "shift_terminal"),
        (unipc, {"prediction_type": "flow_prediction"}, "prediction_type"),
        (unipc, {"variance_type": "learned_range"}, "variance_type"),
        (deis, {"solver_order": 4}, "solver_order"),
        (deis, {"algorithm_type": "sde-dpmsolver"}, "algorithm_type"),
        (deis, {"solver_type": "rho"}, "solver_type"),
        (deis, {"rescale_betas_zero_snr": True}, "rescale_betas_zero_snr"),
        (deis, {"final_sigmas_type": "sigma_min"}, "final_sigmas_type"),
        (deis, {"use_exponential_sigmas": True}, "use_exponential_sigmas"),
        (deis, {"use_flow_sigmas": True}, "use_flow_sigmas"),
        (deis, {"use_karras_sigmas": True, "beta_schedule": "squaredcos_cap_v2"}, "use_karras_sigmas"),
        (euler, {"use_exponential_sigmas": True}, "use_exponential_sigmas"),
        (euler, {"use_beta_sigmas": True}, "use_beta_sigmas"),
        (euler, {"interpolation_type": "log_linear"}, "interpolation_type"),
        (euler, {"use_karras_sigmas": True, "sigma_max": 80.0}, "sigma_max"),
        (euler, {"use_karras_sigmas": True, "timestep_spacing": "leading"}, "use_karras_sigmas"),
        (euler, {"thresholding": True}, "thresholding"),
        (euler, {"timestep_type": "continuous", "prediction_type": "v_prediction"}, "timestep_type"),
    ):
        yield {"_class_name": name, **config}, key


def numbers(tensor):
    return [float(f"{value:.7g}") for value in tensor.flatten().tolist()]


def main(out):
    defaults = {}
    for name in CLASSES:
        parameters = inspect.signature(getattr(diffusers, name).__init__).parameters.values()
        defaults[name] = {p.name: p.default for p in parameters if p.default is not p.empty}
    golden = {
        "diffusers": diffusers.__version__,
        "torch": torch.__version__.split("+")[0],
        "shape": [SAMPLES, *SHAPE],
        "seed": SEED,
        "inputs": numbers(inputs()),
        "defaults": defaults,
        "cases": [],
        "refused": [{"config": config, "key": key} for config, key in refused()],
    }
    for name, config, steps in cases():
        samples, timesteps = sample(config, steps)
        if not torch.isfinite(samples).all():
            raise SystemExit(f"{name}: not finite")
        golden["cases"].append({
            "name": name,
            "config": config,
            "steps": steps,
            "timesteps": [float(f"{t:.7g}") for t in timesteps.tolist()],
            "samples": numbers(samples),
        })
    with open(out, "w", encoding="utf-8") as file:
        lists = ("cases", "refused")
        head = {key: value for key, value in golden.items() if key not in lists}
        file.write(json.dumps(head)[:-1])
        for key in lists:
            rows = ",\n".join(json.dumps(row) for row in golden[key])
            file.write(f',\n"{key}": [\n{rows}\n]')
        file.write("}\n")


if __name__ == "__main__":
    main(sys.argv[1])
