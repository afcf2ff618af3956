package dev.ancestral.trainer.run;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import dev.ancestral.bundle.BundleException;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What weights mean beyond their shapes: the function that the network makes of them, and what that
 * function was to predict.
 *
 * @param network in the words of {@code unet/config.json}; empty where it is not known
 * @param prediction what it outputs; null where it is not known
 * @param schedule the levels of noise; null where they are not known
 * @param data what it draws; null where it is not known
 */
record WeightsMeaning(
    Map<String, Object> network,
    @Nullable PredictionType prediction,
    @Nullable NoiseSchedule schedule,
    @Nullable DataSpec data) {
  /** Settings of networks that no shape shows, though the same tensors are another function. */
  private static final List<String> OF_THE_FUNCTION =
      List.of("norm_num_groups", "norm_eps", "flip_sin_to_cos", "freq_shift", "act_fn");

  /** The same, where there is attention. */
  private static final List<String> OF_ATTENTION =
      List.of("attention_head_dim", "attn_heads", "attn_dim_head");

  private static final Path NETWORK = Path.of("unet", "config.json");

  /** Of what a run trains. */
  static WeightsMeaning of(Task task) {
    return new WeightsMeaning(
        task.network().config(),
        task.config().prediction(),
        task.config().schedule().create(),
        task.spec());
  }

  /**
   * Of a bundle, or of a directory of diffusers, as far as it says.
   *
   * @param data of a bundle of ours; null for others
   */
  static WeightsMeaning of(Path place, @Nullable DataSpec data) throws IOException {
    SchedulerConfig scheduler = scheduler(place);
    return new WeightsMeaning(
        network(place.resolve(NETWORK)),
        scheduler == null ? null : scheduler.predictionType(),
        scheduler == null ? null : scheduler.schedule(),
        data);
  }

  private static @Nullable SchedulerConfig scheduler(Path place) throws IOException {
    try {
      return BundleFormat.isBundle(place) ? BundleFormat.readScheduler(place) : null;
    } catch (BundleException e) {
      // Of another program's sampler that we have not got; that it is not known is said.
      return null;
    }
  }

  private static Map<String, Object> network(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      Map<String, Object> read =
          new Gson().fromJson(Files.readString(file), new TypeToken<Map<String, Object>>() {});
      return read == null ? Map.of() : read;
    } catch (JsonParseException e) {
      throw new UserError(file + ": is no JSON (expected: the configuration of a network)", e);
    }
  }

  /**
   * Checks that weights which are taken from there are the same function here.
   *
   * @param source in words
   * @param there of the source
   * @param taken names of the tensors
   * @throws UserError naming the setting and both values, if they are not
   */
  void requireSameFunction(String source, WeightsMeaning there, Set<String> taken) {
    List<String> keys = new ArrayList<>(OF_THE_FUNCTION);
    if (taken.stream().anyMatch(name -> name.contains("attn") || name.contains("attention"))) {
      keys.addAll(OF_ATTENTION);
    }
    for (String key : keys) {
      if (network.containsKey(key) && there.network.containsKey(key)) {
        Object here = value(network.get(key));
        Object other = value(there.network.get(key));
        if (!Objects.equals(here, other)) {
          throw new UserError(
              "--init: %s has %s %s (expected: %s, as the network has here; with another the same weights are another function)"
                  .formatted(source, key, other, here));
        }
      }
    }
  }

  /** A file's numbers have no types. */
  private static @Nullable Object value(@Nullable Object value) {
    return value instanceof Number number ? (Object) number.doubleValue() : value;
  }

  /** What training has to change in weights from there, or may have to, in a line each. */
  List<String> differences(WeightsMeaning there) {
    List<String> lines = new ArrayList<>();
    if (there.network.isEmpty()) {
      lines.add("the network's settings: not known there");
    }
    if (there.prediction == null || there.schedule == null) {
      lines.add("prediction_type and schedule: not known there");
    } else {
      if (there.prediction != prediction && prediction != null) {
        lines.add(
            "prediction_type: %s there, %s here"
                .formatted(there.prediction.label(), prediction.label()));
      }
      if (schedule != null && !there.schedule.equals(schedule)) {
        lines.add(
            "schedule: of %d timesteps there, another of %d here"
                .formatted(there.schedule.timesteps(), schedule.timesteps()));
      }
    }
    if (data != null
        && there.data != null
        && (data.min() != there.data.min() || data.max() != there.data.max())) {
      lines.add(
          "data range: [%s, %s] there, [%s, %s] here"
              .formatted(there.data.min(), there.data.max(), data.min(), data.max()));
    }
    return lines;
  }
}
