package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.loss.Loss;
import dev.ancestral.trainer.loss.LossTask;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty iterations with every loss: it falls on a fixed batch, and every parameter moves. */
class LossTrainingTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.type=mse",
        "loss.type=l1",
        "loss.type=huber",
        "loss.weighting=min_snr",
        "loss.weighting=bound",
        "loss.timesteps=antithetic",
        "loss.timesteps=second_moment",
        "loss.offset_noise=0.1",
        "loss.type=vlb",
        "loss.type=vlb sampling.variance=learned_range",
        "loss.type=hybrid sampling.variance=learned_range",
        "loss.type=hybrid sampling.variance=learned_range loss.timesteps=second_moment",
      })
  void imagesAreLearned(String settings) {
    Map<String, Object> network =
        Map.of("block_out_channels", List.of(8, 16), "layers_per_block", 1, "norm_num_groups", 4);
    assertLearns(config("builtin:digits", 16, network, settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.type=mse",
        "loss.type=vlb sampling.variance=learned",
        "loss.type=sohl_dickstein prediction_type=posterior_mean sampling.variance=learned",
      })
  void pointsAreLearned(String settings) {
    Map<String, Object> network = Map.of("type", "conditional_mlp", "width", 32);
    assertLearns(config("builtin:swiss-roll", 128, network, settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.type=denoising_score schedule.sigmas=[0.3]",
        "loss.type=sliced_score schedule.sigmas=[0.3]",
        "loss.type=trace_score schedule.sigmas=[0.3]",
      })
  void scoresAreLearned(String settings) {
    Map<String, Object> network = Map.of("type", "score_mlp", "width", 32);
    assertLearns(config("builtin:swiss-roll", 128, network, "prediction_type=score " + settings));
  }

  @ParameterizedTest
  @ValueSource(strings = {"denoising_score", "sliced_score", "trace_score"})
  void scoresAtSeveralLevelsOfNoiseAreLearned(String type) {
    Map<String, Object> network = Map.of("type", "conditional_mlp", "width", 32);
    String settings = "prediction_type=score schedule.sigmas=[0.1,0.3,1] loss.type=" + type;
    assertLearns(config("builtin:swiss-roll", 128, network, settings));
  }

  private static TrainingConfig config(
      String source, int batch, Map<String, Object> network, String settings) {
    Map<String, Object> merged =
        Map.of(
            "data", Map.of("source", source),
            "network", network,
            "training",
                Map.of("batch", batch, "warmup", 0, "learning_rate", 0.005, "label_dropout", 0));
    if (!settings.contains("sigmas")) {
      merged =
          ConfigSources.merge(
              merged,
              Map.of("schedule", Map.of("timesteps", 50, "name", "linear_scaled_to_timesteps")));
    }
    for (String setting : settings.split(" ", -1)) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }

  private void assertLearns(TrainingConfig config) {
    Dataset data = Datasets.open(config.data().source(), DataOptions.DEFAULTS);
    Loss loss =
        Losses.create(
            config.loss().type(),
            config.loss().settings(),
            new LossTask(
                config.schedule().create(),
                config.prediction(),
                config.sampling().variance(),
                data.description().spec()));
    Network network =
        Networks.of(config.network().type())
            .create(
                config.network().settings(),
                new NetworkTask(
                    data.description().spec().shape(),
                    null,
                    config.schedule().timesteps(),
                    config.sampling().variance().isLearned() ? 2 : 1),
                1);
    try (TrainingLoop loop = new TrainingLoop(manager, config, data, network, loss, null)) {
      TrainingBatch fixed = fixedBatch(config, data);
      double before = lossOf(fixed, data, network, loss);
      float[] weights = loop.state().weights();
      for (int i = 0; i < 20; i++) {
        loop.iterate();
      }
      double after = lossOf(fixed, data, network, loss);
      assertTrue(after < before, "from " + before + " to " + after);
      int offset = 0;
      float[] trained = loop.state().weights();
      for (Map.Entry<String, Shape> entry : loop.parameters().shapes().entrySet()) {
        int end = offset + (int) entry.getValue().size();
        assertFalse(
            Arrays.equals(weights, offset, end, trained, offset, end), entry.getKey() + " stayed");
        offset = end;
      }
    }
  }

  private static TrainingBatch fixedBatch(TrainingConfig config, Dataset data) {
    return new BatchSource(
            data,
            Augmentation.NONE,
            new ForwardProcess(config.schedule().create(), config.prediction(), 0, 1),
            new UniformTimesteps(config.schedule().timesteps()),
            new Labels(null, 0),
            64,
            99)
        .batch(1);
  }

  private double lossOf(TrainingBatch batch, Dataset data, Network network, Loss loss) {
    try (NDManager scratch = manager.newSubManager()) {
      TrainingPass pass =
          new TrainingPass(network.block(), new ParameterStore(scratch, false), scratch, batch);
      Shape sample = new Shape(data.description().spec().dimensions());
      float[] losses = loss.rows().of(pass.rows(sample, 99, 1, 0), pass).toFloatArray();
      double sum = 0;
      for (float one : losses) {
        sum += one;
      }
      return sum / losses.length;
    }
  }
}
