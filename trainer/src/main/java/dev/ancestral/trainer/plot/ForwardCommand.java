package dev.ancestral.trainer.plot;

import dev.ancestral.cli.Cli;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.run.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code plot forward}: samples of q(x_t | x_0) (Ho et al. 2020, eq. 4) at ten times. The noise of
 * a sample is the same at every time, so that it can be followed.
 */
@Command(
    name = "forward",
    mixinStandardHelpOptions = true,
    description = "Draws how the run's noise schedule turns its data into noise, at ten times.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class ForwardCommand implements Callable<Integer> {
  @Mixin private PlotOptions options;

  @Override
  public Integer call() throws IOException {
    RunDirectory run = RunDirectory.open(options.run());
    Dataset data = run.openToMeasure(null, System.err);
    NoiseSchedule schedule = run.config().schedule().create();
    List<float[]> clean = options.draw(data);
    StatesSheet sheet = new StatesSheet(data.description().spec());
    sheet.add("x_0", clean);
    for (int t : Times.upTo(schedule.timesteps() - 1)) {
      List<float[]> noisy = new ArrayList<>(clean.size());
      for (int i = 0; i < clean.size(); i++) {
        noisy.add(noised(clean.get(i), schedule, t, i));
      }
      sheet.add("t = " + t, noisy);
    }
    options.write("forward.png", sheet.png());
    return Cli.DONE;
  }

  private float[] noised(float[] x0, NoiseSchedule schedule, int t, int index) {
    float[] state = new float[x0.length];
    GaussianNoise.fill(state, options.seed(), NoisePurpose.TRAINING_NOISE, index, 0);
    for (int i = 0; i < state.length; i++) {
      state[i] = (float) (schedule.alpha(t) * x0[i] + schedule.sigma(t) * state[i]);
    }
    return state;
  }
}
