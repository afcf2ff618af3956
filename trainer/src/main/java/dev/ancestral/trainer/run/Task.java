package dev.ancestral.trainer.run;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.SamplingConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import org.jspecify.annotations.Nullable;

/**
 * A configuration together with what follows from its data: the classes, the network, the chain for
 * pictures.
 *
 * @param config with every setting of the network spelled out
 * @param data the samples
 * @param conditioning the classes; null for an unconditional network
 */
record Task(TrainingConfig config, Dataset data, @Nullable Conditioning conditioning) {
  /**
   * Opens the data and checks that network and chain fit them.
   *
   * @throws IllegalArgumentException naming what does not fit
   */
  static Task of(TrainingConfig config) {
    Dataset data = Datasets.open(config.data().source(), config.data().options());
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
    NetworkConfig spelledOut =
        new NetworkConfig(config.network().type(), task.network().settings());
    Task resolved = new Task(config.withNetwork(spelledOut), data, conditioning);
    resolved.plan();
    return resolved;
  }

  DataSpec spec() {
    return data.description().spec();
  }

  /** A new network, without arrays. */
  Network network() {
    Integer embeddings =
        conditioning == null
            ? null
            : Integer.valueOf(
                conditioning.numClasses() + (conditioning.nullLabel() == null ? 0 : 1));
    return Networks.of(config.network().type())
        .create(
            config.network().settings(),
            new NetworkTask(spec().shape(), embeddings, config.schedule().timesteps()),
            config.training().seed());
  }

  /** The chain that pictures are drawn with. */
  ChainPlan plan() {
    SamplingConfig sampling = config.sampling();
    Clipping clipping = sampling.clip() ? new ClipRange(spec().min(), spec().max()) : Clipping.NONE;
    return Samplers.of(sampling.sampler())
        .plan(
            new DiffusionModel(
                config.schedule().create(),
                config.prediction(),
                sampling.variance(),
                network().continuousTimesteps()),
            sampling.samplerOptions().withClipping(clipping));
  }
}
