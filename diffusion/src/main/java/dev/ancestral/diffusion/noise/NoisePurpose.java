package dev.ancestral.diffusion.noise;

/**
 * What a stream of random numbers is for: the fourth word of the counter. The codes are part of
 * every golden value.
 */
public enum NoisePurpose {
  /** x_T of a sample. */
  INITIAL(0),
  /** The noise of a reverse step. */
  STEP(1),
  /** ε of a training sample. */
  TRAINING_NOISE(16),
  /** Timesteps of a training batch. */
  TIMESTEPS(17),
  /** The order of an epoch. */
  SHUFFLE(18),
  /** Augmentation of a training sample. */
  AUGMENTATION(19),
  /** Which labels of a training batch are dropped. */
  LABEL_DROPOUT(20),
  /** The seed of the network's dropout in one iteration. */
  DROPOUT(21),
  /** Initial weights. */
  WEIGHTS(22),
  /** Synthetic data, and splits of real data. */
  DATA(23),
  /** The noise that a channel of a training sample shares. */
  OFFSET_NOISE(32),
  /** Directions in which a training sample's score is measured. */
  PROJECTION(33),
  /** ε of an evaluated sample. */
  EVALUATION(34),
  /** Which samples a bootstrap draws. */
  BOOTSTRAP(35);

  private final int code;

  NoisePurpose(int code) {
    this.code = code;
  }

  /** The counter's fourth word. */
  int code() {
    return code;
  }
}
