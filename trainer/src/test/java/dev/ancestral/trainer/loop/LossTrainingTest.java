package dev.ancestral.trainer.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
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
    Learning.assertLearns(manager, config("builtin:digits", 16, network, settings), 20);
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
    Learning.assertLearns(manager, config("builtin:swiss-roll", 128, network, settings), 20);
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
    Learning.assertLearns(
        manager,
        config("builtin:swiss-roll", 128, network, "prediction_type=score " + settings),
        20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"denoising_score", "sliced_score", "trace_score"})
  void scoresAtSeveralLevelsOfNoiseAreLearned(String type) {
    Map<String, Object> network = Map.of("type", "conditional_mlp", "width", 32);
    String settings = "prediction_type=score schedule.sigmas=[0.1,0.3,1] loss.type=" + type;
    Learning.assertLearns(manager, config("builtin:swiss-roll", 128, network, settings), 20);
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
}
