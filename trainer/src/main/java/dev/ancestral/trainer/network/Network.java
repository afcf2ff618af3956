package dev.ancestral.trainer.network;

import ai.djl.nn.Block;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network that is built but holds no arrays yet: {@link FlatParameters} gives it some.
 *
 * <p>Its block takes the inputs sample f32 [batch, ...shape], timestep f32 [batch] and, if the
 * network is conditional, class_labels i64 [batch]; it answers one array of the sample's shape,
 * with the channels of every head ({@link NetworkTask#heads}). The keys of {@link
 * Block#getParameters()} are the tensors' names in a checkpoint.
 *
 * @param block the layers
 * @param settings the family's settings, every one of them, as a training configuration has them
 * @param config what another program needs to build the same network, in the words of {@code
 *     unet/config.json}
 * @param continuousTimesteps whether a fractional timestep means something to it
 */
public record Network(
    Block block,
    Map<String, Object> settings,
    Map<String, Object> config,
    boolean continuousTimesteps) {
  /** Copies settings and configuration, in their order. */
  public Network {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
  }
}
