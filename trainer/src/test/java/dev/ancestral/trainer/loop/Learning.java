package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.loss.Loss;
import dev.ancestral.trainer.loss.LossTask;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** That a configuration learns: its loss falls on a fixed batch, and every parameter moves. */
final class Learning {
  private static final int SEED = 99;
  private static final int MOST_ROWS = 64;

  private final TrainingConfig config;
  private final Dataset data;
  private final @Nullable Conditioning conditioning;
  private final Network network;
  private final Loss loss;

  private Learning(TrainingConfig config) {
    this.config = config;
    this.data = Datasets.open(config.data().source(), config.data().options());
    DataDescription description = data.description();
    int classes = description.classNames().size();
    this.conditioning =
        config.data().conditional() && description.isLabelled()
            ? new Conditioning(classes, description.classNames(), classes)
            : null;
    this.loss =
        Losses.create(
            config.loss().type(),
            config.loss().settings(),
            new LossTask(
                config.schedule().create(),
                config.prediction(),
                config.sampling().variance(),
                description.spec()));
    this.network =
        Networks.of(config.network().type())
            .create(
                config.network().settings(),
                new NetworkTask(
                    description.spec().shape(),
                    conditioning == null ? null : classes + 1,
                    config.schedule().timesteps(),
                    config.sampling().variance().isLearned() ? 2 : 1),
                1);
  }

  /** Trains a network of its own. */
  static void assertLearns(NDManager manager, TrainingConfig config, int iterations) {
    new Learning(config).run(manager, iterations);
  }

  private void run(NDManager manager, int iterations) {
    try (TrainingLoop loop = new TrainingLoop(manager, config, data, network, loss, conditioning)) {
      TrainingBatch fixed = fixedBatch();
      double before = lossOf(manager, loop.parameters(), fixed);
      float[] weights = loop.parameters().values().toFloatArray();
      for (int i = 0; i < iterations; i++) {
        loop.iterate();
      }
      double after = lossOf(manager, loop.parameters(), fixed);
      assertTrue(after < before, "from " + before + " to " + after);
      int offset = 0;
      float[] trained = loop.parameters().values().toFloatArray();
      for (Map.Entry<String, Shape> entry : loop.parameters().shapes().entrySet()) {
        int end = offset + (int) entry.getValue().size();
        assertFalse(
            Arrays.equals(weights, offset, end, trained, offset, end), entry.getKey() + " stayed");
        offset = end;
      }
    }
  }

  private TrainingBatch fixedBatch() {
    ForwardProcess forward =
        new ForwardProcess(config.schedule().create(), config.prediction(), 0, 1);
    SampleSource samples =
        new SampleSource(
            data,
            Augmentation.NONE,
            forward,
            new Labels(conditioning, 0),
            Math.min(MOST_ROWS, config.training().batch()),
            SEED);
    UniformTimesteps timesteps = new UniformTimesteps(config.schedule().timesteps());
    try (BatchSource batches = new BatchSource(samples, forward, timesteps, SEED, 1)) {
      return batches.batch(1);
    }
  }

  private double lossOf(NDManager manager, FlatParameters parameters, TrainingBatch batch) {
    try (NDManager scratch = manager.newSubManager()) {
      ScriptedNetwork scripted = new ScriptedNetwork(scratch, network.block(), parameters);
      TrainingPass pass = new TrainingPass(scripted, parameters.values(), scratch, batch);
      Shape sample = new Shape(data.description().spec().dimensions());
      float[] losses = loss.rows().of(batch.rows(scratch, sample, SEED, 1, 0), pass).toFloatArray();
      double sum = 0;
      for (float one : losses) {
        sum += one;
      }
      return sum / losses.length;
    }
  }
}
