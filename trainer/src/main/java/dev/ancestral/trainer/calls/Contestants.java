package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The chains that are measured, each as a server of the model would plan it for a request that says
 * sampler, steps and guidance alone; but the teacher always without noise.
 *
 * @param teacher the chain of many calls
 * @param others the chains of few, sampler by sampler, their calls rising
 * @param leftOut what was asked for by no name and cannot be planned, with the reason
 */
record Contestants(Contestant teacher, List<Contestant> others, List<String> leftOut) {
  /**
   * One chain.
   *
   * @param sampler its name
   * @param plan its steps, as many as it has calls
   */
  record Contestant(String sampler, ChainPlan plan) {
    int calls() {
      return plan.length();
    }
  }

  /**
   * Plans them.
   *
   * @param facts of the model, with its fitted tables where it has some
   * @param weight of the guidance
   * @param rescale of the guidance
   * @throws UserError if the teacher or a chain of a sampler that was named cannot be planned
   */
  static Contestants of(Bundle facts, CallsTask task, double weight, double rescale) {
    IntFunction<SamplerOptions> asked =
        calls ->
            SamplerOptions.ofSteps(calls)
                .withClipping(facts.clipping())
                .withGuidance(weight, rescale);
    Contestant teacher = teacher(facts, task.teacher(), asked);
    boolean named = !task.samplers().isEmpty();
    List<Contestant> others = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String name : named ? task.samplers() : Samplers.namesFor(facts.model())) {
      for (int calls : task.calls()) {
        try {
          others.add(plan(facts, sampler(name), asked.apply(calls)));
        } catch (InvalidOptionException e) {
          if (named) {
            throw new UserError("%s with %d calls: %s".formatted(name, calls, e.getMessage()));
          }
          leftOut.add("%s with %d calls: %s".formatted(name, calls, e.getMessage()));
        }
      }
    }
    if (others.isEmpty()) {
      throw new UserError(
          "--calls: %s (expected: at least one that a sampler can take): %s"
              .formatted(task.calls(), String.join("; ", leftOut)));
    }
    return new Contestants(teacher, List.copyOf(others), List.copyOf(leftOut));
  }

  private static Contestant teacher(
      Bundle facts, CallsTask.Chosen chosen, IntFunction<SamplerOptions> asked) {
    try {
      Sampler sampler = sampler(chosen.sampler());
      SamplerOptions options = asked.apply(chosen.calls());
      // Others are paired with it by x_T, so it draws no noise, whatever the bundle recommends.
      boolean noisy = sampler.defaults(facts.model()).find(SamplerOption.ETA).isPresent();
      Contestant teacher =
          plan(facts, sampler, noisy ? options.with(SamplerOption.ETA, 0.0) : options);
      if (teacher.plan().isStochastic()) {
        throw new UserError(
            "--teacher: %s: draws noise (expected: a sampler that draws none, such as ddim:100, since samples are paired by their x_T)"
                .formatted(chosen));
      }
      return teacher;
    } catch (InvalidOptionException e) {
      throw new UserError("--teacher: %s: %s".formatted(chosen, e.getMessage()));
    }
  }

  private static Sampler sampler(String name) {
    try {
      return Samplers.of(name);
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()));
    }
  }

  private static Contestant plan(Bundle facts, Sampler sampler, SamplerOptions given) {
    SamplerOptions options = Defaults.options(facts, sampler, given);
    return new Contestant(sampler.name(), sampler.plan(facts.model(), options));
  }

  /** Calls of the network for one sample of every chain. */
  long calls() {
    return teacher.calls() + others.stream().mapToLong(Contestant::calls).sum();
  }
}
