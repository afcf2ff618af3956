package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.picture.AnimatedGif;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.Scatter;
import dev.ancestral.trainer.loop.HeldOutLoss;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import dev.ancestral.trainer.sample.Chain;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws samples of the averaged weights, always from the same noise, with the guidance that a
 * bundle of the run recommends: sample i is of class i modulo the classes. Images become a contact
 * sheet, points a scatter. Owns a network of its own, in a manager that {@link #close} closes.
 */
final class SampleSheet implements AutoCloseable {
  private static final int SEED = 1;
  private static final int COLUMNS = 10;

  /** How many states of the chain its animation shows, x_T and x_0 among them. */
  private static final int STATES = 10;

  private static final Duration FRAME_DELAY = Duration.ofMillis(250);

  /**
   * The same samples twice.
   *
   * @param png the samples
   * @param gif their way from noise
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
  record Pictures(byte[] png, byte[] gif) {}

  private final Task task;
  private final NDManager manager;
  private final FlatParameters parameters;
  private final ScriptedNetwork network;

  SampleSheet(NDManager parent, Task task) {
    this.task = task;
    this.manager = parent.newSubManager();
    Block block = task.network().block();
    this.parameters = FlatParameters.initialize(manager, block);
    this.network = new ScriptedNetwork(manager, block, parameters);
  }

  /** The loss of these weights on a held-out set. */
  double lossOf(float[] ema, HeldOutLoss set) {
    parameters.set(ema);
    return set.of(manager, network);
  }

  /** The pictures of these weights. */
  Pictures draw(float[] ema) throws IOException {
    parameters.set(ema);
    Conditioning conditioning = task.conditioning();
    long[] labels = new long[task.config().output().samples()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = conditioning == null ? 0 : i % conditioning.numClasses();
    }
    DataSpec spec = task.spec();
    ChainPlan plan = task.plan();
    Set<Integer> shown = shown(plan.length());
    List<List<float[]>> states = new ArrayList<>();
    Chain.run(
        manager,
        network::predict,
        plan,
        spec,
        conditioning != null,
        new Chain.Wanted(labels, task.recommended().guidance(task.conditioning()), SEED),
        task.config().training().batch(),
        (done, samples) -> {
          if (shown.contains(done)) {
            states.add(Arrays.stream(samples).map(float[]::clone).toList());
          }
        });
    List<float[]> samples = states.get(states.size() - 1);
    if (spec.isPlanar()) {
      return pictures(sheet(samples, spec), states, frame -> sheet(frame, spec));
    }
    // The samples fill their own picture; in the animation noise and samples share one scale.
    return pictures(Scatter.of(List.of(samples)).frame(samples), states, Scatter.of(states)::frame);
  }

  /** Positions in a chain of that many steps, evenly spread from 0 to the last. */
  private static Set<Integer> shown(int steps) {
    return IntStream.range(0, STATES)
        .mapToObj(i -> Math.round((float) i * steps / (STATES - 1)))
        .collect(Collectors.toSet());
  }

  private static Pictures pictures(
      BufferedImage samples,
      List<List<float[]>> states,
      Function<List<float[]>, BufferedImage> frame)
      throws IOException {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    AnimatedGif.write(gif, states.stream().map(frame).toList(), FRAME_DELAY);
    return new Pictures(Pixels.png(samples), gif.toByteArray());
  }

  private static BufferedImage sheet(List<float[]> samples, DataSpec spec) {
    List<BufferedImage> cells = new ArrayList<>(samples.size());
    for (float[] sample : samples) {
      cells.add(Pixels.image(sample, spec.drawnShape(), spec.min(), spec.max()));
    }
    int scale = ContactSheet.comfortableScale(cells.get(0).getWidth());
    return ContactSheet.of(cells, Math.min(COLUMNS, cells.size()), scale);
  }

  @Override
  public void close() {
    manager.close();
  }
}
