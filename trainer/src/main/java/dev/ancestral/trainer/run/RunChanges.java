package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.Decay;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What changes in a run that goes on: settings that its iterations do not depend on, but for the
 * total, which the learning rate may fall towards, and the threads, by which results are rounded.
 *
 * @param before what the run says
 * @param after the same with the changes
 */
record RunChanges(TrainingConfig before, TrainingConfig after) {
  /**
   * Merges changes into what a run says.
   *
   * @throws UserError for a setting that may not change, naming those that may
   */
  static RunChanges of(TrainingConfig before, Map<String, Object> changes) {
    TrainingConfig after = TrainingConfig.of(ConfigSources.merge(before.toMap(), changes));
    RunChanges both = new RunChanges(before, after);
    both.changed()
        .forEach(
            (key, value) -> {
              if (!changeable().contains(key)) {
                throw new UserError(
                    "%s: %s (expected: %s, as the run was started with; a run that goes on may change %s)"
                        .formatted(
                            key, value, leaves(before).get(key), String.join(", ", changeable())));
              }
            });
    return both;
  }

  private static Set<String> changeable() {
    return TrainingConfig.SETTINGS
        .all()
        .filter(Setting::isChangeable)
        .map(Setting::key)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The settings that differ, by whole key, with their new value. */
  Map<String, Object> changed() {
    Map<String, Object> old = leaves(before);
    Map<String, Object> changed = leaves(after);
    old.keySet().forEach(key -> changed.putIfAbsent(key, null));
    changed.entrySet().removeIf(entry -> Objects.equals(entry.getValue(), old.get(entry.getKey())));
    return changed;
  }

  /**
   * What the changes make of iterations that are done, if anything.
   *
   * @param done iterations
   * @param samples of the data
   */
  Optional<String> note(int done, int samples) {
    Integer total = RunLength.of(before.training(), samples).iterations();
    Integer now = RunLength.of(after.training(), samples).iterations();
    Decay decay = after.training().rate().decay();
    return done == 0 || Objects.equals(total, now) || !decay.isTowardsTheEnd()
        ? Optional.empty()
        : Optional.of(
            "training.decay %s falls towards the last iteration: the rates of the %d iterations done were those of a run of %d, so the weights will not be those of a run of %d from its start"
                .formatted(decay.label(), done, total, now));
  }

  /**
   * Why the run does not go on to the bit, if it does not.
   *
   * @param done iterations
   * @param threads that compute from now on
   */
  Optional<String> noteOfRounding(int done, int threads) {
    Integer used = before.training().threads();
    if (done == 0 || Objects.equals(used, threads)) {
      return Optional.empty();
    }
    // Every run of this version has its threads in its configuration before its first iteration.
    return Optional.of(
        used == null
            ? "the %d iterations done were computed by an older version, whose results differ from this one's by rounding; the run goes on, but not to the bit"
                .formatted(done)
            : "training.threads: the %d iterations done were computed with %d, the next with %d, whose results may differ by rounding; the run goes on, but perhaps not to the bit"
                .formatted(done, used, threads));
  }

  /** As a line of the run's history, in YAML. */
  String toYaml(int done) {
    Map<String, Object> old = leaves(before);
    Map<String, Object> entry = new LinkedHashMap<>();
    changed()
        .forEach(
            (key, value) -> {
              Map<String, Object> both = new LinkedHashMap<>();
              both.put("before", old.get(key));
              both.put("after", value);
              entry.put(key, both);
            });
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("after_iteration", done);
    item.put("changed", entry);
    // An item of a list, so that the file can grow at its end.
    return "- " + ConfigSources.toYaml(item).strip().replace("\n", "\n  ") + "\n";
  }

  private static Map<String, Object> leaves(TrainingConfig config) {
    Map<String, Object> leaves = new LinkedHashMap<>();
    collect("", config.toMap(), leaves);
    return leaves;
  }

  private static void collect(String path, Map<?, ?> map, Map<String, Object> leaves) {
    map.forEach(
        (name, value) -> {
          String key = path + name;
          if (value instanceof Map<?, ?> below) {
            collect(key + ".", below, leaves);
          } else {
            leaves.put(key, value);
          }
        });
  }
}
