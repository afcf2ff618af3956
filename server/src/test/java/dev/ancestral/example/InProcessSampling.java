package dev.ancestral.example;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.picture.Pixels;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.Row;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An example: draws pictures from a bundle in this very process, without a server, and writes them
 * as PNG. With one seed the pictures are those that a server draws, bit for bit. Run it with a
 * bundle and a directory to write to.
 */
public final class InProcessSampling {
  private static final int SAMPLES = 4;
  private static final int STEPS = 50;
  private static final long SEED = 7;

  /** DDIM needs none. */
  private static final float[][] NO_HISTORY = {};

  private InProcessSampling() {}

  /** Draws four samples with DDIM; of a model with classes, one of each of the first classes. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Bundle bundle = BundleFormat.read(directory);
    int threads = Runtime.getRuntime().availableProcessors();
    OnnxRuntime runtime = new OnnxRuntime(Device.cpu("an example needs no more"), threads);
    try (Denoiser denoiser =
        runtime.open(directory.resolve(BundleFormat.MODEL)).denoiser(bundle, SAMPLES)) {
      List<float[]> samples = draw(bundle, denoiser);
      for (int i = 0; i < samples.size(); i++) {
        byte[] png =
            Pixels.png(
                Pixels.image(
                    samples.get(i),
                    bundle.data().dimensions(),
                    bundle.data().min(),
                    bundle.data().max()));
        AtomicFile.write(Path.of(args[1]).resolve(i + ".png"), out -> out.write(png));
      }
    }
  }

  /** Runs all chains in step, one call of the network for each. */
  private static List<float[]> draw(Bundle bundle, Denoiser denoiser) {
    int timesteps = bundle.scheduler().schedule().timesteps();
    SamplerOptions options =
        SamplerOptions.ofSteps(Math.min(STEPS, timesteps)).withClipping(bundle.clipping());
    ChainPlan plan = Samplers.of("ddim").plan(bundle.model(), options);
    Conditioning conditioning = bundle.conditioning();
    int classes = conditioning == null ? 1 : conditioning.numClasses();

    int elements = denoiser.elements();
    List<float[]> states = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      float[] state = new float[elements];
      GaussianNoise.fill(state, SEED, NoisePurpose.INITIAL, i, 0);
      states.add(state);
    }
    int rowLength = denoiser.predictionElements();
    float[] predictions = new float[SAMPLES * rowLength];
    float[] estimate = new float[elements];
    float[] noise = new float[elements];
    for (int i = 0; i < plan.length(); i++) {
      Step step = plan.steps().get(i);
      List<State> rows = new ArrayList<>();
      for (int sample = 0; sample < SAMPLES; sample++) {
        rows.add(new State(states.get(sample), step.timestep(), sample % classes));
      }
      denoiser.predict(rows, predictions);
      for (int sample = 0; sample < SAMPLES; sample++) {
        if (step.isStochastic()) {
          GaussianNoise.fill(noise, SEED, NoisePurpose.STEP, sample, i);
        }
        int row = sample * rowLength;
        UniversalStep.apply(
            step,
            plan.clipping(),
            states.get(sample),
            predictions,
            row,
            row + elements,
            NO_HISTORY,
            estimate,
            noise);
      }
    }
    return states;
  }

  /** A row of the batch; its label is ignored by a model without classes. */
  @SuppressWarnings("ArrayRecordComponent") // Handed to the network, never compared.
  private record State(float[] state, double timestep, int label) implements Row {}
}
