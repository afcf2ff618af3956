package dev.ancestral.server.engine;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.diffusion.sampler.Entry;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Past;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for tests, and the plain loop that the engine must agree with. */
public final class Chains {
  static final NoiseSchedule SCHEDULE = BetaSchedules.create("linear", 1000, Map.of());

  private Chains() {}

  static ChainPlan plan(String sampler, int steps) {
    return Samplers.of(sampler)
        .plan(DiffusionModel.of(SCHEDULE, PredictionType.EPSILON), SamplerOptions.ofSteps(steps));
  }

  static ChainRequest request(String sampler, int steps, long seed, int samples, int label) {
    return request(plan(sampler, steps), seed, samples, label);
  }

  static ChainRequest withFrames(ChainRequest request, FramePlan frames) {
    return new ChainRequest(
        request.plan(),
        request.seed(),
        request.firstIndex(),
        request.samples(),
        request.labels(),
        request.guidance(),
        request.initialNoise(),
        frames);
  }

  static ChainRequest guided(ChainRequest request, Guidance guidance) {
    return new ChainRequest(
        request.plan(),
        request.seed(),
        request.firstIndex(),
        request.samples(),
        request.labels(),
        guidance,
        request.initialNoise(),
        request.frames());
  }

  static ChainRequest request(ChainPlan plan, long seed, int samples, int label) {
    return new ChainRequest(plan, seed, samples, List.of(label), null, FramePlan.NONE);
  }

  /** A plan whose steps read everything that the universal step can: history, v and noise. */
  static ChainPlan everyTerm(int length) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      Past past = new Past(i > 0 ? -0.2 : 0, i > 1 ? 0.15 : 0, i > 2 ? -0.1 : 0);
      Entry leaves = new Entry(0.2, 0.7, -0.1);
      steps.add(new Step(900 - 10 * i, 1.1, -0.3, 0.6, 0.3, 0.05, past, leaves, 0.1, 0.5));
    }
    return new ChainPlan("every-term", 1, new DynamicThreshold(-1, 1, 0.9), steps, true);
  }

  /** One sample of {@link FakeDenoiser}'s formula, by a loop that knows nothing of batches. */
  public static float[] plainLoop(ChainPlan plan, long seed, int sample, int label, int elements) {
    return plainLoop(plan, seed, sample, label, null, elements);
  }

  /** As above, with guidance. */
  public static float[] plainLoop(
      ChainPlan plan, long seed, int sample, int label, @Nullable Guidance guidance, int elements) {
    float[] x = new float[elements];
    GaussianNoise.fill(x, seed, NoisePurpose.INITIAL, sample, 0);
    for (int j = 0; j < elements; j++) {
      x[j] *= (float) plan.initialScale();
    }
    float[][] history = new float[plan.historyLength()][elements];
    float[] x0 = new float[elements];
    float[] noise = new float[elements];
    for (int i = 0; i < plan.length(); i++) {
      Step step = plan.steps().get(i);
      float[] output = new float[2 * elements];
      float[] unlabelled = new float[elements];
      for (int j = 0; j < elements; j++) {
        output[j] = FakeDenoiser.predict(x[j], step.timestep(), label);
        output[elements + j] = FakeDenoiser.predictVariance(x[j], step.timestep(), label);
        if (guidance != null) {
          unlabelled[j] = FakeDenoiser.predict(x[j], step.timestep(), guidance.nullLabel());
        }
      }
      if (guidance != null) {
        guide(output, unlabelled, guidance);
      }
      GaussianNoise.fill(noise, seed, NoisePurpose.STEP, sample, i);
      UniversalStep.apply(step, plan.clipping(), x, output, 0, elements, history, x0, noise);
    }
    plan.finish(x);
    return x;
  }

  private static void guide(float[] output, float[] unlabelled, Guidance guidance) {
    int elements = unlabelled.length;
    double labelledDeviation = deviation(output, elements);
    for (int j = 0; j < elements; j++) {
      output[j] = unlabelled[j] + (float) guidance.weight() * (output[j] - unlabelled[j]);
    }
    double phi = guidance.rescale();
    float factor = (float) (phi * labelledDeviation / deviation(output, elements) + (1 - phi));
    for (int j = 0; j < elements; j++) {
      output[j] *= factor;
    }
  }

  private static double deviation(float[] values, int length) {
    double mean = 0;
    for (int j = 0; j < length; j++) {
      mean += values[j];
    }
    mean /= length;
    double squares = 0;
    for (int j = 0; j < length; j++) {
      squares += (values[j] - mean) * (values[j] - mean);
    }
    return Math.sqrt(squares / length);
  }
}
