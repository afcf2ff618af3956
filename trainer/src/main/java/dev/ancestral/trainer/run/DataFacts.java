package dev.ancestral.trainer.run;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run knows of its data without opening them again: {@code data.yaml}.
 *
 * @param description of the samples
 * @param size how many there were
 */
public record DataFacts(DataDescription description, int size) {
  static DataFacts of(Map<String, Object> values) {
    Section section = new Section("data.yaml", values);
    DataFacts facts =
        new DataFacts(
            new DataDescription(
                section.text("source", ""),
                new DataSpec(
                    section.integers("shape", List.of()).stream().map(Integer::longValue).toList(),
                    section.number("min", -1),
                    section.number("max", 1),
                    section.integer("levels", 0)),
                section.strings("class_names", List.of())),
            section.integer("size", 1));
    section.finish();
    return facts;
  }

  Map<String, Object> toMap() {
    DataSpec spec = description.spec();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", description.source());
    map.put("size", size);
    map.put("shape", spec.shape().stream().map(Math::toIntExact).toList());
    map.put("min", spec.min());
    map.put("max", spec.max());
    map.put("levels", spec.levels());
    map.put("class_names", description.classNames());
    return map;
  }

  /** The classes as the network knows them; null for an unconditional network. */
  public @Nullable Conditioning conditioning(TrainingConfig config) {
    if (!config.data().conditional() || !description.isLabelled()) {
      return null;
    }
    int classes = description.classNames().size();
    boolean hasNullLabel = config.training().labelDropout() > 0;
    return new Conditioning(classes, description.classNames(), hasNullLabel ? classes : null);
  }

  /** What a network is asked for. */
  public NetworkTask task(TrainingConfig config) {
    Conditioning conditioning = conditioning(config);
    if (conditioning == null) {
      return new NetworkTask(description.spec().shape(), null);
    }
    int nulls = conditioning.nullLabel() == null ? 0 : 1;
    return new NetworkTask(description.spec().shape(), conditioning.numClasses() + nulls);
  }
}
