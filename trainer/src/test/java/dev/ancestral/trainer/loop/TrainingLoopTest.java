package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.loss.LossTask;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainingLoopTest {
  private static final Dataset DIGITS = Datasets.open("builtin:digits", DataOptions.DEFAULTS);
  private static final Conditioning CLASSES = new Conditioning(10, List.of(), 10);

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private static TrainingConfig config(String... settings) {
    Map<String, Object> merged =
        Map.of(
            "schedule", Map.of("timesteps", 100, "name", "squaredcos_cap_v2"),
            "network",
                Map.of(
                    "block_out_channels", List.of(8, 16),
                    "layers_per_block", 1,
                    "norm_num_groups", 4),
            "training",
                Map.of(
                    "iterations", 40, "batch", 8, "warmup", 4, "learning_rate", 0.004, "seed", 6));
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }

  private TrainingLoop loop(TrainingConfig config) {
    return new TrainingLoop(
        manager,
        config,
        DIGITS,
        Networks.of("unet")
            .create(
                config.network().settings(),
                new NetworkTask(List.of(1L, 8L, 8L), 11, 1000),
                config.training().seed()),
        Losses.create(
            config.loss().type(),
            config.loss().settings(),
            new LossTask(
                config.schedule().create(),
                config.prediction(),
                config.sampling().variance(),
                DIGITS.description().spec())),
        CLASSES);
  }

  @Test
  void theLossFalls() {
    double first = 0;
    double last = 0;
    try (TrainingLoop loop = loop(config())) {
      for (int i = 1; i <= 40; i++) {
        double loss = loop.iterate().loss();
        first += i <= 5 ? loss / 5 : 0;
        last += i > 35 ? loss / 5 : 0;
      }
    }
    assertTrue(last < 0.8 * first, "from " + first + " to " + last);
  }

  @Test
  void aRehearsalLeavesEverythingAsItWas_andTheNextIterationToo() {
    TrainingConfig config = config("network.dropout=0.1", "ema.rates=0.9");
    TrainingState straight;
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 3);
      straight = loop.state();
    }
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 2);
      TrainingState before = loop.state();
      loop.rehearse();
      assertSame(before, loop.state());
      iterate(loop, 1);
      assertSame(straight, loop.state());
    }
  }

  @Test
  void restoredInTheMiddle_endsWithTheSameBits_dropoutIncluded() {
    TrainingConfig config =
        config("network.dropout=0.1", "ema.rates=0.9", "ema.sigma_rel=0.05,0.1");
    TrainingState straight;
    TrainingState half;
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 4);
      half = loop.state();
      iterate(loop, 4);
      straight = loop.state();
    }
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 1);
      loop.restore(half);
      iterate(loop, 4);
      assertSame(straight, loop.state());
    }
  }

  @Test
  void restoredInTheMiddle_endsWithTheSameBits_timestepsByTheirLossesIncluded() {
    // So few timesteps that all have ten losses before the middle.
    TrainingConfig config = config("loss.timesteps=second_moment", "schedule.timesteps=2");
    TrainingState straight;
    TrainingState half;
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 6);
      half = loop.state();
      iterate(loop, 4);
      straight = loop.state();
    }
    assertTrue(Objects.requireNonNull(half.history()).isFull());
    try (TrainingLoop loop = loop(config)) {
      iterate(loop, 1);
      loop.restore(half);
      iterate(loop, 4);
      assertSame(straight, loop.state());
      // Not the bits of a run that has forgotten its losses.
      loop.restore(
          new TrainingState(
              half.iteration(),
              half.weights(),
              half.averages(),
              half.mean(),
              half.square(),
              LossHistory.empty(2, 10),
              Guard.START));
      iterate(loop, 4);
      assertFalse(Arrays.equals(straight.weights(), loop.state().weights()));
    }
  }

  @Test
  void gradientsOfSeveralPassesAreThoseOfOneLargeBatch() {
    TrainingState once = after("training.batch=8", "training.accumulate=1");
    TrainingState twice = after("training.batch=4", "training.accumulate=2");
    // The moment is a tenth of the gradient, whose norm is about 1.
    assertArrayEquals(once.mean(), twice.mean(), 1e-7f);
    assertFalse(Arrays.equals(once.mean(), after("training.batch=4").mean()));
  }

  private TrainingState after(String... settings) {
    try (TrainingLoop loop = loop(config(settings))) {
      loop.iterate();
      return loop.state();
    }
  }

  private static void iterate(TrainingLoop loop, int count) {
    for (int i = 0; i < count; i++) {
      loop.iterate();
    }
  }

  private static void assertSame(TrainingState expected, TrainingState actual) {
    assertEquals(expected.iteration(), actual.iteration());
    assertArrayEquals(expected.weights(), actual.weights());
    assertEquals(expected.guard(), actual.guard());
    for (int i = 0; i < expected.averages().size(); i++) {
      assertArrayEquals(expected.averages().get(i), actual.averages().get(i));
    }
    assertArrayEquals(expected.mean(), actual.mean());
    assertArrayEquals(expected.square(), actual.square());
    if (expected.history() != null) {
      LossHistory history = Objects.requireNonNull(actual.history());
      assertArrayEquals(expected.history().losses(), history.losses());
      assertArrayEquals(expected.history().counts(), history.counts());
    }
  }

  @Test
  void anIterationLeavesNoArrayBehind() {
    try (TrainingLoop loop = loop(config("network.dropout=0.1"))) {
      iterate(loop, 2);
      int before = manager.getManagedArrays().size();
      iterate(loop, 5);
      assertEquals(before, manager.getManagedArrays().size());
    }
  }

  @Test
  void aBatchWhoseLossIsNoNumberIsSkipped_andChangesNothingButTheCount() {
    try (TrainingLoop loop = loop(config("ema.rates=0.9"))) {
      iterate(loop, 2);
      TrainingState good = loop.state();
      float[] broken = good.weights().clone();
      Arrays.fill(broken, Float.NaN);
      loop.restore(
          new TrainingState(
              2,
              broken,
              good.averages(),
              good.mean(),
              good.square(),
              null,
              new Guard(1, 2, 3, 4, 2)));
      IterationReport report = loop.iterate();
      assertEquals(3, report.iteration());
      assertTrue(report.isSkipped());
      TrainingState after = loop.state();
      assertEquals(new Guard(1, 3, 4, 5, 0), after.guard());
      assertArrayEquals(broken, after.weights());
      assertArrayEquals(good.ema(), after.ema());
      assertArrayEquals(good.averages().get(1), after.averages().get(1));
      assertArrayEquals(good.mean(), after.mean());
      assertArrayEquals(good.square(), after.square());
      // What was good goes on with the next batch, not with those that led astray.
      loop.goBackTo(good);
      assertArrayEquals(good.weights(), loop.state().weights());
      assertEquals(new Guard(1, 0, 4, 5, 0), loop.guard());
      assertEquals(4, loop.iterate().iteration());
      loop.atCheckpoint(Double.NaN);
      assertEquals(new Guard(1, 0, 4, 5, 0), loop.guard());
      // A checkpoint is known to be good once its weights have a finite loss.
      loop.atCheckpoint(null);
      assertEquals(new Guard(1, 0, 4, 5, 4), loop.guard());
      loop.iterate();
      assertEquals(new Guard(4, 0, 0, 5, 0), loop.guard());
    }
  }

  @Test
  void everyAverageLagsByItsOwnDecay_andTheNetworkIsTheSameWithMore() {
    TrainingState alone = after();
    try (TrainingLoop loop = loop(config("ema.rates=0.3", "ema.sigma_rel=0.1"))) {
      iterate(loop, 1);
      assertArrayEquals(alone.weights(), loop.state().weights());
      assertArrayEquals(alone.ema(), loop.state().ema());
      List<float[]> before = loop.state().averages();
      iterate(loop, 1);
      TrainingState two = loop.state();
      // β = (1 - 1/2)^(γ+1) with γ = 6.937203937601806.
      double[] decays = {0.4053964, 0.3, 0.0040796};
      for (int k = 0; k < 3; k++) {
        for (int i = 0; i < two.weights().length; i += 97) {
          assertEquals(
              decays[k] * before.get(k)[i] + (1 - decays[k]) * two.weights()[i],
              two.averages().get(k)[i],
              1e-6);
        }
      }
    }
  }

  @Test
  void clippingLimitsTheUpdateOfTheMoments() {
    try (TrainingLoop loop = loop(config("training.clip_norm=0.001"))) {
      double norm = loop.iterate().gradientNorm();
      assertTrue(norm > 0.01, "unclipped norm " + norm);
      double sum = 0;
      for (float mean : loop.state().mean()) {
        sum += (double) mean * mean;
      }
      // After one update the mean is a tenth of the clipped gradient.
      assertEquals(1e-4, Math.sqrt(sum), 1e-6);
    }
  }

  @Test
  void theAverageLagsBehindTheWeightsByItsDecay() {
    try (TrainingLoop loop = loop(config())) {
      iterate(loop, 1);
      TrainingState one = loop.state();
      assertArrayEquals(one.weights(), one.ema(), 1e-7f);
      iterate(loop, 1);
      TrainingState two = loop.state();
      double decay = 0.4053964;
      for (int i = 0; i < two.ema().length; i += 97) {
        assertEquals(decay * one.ema()[i] + (1 - decay) * two.weights()[i], two.ema()[i], 1e-6);
      }
    }
  }
}
