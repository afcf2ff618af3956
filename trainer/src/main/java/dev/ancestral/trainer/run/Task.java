package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.config.SamplingConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.loss.Loss;
import dev.ancestral.trainer.loss.LossTask;
import dev.ancestral.trainer.loss.Losses;
import dev.ancestral.trainer.memory.MemoryCheck;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.network.TangentNetwork;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration together with what follows from its data: the classes, the network, the loss, the
 * chain for pictures.
 *
 * @param config with every setting of loss and network spelled out
 * @param data what is known of the samples
 * @param conditioning the classes; null for an unconditional network
 */
record Task(TrainingConfig config, RunData data, @Nullable Conditioning conditioning) {
  /**
   * Checks that network and chain fit the data.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  static Task of(TrainingConfig config, RunData data) {
    DataDescription description = data.description();
    config.data().augmentation().requireFits(description);
    Conditioning conditioning = null;
    if (config.data().conditional() && description.isLabelled()) {
      int classes = description.classNames().size();
      conditioning =
          new Conditioning(
              classes,
              description.classNames(),
              config.training().labelDropout() > 0 ? classes : null);
    }
    Task task = new Task(config, data, conditioning);
    NetworkConfig network = new NetworkConfig(config.network().type(), task.network().settings());
    LossConfig loss = config.loss().withSettings(task.loss().settings());
    Task resolved = new Task(config.with(loss, network), data, conditioning);
    resolved.plan();
    resolved.length();
    resolved.frozen();
    resolved.requireNullLabelForGuidance();
    return resolved;
  }

  private void requireNullLabelForGuidance() {
    double weight = config.sampling().guidanceWeight();
    if (weight != 1 && (conditioning == null || conditioning.nullLabel() == null)) {
      throw new IllegalArgumentException(
          "sampling.guidance_weight: %s (expected: 1, %s)"
              .formatted(
                  weight,
                  conditioning == null
                      ? "since the network is unconditional"
                      : "or training.label_dropout above 0, which teaches the null label"));
    }
  }

  /** What requests are to be, unless they say otherwise, and the run's own pictures are. */
  Recommended recommended() {
    SamplingConfig sampling = config.sampling();
    return new Recommended(
        sampling.sampler(),
        sampling.steps(),
        sampling.options().written(),
        sampling.guidanceWeight(),
        sampling.guidanceRescale());
  }

  /** Names and shapes of the network's tensors, in the order of its flat weights. */
  Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Pair<String, Parameter> parameter : network().block().getParameters()) {
      shapes.put(parameter.getKey(), parameter.getValue().getShape());
    }
    return shapes;
  }

  /** The names of the tensors that training leaves as they are. */
  Set<String> frozen() {
    return config.training().freeze().among(shapes().keySet());
  }

  /** Where the run ends. */
  RunLength length() {
    return RunLength.of(config.training(), data.samples());
  }

  DataSpec spec() {
    return data.description().spec();
  }

  /** A new network, without arrays. */
  Network network() {
    return Networks.of(config.network().type())
        .create(config.network().settings(), networkTask(), config.training().seed());
  }

  /** What training will need, and what there is. */
  MemoryCheck memory() {
    return MemoryCheck.of(config, network(), networkTask());
  }

  private NetworkTask networkTask() {
    Integer embeddings =
        conditioning == null
            ? null
            : Integer.valueOf(
                conditioning.numClasses() + (conditioning.nullLabel() == null ? 0 : 1));
    return new NetworkTask(
        spec().shape(),
        embeddings,
        config.schedule().timesteps(),
        config.sampling().variance().isLearned() ? 2 : 1);
  }

  /**
   * What training minimises.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  Loss loss() {
    Loss loss =
        Losses.create(
            config.loss().type(),
            config.loss().settings(),
            new LossTask(
                config.schedule().create(),
                config.prediction(),
                config.sampling().variance(),
                spec()));
    if (loss.needsTangent() && !(network().block() instanceof TangentNetwork)) {
      throw new IllegalArgumentException(
          "loss.type: %s with network.type %s (expected: a network that has a tangent, such as score_mlp or conditional_mlp)"
              .formatted(config.loss().type(), config.network().type()));
    }
    double offset = config.loss().offsetNoise();
    if (offset > 0 && (loss.presumesWhiteNoise() || spec().shape().size() == 1)) {
      throw new IllegalArgumentException(
          "loss.offset_noise: %s with %s (expected: 0, or images and a loss that presumes nothing of the noise)"
              .formatted(
                  offset,
                  loss.presumesWhiteNoise() ? "loss.type " + config.loss().type() : "points"));
    }
    return loss;
  }

  /**
   * The chain that pictures are drawn with.
   *
   * @throws IllegalArgumentException naming the setting that the sampler refuses
   */
  ChainPlan plan() {
    SamplingConfig sampling = config.sampling();
    Clipping clipping = sampling.clip() ? new ClipRange(spec().min(), spec().max()) : Clipping.NONE;
    DiffusionModel model =
        new DiffusionModel(
            config.schedule().create(),
            config.prediction(),
            sampling.variance(),
            network().continuousTimesteps());
    try {
      return Samplers.of(sampling.sampler())
          .plan(model, sampling.samplerOptions().withClipping(clipping));
    } catch (InvalidOptionException e) {
      throw new IllegalArgumentException("sampling." + e.getMessage(), e);
    }
  }
}
